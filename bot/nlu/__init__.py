"""Thin Rasa components over the pure rooms. Importing any of them makes Rasa lean first."""

import bot.lean  # noqa: F401  # its import is its effect
