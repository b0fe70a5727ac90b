"""Takes out what a visitor quotes of a sheet or a page: it tells what to look for, not what is.

A leaflet that says "contact us if your lip turns white" is asked about by those who are well. What
somebody said to a visitor, such as "your face is drooping", stays, and so do the visitor's own
words between such marks.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»\n]{12,400})[\"“”«»]")
_OF_A_SHEET = re.compile(
    r"\b(?:if you|any|may|can|should|must|seek|contact|report|avoid|signs?|symptoms?|risks?|rare"
    r"|(?:call|ring|phone) (?:us|the|your|999|911|112))\b(?!['’])",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|im|ive|my|me)\b", re.IGNORECASE)


def without_sheets(text: str) -> str:
    """`text` without what it quotes of a sheet; the quotation marks stay and end a clause."""
    return _QUOTED.sub(lambda found: '""' if _is_of_a_sheet(found[1]) else found[0], text)


def _is_of_a_sheet(quoted: str) -> bool:
    return bool(_OF_A_SHEET.search(quoted)) and not _OWN.search(quoted)
