"""Makes what a visitor typed safe to hand to Rasa, and takes the marks off again.

Rasa obeys text that begins with "/": ``/restart`` ends the conversation, ``/ask_question{...}``
goes around NLU and fills slots. A visitor's text is text, so a mark is put before such a "/".
"""

from __future__ import annotations

import re

MARK = "\N{WORD JOINER}"
"""Invisible, no white space (Rasa strips that), and in no vocabulary."""

_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line feed, and halves of characters, which no database takes."""


def clean(text: str) -> str:
    """`text` with one line ending, without control characters and without space around it."""
    return _UNREADABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit of any script."""
    return any(character.isalnum() for character in text)


def shield(text: str) -> str:
    """`text` in the form that is handed to Rasa."""
    return f"{MARK}{text}" if text.lstrip(f" \t\n{MARK}").startswith("/") else text


def unshield(text: str) -> str:
    """`text` as the visitor typed it, from the form that is in the tracker."""
    return text.removeprefix(MARK)
