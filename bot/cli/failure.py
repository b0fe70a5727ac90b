"""Expected failures of a command: one clear line, exit status 1."""

from __future__ import annotations


class Failure(Exception):
    """Something a person at the keyboard can put right; the message says what and how."""
