"""Which of the buttons on offer a visitor means who types instead of pressing: "the second one"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.advice.reply import Button

MORE = "more"
"""The verb of the button behind which there is more of an answer."""

_MORE = re.compile(
    r"(?:(?:yes|ok|okay|and|can you|could you|please|pls)\s+)*"
    r"(?:(?:tell|show|give)\s+me\s+)?(?:some\s+|a bit\s+|a little\s+)?more"
    r"(?:\s+(?:please|pls|info|information|details?|about (?:it|that|this)|on (?:it|that|this)))*"
    r"|(?:(?:yes|ok|okay)\s+)?(?:go on|continue|details?|elaborate|explain more)"
)
_PLACES = {
    "first": 0, "1st": 0, "one": 0, "1": 0, "top": 0,
    "second": 1, "2nd": 1, "two": 1, "2": 1, "middle": 1,
    "third": 2, "3rd": 2, "three": 2, "3": 2,
    "fourth": 3, "4th": 3, "four": 3, "4": 3,
    "last": -1, "bottom": -1,
}  # fmt: skip
_PLACE = re.compile(
    r"(?:(?:yes|ok|okay|i meant?|i think|its|it's|is it|please|pls)\s+)*"
    r"(?:the\s+|number\s+|no\s+|option\s+|answer\s+|button\s+|#\s*)*"
    rf"(?P<place>{'|'.join(_PLACES)})"
    r"(?:\s+(?:one|option|question|button|answer|please|pls))*"
)


def chosen(text: str, offered: Sequence[Button]) -> Button | None:
    """The button that `text` names by its label, by its place, or as "more"; None if it does not.

    Args:
        offered: the buttons of the last reply, in order.
    """
    said = _plain(text)
    if not said or not offered:
        return None
    for button in offered:
        if said == _plain(button.label):
            return button
    if _MORE.fullmatch(said):
        return next((one for one in offered if one.action.partition(":")[0] == MORE), None)
    place = _PLACE.fullmatch(said)
    if place is None:
        return None
    number = _PLACES[place["place"]]
    return offered[number] if number < len(offered) else None


def _plain(text: str) -> str:
    """Lower case, without punctuation at the edges or twice the space."""
    return " ".join(re.sub(r"[^\w\s'#]", " ", text.lower()).split())
