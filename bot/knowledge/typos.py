"""Misspells texts as people do: what is to stand typos is fitted on them, and tested with them."""

from __future__ import annotations

import random
from string import ascii_lowercase


def misspelt(text: str, chance: random.Random, typos: int = 2) -> str:
    """The text with letters inside its words swapped, lost, doubled or wrong."""
    letters = list(text)
    for _ in range(typos):
        inside = [
            place
            for place in range(1, len(letters))
            if letters[place].isalpha() and letters[place - 1].isalpha()
        ]
        if not inside:
            break
        place = chance.choice(inside)
        kind = chance.randrange(4)
        if kind == 0:
            letters[place - 1 : place + 1] = letters[place], letters[place - 1]
        elif kind == 1:
            del letters[place]
        elif kind == 2:
            letters.insert(place, letters[place])
        else:
            letters[place] = chance.choice(ascii_lowercase)
    return "".join(letters)
