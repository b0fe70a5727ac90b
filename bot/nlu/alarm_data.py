"""All that the emergency classifier learns from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.asked import Asked
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_examples import (
    EVERY,
    beside_a_question,
    harmless_stretches,
    in_haste,
    is_alarm,
    read_examples,
    sign_examples,
    talk_examples,
)
from bot.nlu.alarm_model import Example

BESIDE = 3
"""Of the examples one in so many is also learned beside a question."""


def alarm_data(known: Asked) -> list[Example]:
    """Those written for it, the signs' own, and the wordings of the entries: of the harmless ones
    every second.
    """
    written = [in_haste(one) for one in (*read_examples(), *talk_examples())]
    signs = sign_examples(known.entries)
    alarms = {id_ for id_, entry in known.entries.items() if is_alarm(entry)}
    others = 0
    wordings = []
    for text, owner in zip(known.texts, known.owners, strict=True):
        others += owner not in alarms
        if owner in alarms or others % EVERY == 0:
            wordings.append(Example(text, owner if owner in alarms else None))
    return [*written, *signs, *wordings]


def lessons(examples: Sequence[Example], known: Asked) -> list[Example]:
    """The examples, and in which other ways what they say is read."""
    return [*examples, *beside_questions(examples, known), *harmless_stretches(examples)]


def beside_questions(examples: Sequence[Example], known: Asked) -> list[Example]:
    """Every third of the examples, beside an ordinary question: what a message says is no less true
    because something else is asked too.
    """
    questions = ordinary_questions(known)
    chance = random.Random(0)
    return [
        replace(one, text=beside_a_question(one.text, chance.choice(questions), chance))
        for one in examples[::BESIDE]
        if questions
    ]


def ordinary_questions(known: Asked) -> list[str]:
    """What visitors ask that is no emergency and no caution."""
    return [
        text
        for text, owner in zip(known.texts, known.owners, strict=True)
        if owner in known.entries and known.entries[owner].urgency is Urgency.NONE
    ]
