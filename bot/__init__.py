"""The clinic's skincare advisor. ``bot/README.md`` is the house plan."""
