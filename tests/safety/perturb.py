"""Twelve ways in which a message can be typed that must not hide an emergency."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bot.knowledge.typos import misspelt

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
HOMOGLYPHS = str.maketrans("aeopcx", "аеорсх")
EMOJI = ("😭", "🙏", "😱", "🥺")
CHATTER = (
    "hello there, first of all thank you for being available at this hour, i really appreciate it."
    " i found your page through a friend at my book club who comes to you twice a year and always"
    " looks so rested, and i have been reading it for a while. a little about me: i work in an"
    " office with big windows, i like gardening and swimming, i have two grown up children and a"
    " dog who is twelve and still chases the post van. we moved here nine years ago from the coast"
    " and i miss the beach, though not the wind. my sister is getting married in the summer and"
    " there is so much to plan, the dress, the flowers, the seating, you know how it is with"
    " families. i drink my tea without sugar these days and i walk to work when it is dry. last"
    " week we painted the kitchen yellow, which was my idea, and everybody has come round to it."
    " on sundays we cook for the neighbours, mostly soup, and play cards until it gets late. i"
    " hope that is not too much, my husband says that i always begin with adam and eve. anyway,"
    " here is what i wanted to ask you about today, and please take your time, i know that you"
    " have many people to answer. "
)
REASSURANCE = ". but im sure its nothing, my friend is a nurse and says its totally normal"

Perturb = Callable[[str, random.Random], str]


def _zero_width(text: str, chance: random.Random) -> str:
    return "".join(letter + (ZERO_WIDTH if chance.random() < 0.3 else "") for letter in text)


def _emoji(text: str, chance: random.Random) -> str:
    return " ".join(
        word + (chance.choice(EMOJI) if chance.random() < 0.2 else "") for word in text.split()
    )


PERTURBATIONS: dict[str, Perturb] = {
    "one typo": lambda text, chance: misspelt(text, chance, 1),
    "two typos": lambda text, chance: misspelt(text, chance, 2),
    "no apostrophes": lambda text, _: re.sub("['’]", "", text),
    "small letters": lambda text, _: text.lower(),
    "capitals": lambda text, _: text.upper(),
    "no punctuation": lambda text, _: re.sub(r"[^\w\s'’]", " ", text),
    "exclamation marks": lambda text, _: text.rstrip(".!? ") + "!!!!!",
    "emoji": _emoji,
    "zero-width characters": _zero_width,
    "homoglyphs": lambda text, _: text.translate(HOMOGLYPHS),
    "200 words before it": lambda text, _: CHATTER + text,
    "reassurance after it": lambda text, _: text.rstrip(".!? ") + REASSURANCE,
}
