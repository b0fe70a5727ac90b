"""The clinic's skincare advisor. ``bot/README.md`` is the house plan."""

import os

# Before NumPy is imported. Its matrices are small here: on two processors that had other work too,
# OpenBLAS with two threads took 45 ms of CPU a turn and 16 s to train, with one 26 ms and 8 s.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
