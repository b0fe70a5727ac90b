"""What `bench/understanding.py` compares, each contestant in a process of its own."""
