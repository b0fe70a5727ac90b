"""How a message is read after an answer; what its numbers are is `advisor tune`'s to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.knowledge.search import Hit
from bot.nlu.follow import Follow, Light, Reading
from bot.nlu.logistic import Logistic


def reading(first: float, second: float, inside: float = 0.0) -> Reading:
    """Of two entries, likelier first."""
    hits = [
        Hit("botox/cost", first, 0.5, "how much", 2.0, 0.9 if first > second else 0.1),
        Hit("botox/pain", second, 0.7, "does it hurt", 1.0, 0.9 if second > first else 0.1),
    ]
    return Reading(sorted(hits, key=lambda hit: -hit.score), inside)


LIGHT = Light(
    text="why so much",
    alone=reading(1.0, 5.0),
    family=reading(2.0, 0.0),
    title=reading(3.0, 0.0),
    last=reading(4.0, 0.0),
    names=False,
    in_scope=0.5,
)
FOLLOW = Follow((1.0,) * 5, Logistic((0.0,) * 16, (1.0,) * 16, (0.0,) * 16, 0.0))


def test_the_readings_are_added_with_their_weights() -> None:
    """The lists are in their own orders, and are not mixed up."""
    best, other = replace(FOLLOW, readings=(1.0, 10.0, 100.0, 0.0, 0.0)).rank(LIGHT, 1.0)
    assert (best.entry_id, best.score) == ("botox/cost", pytest.approx(2 + 30 + 400))
    assert (other.entry_id, other.score) == ("botox/pain", 0.0)


def test_what_is_clear_alone_or_names_a_subject_counts_the_more() -> None:
    clear = replace(FOLLOW, readings=(0.1, 0.1, 0.1, 0.0, 1.0))
    assert clear.rank(LIGHT, 1.0)[0].entry_id == "botox/pain"
    assert clear.rank(replace(LIGHT, in_scope=0.1), 1.0)[0].entry_id == "botox/cost"
    named = replace(FOLLOW, readings=(0.1, 0.1, 0.1, 1.0, 0.0))
    assert named.rank(LIGHT, 1.0)[0].entry_id == "botox/cost"
    assert named.rank(replace(LIGHT, names=True), 1.0)[0].entry_id == "botox/pain"


def test_confidences_are_of_the_joined_scores_and_add_up_to_one() -> None:
    hits = FOLLOW.rank(LIGHT, 2.0)
    assert sum(hit.confidence for hit in hits) == pytest.approx(1)
    odds = hits[0].confidence / hits[1].confidence
    assert odds == pytest.approx(np.exp((hits[0].score - hits[1].score) / 2))


def test_what_an_entry_is_near_to_is_told_of_the_message_itself() -> None:
    (cost,) = (hit for hit in FOLLOW.rank(LIGHT, 1.0) if hit.entry_id == "botox/cost")
    assert (cost.cosine, cost.nearest_question) == (0.5, "how much")


def test_nothing_published_is_ranked_as_nothing() -> None:
    nothing = Reading((), 0.0)
    empty = replace(LIGHT, alone=nothing, family=nothing, title=nothing, last=nothing)
    assert FOLLOW.rank(empty, 1.0) == []
    assert FOLLOW.chance(empty, ()) == 0.5


@pytest.mark.parametrize(
    ("text", "intents", "speaks", "looks"),
    [
        ("why so much", (("ask_question", 0.9), ("chitchat", 0.1)), 0.0, 0),
        ("how much do you charge", (("ask_price_here", 0.9), ("book", 0.05)), 1.0, 2),
        ("ok thanks", (("thank", 0.9), ("goodbye", 0.05)), 0.0, 1),
        ("what about my knees", (("ask_diagnosis", 0.5), ("out_of_scope", 0.4)), 0.0, 3),
        ("", (), 0.0, None),
    ],
)
def test_it_is_told_by_what_it_looks_like(
    text: str, intents: tuple[tuple[str, float], ...], speaks: float, looks: int | None
) -> None:
    """A question, manners, a service, or out of scope: of each the chances are added up."""
    found = replace(LIGHT, text=text).features(intents)
    assert len(found) == 16
    assert [row for row in range(4) if found[row] > 0] == ([] if looks is None else [looks])
    assert found[6] == speaks
    assert all(np.isfinite(found))


def test_its_chance_rises_with_what_speaks_for_it() -> None:
    told = replace(FOLLOW, model=replace(FOLLOW.model, weights=(1.0, *(0.0,) * 15)))
    chances = [told.chance(LIGHT, (("ask_question", chance),)) for chance in (0.0, 0.3, 0.9, 1.0)]
    assert chances == sorted(chances)
    assert 0 < chances[0] < 0.1
    assert 0.9 < chances[-1] < 1


@pytest.mark.parametrize(
    "text",
    ["why", "Why?", "but why", "ok but why tho", "how come?!", "why's that", "what for"],
)
def test_a_question_word_alone_asks_on_whatever_it_looks_like(text: str) -> None:
    assert FOLLOW.chance(replace(LIGHT, text=text), (("chitchat", 0.99),)) == 1.0


@pytest.mark.parametrize(
    "text",
    ["", "ok", "why bother", "why not", "no", "wait", "how are you", "why do cats purr", "so what"],
)
def test_a_question_word_with_more_is_told_by_what_it_looks_like(text: str) -> None:
    light, intents = replace(LIGHT, text=text), (("chitchat", 0.99),)
    assert FOLLOW.chance(light, intents) == FOLLOW.model.chance(light.features(intents))
