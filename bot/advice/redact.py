"""Takes out of a visitor's words what may tell who wrote them, before staff see them."""

from __future__ import annotations

import re

_BEFORE = "my name is|my name's|i am called|call me|dr|mrs?|ms"
"""What a name is given after."""

_OUT = (
    (re.compile(r"\S+@\S+"), "[mail]"),
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"\+?\d(?:[\d\s()./-]*\d)?"), "[number]"),
    (re.compile(rf"\b({_BEFORE})\b\.?\s+\w+(\s(?-i:[A-Z])\w+)?", re.IGNORECASE), r"\1 [name]"),
)


def redact(text: str) -> str:
    """The text without numbers, mail addresses, links, and names that are given as such."""
    for pattern, stand_in in _OUT:
        text = pattern.sub(stand_in, text)
    return text
