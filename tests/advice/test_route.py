"""Which road a message takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.advice.decide import Thresholds
from bot.advice.route import route
from bot.advice.understanding import Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency

THRESHOLDS = Thresholds(in_scope=0.5, sure=0.3, several=0.5, alarm=1.0, doubt=-1.0)
SURE = (Candidate("botox/cost", 3.0, 0.9, 0.8),)
DOUBT = (Candidate("botox/cost", 1.0, 0.1, 0.4),)


def understood(intent: str = "ask_question", **found: object) -> Understanding:
    """A message that looks like `intent`."""
    return Understanding(intents=((intent, 0.9),), **found)  # type: ignore[arg-type]  # keywords


@pytest.mark.parametrize(
    ("words", "topic", "road"),
    [
        ("how much does it cost", "botox/stopping", "ask_question"),
        ("how much does it cost", None, "ask_price_here"),
        ("how much do you charge for it", "botox/stopping", "ask_price_here"),
    ],
)
def test_a_price_is_ours_or_in_general(words: str, topic: str | None, road: str) -> None:
    """In the light of an answer "it" is the treatment; "you" is always this clinic."""
    found = understood(
        "ask_price_here", sentences=(words,), topic=topic, candidates=SURE, in_scope=0.9
    )
    assert route(found, THRESHOLDS) == road


@pytest.mark.parametrize(
    ("found", "road"),
    [
        ({"in_scope": 0.9}, "ask_question"),
        ({"in_scope": 0.9, "sentences": ("what can you tell me",)}, "ask_capabilities"),
        ({"in_scope": 0.4}, "ask_capabilities"),
        ({"in_scope": 0.9, "candidates": DOUBT}, "ask_capabilities"),
        ({"in_scope": 0.9, "candidates": ()}, "ask_capabilities"),
    ],
)
def test_what_is_clearly_about_an_entry_is_no_talk_about_the_bot(
    found: dict[str, Any], road: str
) -> None:
    """Clearly: in scope, nearer the entry than the bot, and not spoken to the bot."""
    intents = (("ask_capabilities", 0.6),)
    understanding = Understanding(intents=intents, **{"candidates": SURE, **found})
    assert route(understanding, THRESHOLDS) == road


@pytest.mark.parametrize(("topic", "road"), [("botox/stopping", "ask_question"), (None, "book")])
def test_when_may_go_on_from_an_answer(topic: str | None, road: str) -> None:
    """After an answer "when will I see it" is about that; before any it is an appointment."""
    found = Understanding(intents=(("book", 0.4),), candidates=SURE, in_scope=0.6, topic=topic)
    assert route(found, THRESHOLDS) == road


@pytest.mark.parametrize("intent", ["greet", "book", "out_of_scope", "ask_question"])
@pytest.mark.parametrize("urgency", [Urgency.EMERGENCY, Urgency.URGENT_SAME_DAY])
def test_a_red_flag_overrules_every_intent(intent: str, urgency: Urgency) -> None:
    """Whatever else a message looks like, its sign decides."""
    flags = (RedFlag("safety/vision-change", urgency, "sight"),)
    found = understood(intent, red_flags=flags, candidates=SURE, in_scope=0.9)
    assert route(found, THRESHOLDS) == "report_red_flag"


def test_a_condition_is_a_question_even_in_a_greeting() -> None:
    """So "hi im pregnant" is not small talk."""
    flags = (RedFlag("safety/pregnancy-breastfeeding", Urgency.CAUTION, "pregnant"),)
    assert route(understood("greet", red_flags=flags), THRESHOLDS) == "ask_question"


@pytest.mark.parametrize(
    ("found", "road"),
    [
        (understood(candidates=SURE, in_scope=0.9), "ask_question"),
        (understood(candidates=DOUBT, in_scope=0.9), "nlu_fallback"),
        (understood(candidates=SURE, in_scope=0.4), "out_of_scope"),
        (understood(candidates=(), in_scope=0.9), "out_of_scope"),
        (understood("out_of_scope", candidates=SURE, in_scope=0.9), "ask_question"),
        (understood("ask_diagnosis", candidates=SURE, in_scope=0.9), "ask_question"),
        (understood("ask_to_buy", candidates=SURE, in_scope=0.1), "out_of_scope"),
        (understood("thank", candidates=SURE, in_scope=0.9), "thank"),
        (Understanding(), "out_of_scope"),
    ],
)
def test_the_road_without_a_flag(found: Understanding, road: str) -> None:
    """Small talk stays small talk; a question needs to be in scope and near an entry."""
    assert route(found, THRESHOLDS) == road


def test_a_button_that_was_named_is_as_good_as_pressed() -> None:
    found = understood("chitchat", chosen="more:botox/cost", in_scope=0.1)
    assert route(found, THRESHOLDS) == "press_button"


def test_an_emergency_is_heard_from_whoever_names_a_button() -> None:
    flags = (RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight"),)
    found = understood("greet", chosen="more:botox/cost", red_flags=flags)
    assert route(found, THRESHOLDS) == "report_red_flag"


@pytest.mark.parametrize(
    ("topic", "chance", "road"),
    [
        ("retinol/what-it-does", 0.8, "ask_question"),
        ("retinol/what-it-does", 0.99, "ask_capabilities"),
        (None, 0.8, "ask_capabilities"),
    ],
)
def test_a_follow_up_in_words_about_us_is_a_question(
    topic: str | None, chance: float, road: str
) -> None:
    """After an answer "how do I begin?" is about what was answered."""
    found = Understanding(
        intents=(("ask_capabilities", chance),), topic=topic, candidates=SURE, in_scope=0.5
    )
    assert route(found, THRESHOLDS) == road


@pytest.mark.parametrize(("in_scope", "road"), [(0.1, "out_of_scope"), (0.9, "ask_question")])
def test_a_condition_does_not_make_a_question_ours(in_scope: float, road: str) -> None:
    flags = (RedFlag("safety/pregnancy-breastfeeding", Urgency.CAUTION, "pregnant"),)
    found = understood("out_of_scope", red_flags=flags, candidates=SURE, in_scope=in_scope)
    assert route(found, THRESHOLDS) == road
