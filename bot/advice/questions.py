"""Takes a message with several questions apart, by rules."""

from __future__ import annotations

import re

MOST = 3
"""How many questions of one message are answered."""

_OPENS = (
    r"(?:what(?:'?s)?|how(?:'?s)?|when(?:'?s)?|where|which|who|why|whats|hows|"
    r"do|does|did|is|are|am|was|can|could|should|shall|will|would|wil|"
    r"isn'?t|aren'?t|don'?t|doesn'?t|won'?t|can'?t|any(?:thing)?)"
)
_ASKER = r"(?:i|it|they|you|u|we|the|that|this|there|my|a|an|people|anyone|botox|filler|retinol)"
"""What follows a verb that opens a question, as in "will it"; not so in "is normal"."""
_INDIRECT = r"(?:what|how|when|where|why)\s+(?:it|they|i|you|u)\b"
"""The end of "do you know how long it lasts and what it costs"."""
_JOINT = re.compile(
    rf"(?:\s*[,;]\s*|\s+)(?:(?:and|n|&|\+|also|plus|then|but|so|oh|or)\s+)+"
    rf"(?!{_INDIRECT})(?=(?:also\s+)?{_OPENS}\b)"
    rf"|\s*[,;]\s*(?={_OPENS}\b)"
    rf"|\s+(?:and|n|&)\s+(?!{_INDIRECT})(?={_OPENS}\s+{_ASKER}\b)",
    re.IGNORECASE,
)
_UNMARKED = re.compile(
    r"(?<=\w)\s+(?="
    r"(?:how (?:long|many|much|often|soon|do|does|would)|what (?:is|are|does|happens|age)"
    r"|when (?:can|do|will|does)|(?:is|does|will|can|do|are|did) (?:it|they|i|you|u)|is that)\b)",
    re.IGNORECASE,
)
"""Where a further question may begin without a comma, as in voice to text."""
_LEADS_ON = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all and any as ask asking asks at before because but by cos decide exactly
        explain find for from guess how idea if in is just know knows like matter me mean means n
        nor not of on or out remember say says see so sure tell than that the then this to
        understand us was what whats when where which who why with wonder wondering you your
        """,
    )
)
"""Words after which it does not: "tell me how long"."""
_VERB = re.compile(r"\b(?:is|are|do|does|did|can|could|will|would|should|was|am|whats)\b", re.I)
"""Before it stands, a question is not over: "how long" of "how long does it last"."""
_END = re.compile(r"(?<=[?!.])\s+|\n+|(?:^|\s)\d\)\s*")
_LEAD = re.compile(
    r"^(?:(?:and|n|but|so|also|ok|okay|oh|hi|hello|hey|hiya|please|pls|just|well|then|plus|or)\b[\s,]*)+",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"^{_OPENS}\b", re.IGNORECASE)
_TAGS = frozenset(
    re.findall(
        r"\w+",
        "ok okay right yes no why how what really normal thoughts anyone help please advice huh eh",
    )
)
"""A question of one of these words belongs to the one before."""


def questions(text: str) -> list[str]:
    """The questions of a message in order, `MOST` at most; statements between them are left out.

    None or one means that there is nothing to take apart.
    """
    found = []
    for sentence in _END.split(text):
        for joined in _JOINT.split(sentence):
            for part in _unmarked(joined):
                asked = _LEAD.sub("", part.strip(" ,;"))
                if _is_question(asked):
                    found.append(asked)
    return found[:MOST]


def _unmarked(text: str) -> list[str]:
    """The text, cut where a further question begins without a mark."""
    parts, begin = [], 0
    for match in _UNMARKED.finditer(text):
        before = text[begin : match.start()].strip()
        goes_on = before.lower().split()[-1:] and before.lower().split()[-1] in _LEADS_ON
        if not goes_on and _QUESTION.match(before) and _VERB.search(before):
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [*parts, text[begin:]]


def _is_question(text: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    if len(words) < 2:
        return text.endswith("?") and not set(words) <= _TAGS
    return bool(_QUESTION.match(text)) or text.endswith("?")
