"""The numbers for several questions in one message follow from the examples, by the policies that
are named.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.knowledge.encode import Tokens
from bot.nlu.parts import Piece, Read, cut, read
from bot.nlu.parts_tuning import NEEDLESS, TunedParts, held_out, tune_parts
from bot.nlu.service_parts import ServiceParts
from bot.nlu.several_examples import Several

IDS = tuple(f"{family}/{asked}" for family in ("botox", "fillers") for asked in ("hurt", "last"))
FAMILIES = [id_.partition("/")[0] for id_ in IDS]


def tokens(text: str) -> Tokens:
    """Each word with a state that says whether it is "does"."""
    words = list(re.finditer(r"\w+", text))
    states = np.array([[float(word.group() == "does"), len(word.group()) / 9] for word in words])
    return Tokens(tuple(word.span() for word in words), states.astype(np.float32))


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Whether each text asks when the clinic is open."""
    return np.array([["open" in text, True] for text in texts], dtype=np.float32)


SERVICES = ServiceParts(
    ("", "service/opening-hours"),
    np.array([[0, 0], [8, 0]], dtype=np.float32),
    np.array([0, -4], dtype=np.float32),
)
"""Hears "open" with odds of 4, and with odds of -4 what says nothing of it."""


def reader(text: str, pieces: Sequence[Piece]) -> Read:
    """Scores an entry by the words of its id."""

    def score(
        texts: Sequence[str], vectors: object
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        rows = [[sum(word in one for word in id_.split("/")) * 3 for id_ in IDS] for one in texts]
        return np.array(rows, dtype=np.float32)

    return read(text, pieces, lambda one: (), encode, score, FAMILIES)


def examples() -> list[Several]:
    """Two questions begin with "does"; what begins so and names a family alone is none."""
    chance = random.Random(0)
    made = []
    for number in range(60):
        first, second = chance.sample(IDS, 2)
        told = "so " * (number % 4)
        texts = [f"{told}does {id_.replace('/', ' ')}" for id_ in (first, second)]
        made.append(Several(tuple(texts), (frozenset({first}), frozenset({second}))))
        if number % 3 == 0:
            both = (texts[0], f"does it {told}open")
            made.append(Several(both, (frozenset({first}), frozenset({"service/opening-hours"}))))
        if number % 2:
            whole = f"{texts[0]} does {told}{second.partition('/')[0]}"
            made.append(Several((whole,), (frozenset({first}),)))
    return made


def tune() -> TunedParts:
    """On the examples, all of which may judge."""
    messages = examples()
    return tune_parts(
        messages,
        [tokens(one.text) for one in messages],
        [],
        reader,
        IDS,
        [True] * len(messages),
        SERVICES,
    )


@pytest.fixture(scope="module")
def tuned() -> TunedParts:
    return tune()


def test_what_is_asked_is_answered_and_little_else(tuned: TunedParts) -> None:
    assert tuned.answered > 0.7
    assert tuned.needless <= NEEDLESS < 0.5
    assert 0 < tuned.model.seam < 1


def test_what_is_asked_of_the_clinic_is_found(tuned: TunedParts) -> None:
    """From odds on that no piece has which asks nothing of it."""
    assert tuned.served > 0.7
    assert -4 <= tuned.model.service < 4


def test_a_reading_that_tells_the_entries_apart_counts(tuned: TunedParts) -> None:
    assert tuned.model.readings[0] > 0


def test_it_is_the_same_every_time(tuned: TunedParts) -> None:
    assert tune() == tuned


def test_no_message_is_judged_by_what_was_learned_from_it() -> None:
    """A word that only one message has tells nothing about it."""
    messages = examples()
    read_ = [tokens(one.text) for one in messages]
    before = held_out(messages, read_)
    messages[0] = Several((messages[0].text,), messages[0].needs[:1])
    after = held_out(messages, read_)
    assert before[0] == after[0]
    assert any(one != other for one, other in zip(before[1:], after[1:], strict=True))


def test_pieces_of_examples_are_their_parts() -> None:
    """So what a person marked is what the readings are weighed on."""
    for message in examples():
        ends = [*message.starts, len(message.text)]
        parts = [message.text[start:end].strip() for start, end in pairwise(ends)]
        assert parts == list(message.texts)
        assert cut(message.text, (), 0.5)[0].text.endswith(message.texts[-1].split()[-1])
