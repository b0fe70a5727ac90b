"""Which road a message takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.advice.decide import Thresholds
from bot.advice.route import route
from bot.advice.services import NEED_OF
from bot.advice.understanding import OUTSIDE, Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency

THRESHOLDS = Thresholds(
    in_scope=0.5, sure=0.3, several=0.5, alarm=1.0, doubt=-1.0, longer=0.0, goes_on=0.7
)
SURE = (Candidate("botox/cost", 3.0, 0.9, 0.8),)
DOUBT = (Candidate("botox/cost", 1.0, 0.1, 0.4),)


def understood(intent: str = "ask_question", **found: object) -> Understanding:
    """A message that looks like `intent`."""
    return Understanding(intents=((intent, 0.9),), **found)  # type: ignore[arg-type]  # keywords


LOOKS = ["ask_price_here", "ask_capabilities", "ask_identity", "chitchat", "book", "ask_hours"]
LOOKS += ["greet", "thank", "goodbye"]


@pytest.mark.parametrize("intent", LOOKS)
@pytest.mark.parametrize(
    ("topic", "in_scope", "is_question"),
    [("botox/stopping", 0.8, True), ("botox/stopping", 0.6, False), (None, 0.8, False)],
)
def test_after_an_answer_what_likely_asks_on_is_a_question(
    intent: str, topic: str | None, in_scope: float, is_question: bool
) -> None:
    """Whatever "how much does it cost", "why so much" or "when will I see it" looks like alone;
    before any answer, or where it is not that likely, it is what it looks like.
    """
    found = understood(intent, topic=topic, candidates=DOUBT, in_scope=in_scope)
    sure = understood(intent, topic=topic, candidates=SURE, in_scope=in_scope)
    if is_question:
        assert route(sure, THRESHOLDS) == "ask_question"
        assert route(found, THRESHOLDS) == "nlu_fallback"
    else:
        assert route(found, THRESHOLDS) == intent


@pytest.mark.parametrize(
    "intent",
    ["ask_for_person", "complain", "delete_my_data", "delete_my_answers", "start_screening"],
)
def test_a_wish_is_heard_whatever_was_answered_before(intent: str) -> None:
    """Who wants a person, or something deleted, gets that, however near an entry the words are."""
    found = understood(intent, topic="botox/stopping", candidates=SURE, in_scope=0.99)
    assert route(found, THRESHOLDS) == intent


HOURS = Candidate("service/opening-hours", 1.0, 0.4, 0.0)


@pytest.mark.parametrize(
    ("parts", "intent"),
    [
        ((HOURS, *SURE), "ask_question"),
        ((*SURE, HOURS), "ask_question"),
        ((HOURS, *DOUBT), "ask_hours"),
        ((*SURE, *DOUBT), "ask_hours"),
        ((HOURS,), "ask_hours"),
    ],
)
def test_a_question_beside_one_for_the_clinic_is_not_lost(
    parts: tuple[Candidate, ...], intent: str
) -> None:
    """However much the message as a whole looks like one for the clinic."""
    assert route(understood("ask_hours", parts=parts, in_scope=0.1), THRESHOLDS) == intent


@pytest.mark.parametrize(
    "intent", ["delete_my_data", "delete_my_answers", "start_screening", "ask_summary"]
)
def test_a_wish_is_heard_beside_a_question_and_one_for_the_clinic(intent: str) -> None:
    found = understood(intent, parts=(HOURS, *SURE), in_scope=0.1)
    assert route(found, THRESHOLDS) == intent


@pytest.mark.parametrize("intent", OUTSIDE)
def test_what_is_refused_is_refused_whatever_the_clinic_is_asked_besides(intent: str) -> None:
    """As "where do i buy it to inject myself, and when do you close"."""
    found = understood(intent, parts=(*SURE, HOURS), candidates=SURE, in_scope=0.1)
    assert route(found, THRESHOLDS) == "out_of_scope"


def test_an_entry_on_safety_is_not_lost_beside_one_for_the_clinic() -> None:
    """Only search found it: whether it is told is for the whole message to say."""
    safety = replace(SURE[0], entry_id="safety/infection")
    assert route(understood("ask_hours", parts=(HOURS, safety)), THRESHOLDS) == "ask_question"


@pytest.mark.parametrize("intent", ["ask_for_person", "complain"])
def test_a_wish_for_a_person_that_no_part_was_taken_for_is_heard(intent: str) -> None:
    found = understood(intent, parts=(HOURS, *SURE), in_scope=0.1)
    assert route(found, THRESHOLDS) == intent
    heard = replace(HOURS, entry_id=NEED_OF[intent])
    assert route(replace(found, parts=(heard, *SURE)), THRESHOLDS) == "ask_question"


def test_after_an_answer_what_is_not_ours_is_declined() -> None:
    found = understood(topic="botox/stopping", candidates=SURE, in_scope=0.4)
    assert route(found, THRESHOLDS) == "out_of_scope"


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


@pytest.mark.parametrize(("in_scope", "road"), [(0.1, "out_of_scope"), (0.9, "ask_question")])
def test_a_condition_does_not_make_a_question_ours(in_scope: float, road: str) -> None:
    flags = (RedFlag("safety/pregnancy-breastfeeding", Urgency.CAUTION, "pregnant"),)
    found = understood("out_of_scope", red_flags=flags, candidates=SURE, in_scope=in_scope)
    assert route(found, THRESHOLDS) == road
