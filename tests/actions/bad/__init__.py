"""Actions that fail in every way an action can, and one that does not."""
