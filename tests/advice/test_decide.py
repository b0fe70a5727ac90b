"""Policy, one case a line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.advice.decide import Thresholds, cautions_of, decide_question, decide_urgent, kind_of
from bot.advice.reply import Kind
from bot.advice.understanding import OUTSIDE, Candidate, RedFlag, Term, Understanding
from bot.knowledge.entry import Urgency
from tests.advice.scenes import ENTRIES

THRESHOLDS = Thresholds(
    in_scope=0.5, sure=0.3, several=0.5, alarm=1.0, doubt=-1.0, longer=0.0, goes_on=0.7
)
PREGNANT = RedFlag("safety/pregnancy-breastfeeding", Urgency.CAUTION, "pregnant")


def asked(confidence: float = 0.9, in_scope: float = 0.9, **found: object) -> Understanding:
    """A question nearest to botox/cost, then botox/brands."""
    candidates = (
        Candidate("botox/cost", 3.0, confidence, 0.8),
        Candidate("botox/brands", 2.0, confidence / 2, 0.7),
    )
    return Understanding(candidates=candidates, in_scope=in_scope, **found)  # type: ignore[arg-type]  # keywords


def test_the_nearest_entry_answers_a_clear_question() -> None:
    """One question, one answer."""
    decision = decide_question(asked(), ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.ANSWER, ("botox/cost",))


@pytest.mark.parametrize(("confidence", "offered"), [(0.95, ()), (0.6, ("botox/brands",))])
def test_an_answer_brings_along_what_else_was_likely_meant(
    confidence: float, offered: tuple[str, ...]
) -> None:
    """Only as long as the answer itself may well be the wrong one."""
    assert decide_question(asked(confidence), ENTRIES, THRESHOLDS).suggestions == offered


def test_the_name_of_a_subject_alone_is_asked_back_about() -> None:
    """The word "botox" may be the start of thirty questions: its nearest sides are offered."""
    found = asked(0.9, sentences=("Botox?",), terms=(Term("Botox", "botox"),))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.CLARIFY, ())
    assert decision.suggestions == ("botox/cost", "botox/brands")
    more = asked(0.9, sentences=("Botox cost?",), terms=(Term("Botox", "botox"),))
    assert decide_question(more, ENTRIES, THRESHOLDS).kind is Kind.ANSWER


@pytest.mark.parametrize(
    ("said", "topic", "kind"),
    [
        ("And botox?", None, Kind.CLARIFY),
        ("What about botox", None, Kind.CLARIFY),
        ("And botox?", "fillers/cost", Kind.ANSWER),
        ("And botox?", "botox/brands", Kind.CLARIFY),
        ("Why botox?", None, Kind.ANSWER),
    ],
)
def test_a_subject_that_goes_on_from_nothing_is_asked_back_about(
    said: str, topic: str | None, kind: Kind
) -> None:
    """After an answer about something else "and botox?" asks the same of Botox; before any, or
    after one about Botox, it asks nothing yet.
    """
    found = asked(0.9, sentences=(said,), terms=(Term("botox", "botox"),), topic=topic)
    assert decide_question(found, ENTRIES, THRESHOLDS).kind is kind


def test_doubt_offers_the_nearest_and_shows_none() -> None:
    """Guessing is worse than asking."""
    decision = decide_question(asked(0.2), ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.UNSURE, ())
    assert decision.suggestions == ("botox/cost", "botox/brands")


@pytest.mark.parametrize("found", [asked(in_scope=0.1), Understanding(in_scope=0.9)])
def test_what_is_not_ours_is_declined(found: Understanding) -> None:
    """Out of scope, or nothing found at all."""
    assert decide_question(found, ENTRIES, THRESHOLDS).kind is Kind.DECLINE


def test_an_entry_that_may_not_be_shown_never_answers() -> None:
    """Retired or past review: the next one, or nothing."""
    left = {"botox/brands": ENTRIES["botox/brands"]}
    found = asked()
    assert decide_question(found, left, THRESHOLDS).entries == ("botox/brands",)
    assert decide_question(found, {}, THRESHOLDS).kind is Kind.DECLINE


def test_a_condition_comes_before_the_answer() -> None:
    """The caution first, then what was asked."""
    decision = decide_question(asked(red_flags=(PREGNANT,)), ENTRIES, THRESHOLDS)
    assert decision.kind is Kind.CAUTION
    assert decision.entries == ("safety/pregnancy-breastfeeding", "botox/cost")


def test_a_condition_with_an_unclear_question_is_the_caution_alone() -> None:
    """No guessed answer is added to a caution."""
    decision = decide_question(asked(0.1, red_flags=(PREGNANT,)), ENTRIES, THRESHOLDS)
    assert decision.entries == ("safety/pregnancy-breastfeeding",)


def test_the_most_urgent_sign_is_advised_on_alone() -> None:
    """Two signs: the higher urgency, and nothing else."""
    sight = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
    decision = decide_urgent(asked(red_flags=(PREGNANT, sight)))
    assert (decision.kind, decision.entries) == (Kind.EMERGENCY, ("safety/vision-change",))


def test_every_urgency_has_a_kind() -> None:
    """The kinds `advisor ask` promises for each urgency."""
    assert {urgency.value: kind_of(urgency).value for urgency in Urgency} == {
        "none": "answer",
        "caution": "caution",
        "contact-clinic": "caution",
        "urgent-same-day": "urgent",
        "emergency": "emergency",
    }


def test_thresholds_are_read_from_the_tuned_file(tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's own
    """No number is typed in Python."""
    path = tmp_path / "thresholds.json"
    path.write_text(
        json.dumps(
            {
                "in_scope": 0.4,
                "sure": 0.2,
                "several": 0.6,
                "alarm": 1.5,
                "doubt": -1,
                "longer": 2,
                "goes_on": 0.7,
                "more": 1,
            }
        )
    )
    assert Thresholds.load(path) == Thresholds(0.4, 0.2, 0.6, 1.5, -1.0, 2.0, 0.7)
    assert 0 < Thresholds.load().sure < 1


@pytest.mark.parametrize(("confidence", "kind"), [(0.6, Kind.UNSURE), (0.95, Kind.EMERGENCY)])
def test_search_alone_raises_an_alarm_only_when_it_is_likely_meant(
    confidence: float, kind: Kind
) -> None:
    """Being seen "this Friday" was nearest to the crisis entry, at 0.44."""
    near = (Candidate("safety/vision-change", 2.0, confidence, 0.6),)
    decision = decide_question(replace(asked(), candidates=near), ENTRIES, THRESHOLDS)
    assert decision.kind is kind
    assert "safety/vision-change" in (*decision.entries, *decision.suggestions)


def test_a_condition_does_not_hide_the_answer_behind_its_own_entry() -> None:
    """The caution is nearest itself, and the question comes next. An alarm is never added."""
    caution = Candidate("safety/pregnancy-breastfeeding", 4.0, 0.5, 0.9)
    near = (caution, Candidate("botox/cost", 3.0, 0.35, 0.8))
    found = replace(asked(red_flags=(PREGNANT,)), candidates=near)
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert decision.entries == ("safety/pregnancy-breastfeeding", "botox/cost")
    near = (caution, Candidate("safety/vision-change", 3.0, 0.35, 0.8))
    found = replace(asked(red_flags=(PREGNANT,)), candidates=near)
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert decision.entries == ("safety/pregnancy-breastfeeding",)


COST = Candidate("botox/cost", 3.0, 0.9, 0.8)
BRANDS = Candidate("botox/brands", 3.0, 0.6, 0.8)
SIGHT = Candidate("safety/vision-change", 3.0, 0.9, 0.8)
DOUBT = replace(BRANDS, confidence=0.4)


@pytest.mark.parametrize(
    ("parts", "entries"),
    [
        ((COST, BRANDS), ("botox/cost", "botox/brands")),
        ((BRANDS, COST), ("botox/brands", "botox/cost")),
        ((COST, DOUBT, BRANDS), ("botox/cost", "botox/brands")),
        ((COST, BRANDS, COST), ("botox/cost", "botox/brands")),
    ],
)
def test_each_clear_question_is_answered_once_and_in_order(
    parts: tuple[Candidate, ...], entries: tuple[str, ...]
) -> None:
    decision = decide_question(asked(parts=parts), ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.ANSWER, entries)


@pytest.mark.parametrize("parts", [(COST, DOUBT), (COST, COST), (COST, SIGHT), (COST,)])
def test_with_fewer_than_two_clear_questions_the_whole_message_counts(
    parts: tuple[Candidate, ...],
) -> None:
    """An emergency that only search found is never one of several answers."""
    decision = decide_question(asked(parts=parts), ENTRIES, THRESHOLDS)
    assert decision.entries == ("botox/cost",)


def test_several_questions_about_nothing_of_ours_are_declined() -> None:
    found = asked(in_scope=0.1, parts=(COST, BRANDS))
    assert decide_question(found, ENTRIES, THRESHOLDS).kind is Kind.DECLINE


HOURS = Candidate("service/opening-hours", 1.0, 0.4, 0.0)
BOOK = Candidate("service/book", 1.0, 0.4, 0.0)


def test_what_the_clinic_answers_of_itself_is_one_of_several_answers() -> None:
    """In order, and whatever the message as a whole is near to."""
    found = asked(in_scope=0.1, parts=(HOURS, COST))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.ANSWER, ("botox/cost",))
    assert decision.asked == ("service/opening-hours", "botox/cost")


def test_two_things_that_the_clinic_answers_need_no_entry() -> None:
    decision = decide_question(asked(in_scope=0.1, parts=(HOURS, BOOK)), ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.SERVICE, ())
    assert decision.asked == ("service/opening-hours", "service/book")


def test_beside_a_question_that_is_not_clear_the_whole_message_counts() -> None:
    decision = decide_question(asked(parts=(HOURS, DOUBT)), ENTRIES, THRESHOLDS)
    assert (decision.entries, decision.asked) == (("botox/cost",), ())


def test_what_the_clinic_answers_is_not_lost_beside_what_is_declined() -> None:
    found = asked(in_scope=0.1, parts=(HOURS, replace(COST, confidence=0.0)))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.asked) == (Kind.SERVICE, ("service/opening-hours",))


@pytest.mark.parametrize("intent", OUTSIDE)
def test_what_is_refused_is_refused_beside_what_the_clinic_answers(intent: str) -> None:
    found = asked(in_scope=0.1, parts=(COST, HOURS), intents=((intent, 0.9),))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.manner) == (Kind.DECLINE, intent)


def test_what_the_clinic_answers_stays_beside_a_caution_alone() -> None:
    """The other question is nearest to the caution itself."""
    caution = Candidate(PREGNANT.entry_id, 3.0, 0.9, 0.8)
    found = asked(red_flags=(PREGNANT,), parts=(caution, HOURS), in_scope=0.1)
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert (decision.kind, decision.entries) == (Kind.CAUTION, (PREGNANT.entry_id,))
    assert decision.asked == ("service/opening-hours",)
    both = asked(red_flags=(PREGNANT,), parts=(BOOK, HOURS))
    decision = decide_question(both, ENTRIES, THRESHOLDS)
    assert decision.entries == (PREGNANT.entry_id,)


def test_what_the_clinic_answers_stays_beside_a_caution() -> None:
    found = asked(red_flags=(PREGNANT,), parts=(COST, HOURS))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert decision.entries == ("safety/pregnancy-breastfeeding", "botox/cost")
    assert decision.asked == ("botox/cost", "service/opening-hours")


@pytest.mark.parametrize(("share", "answers"), [(0.8, ("botox/cost",)), (0.2, ())])
def test_what_is_asked_beside_a_condition_is_judged_without_its_entry(
    share: float, answers: tuple[str, ...]
) -> None:
    """For "im pregnant what does botox cost" is nearest to the caution, and else to one answer."""
    candidates = (
        Candidate("safety/pregnancy-breastfeeding", 5.0, 0.9, 0.8),
        Candidate("botox/cost", 3.0, 0.1 * share, 0.8),
    )
    found = Understanding(candidates=candidates, in_scope=0.9, red_flags=(PREGNANT,))
    decision = decide_question(found, ENTRIES, THRESHOLDS)
    assert decision.entries == (PREGNANT.entry_id, *answers)


def test_several_answers_come_after_the_caution() -> None:
    decision = decide_question(
        asked(red_flags=(PREGNANT,), parts=(COST, BRANDS)), ENTRIES, THRESHOLDS
    )
    assert decision.kind is Kind.CAUTION
    assert decision.entries == ("safety/pregnancy-breastfeeding", "botox/cost", "botox/brands")


def test_what_is_declined_is_declined_as_what_it_is() -> None:
    intents = (("ask_question", 0.5), ("ask_diagnosis", 0.3), ("out_of_scope", 0.2))
    found = asked(in_scope=0.1, intents=intents)
    assert decide_question(found, ENTRIES, THRESHOLDS).manner == "ask_diagnosis"
    assert decide_question(asked(in_scope=0.1), ENTRIES, THRESHOLDS).manner == "out_of_scope"


MINOR = RedFlag("safety/under-18", Urgency.CONTACT_CLINIC, "child")
OFF = (("out_of_scope", 0.9),)


@pytest.mark.parametrize("flag", [PREGNANT, MINOR])
def test_a_condition_in_a_question_about_nothing_of_ours_is_declined(flag: RedFlag) -> None:
    """The age of a son who wants a bike, or a pregnant wife whose car is sold."""
    found = asked(in_scope=0.1, intents=OFF, red_flags=(flag,))
    assert cautions_of(found, THRESHOLDS) == ()
    assert decide_question(found, ENTRIES, THRESHOLDS).kind is Kind.DECLINE


@pytest.mark.parametrize(
    "changes",
    [
        {"in_scope": 0.9},
        {"terms": (Term("botox", "botox"),)},
        {"topic": "botox/cost"},
        {"intents": (("ask_question", 0.9),)},
        {"intents": ()},
        {"candidates": (Candidate("safety/pregnancy-breastfeeding", 3.0, 0.5, 0.6),)},
    ],
)
def test_a_condition_counts_with_anything_of_ours(changes: dict[str, object]) -> None:
    found = replace(asked(in_scope=0.1, intents=OFF, red_flags=(PREGNANT,)), **changes)  # type: ignore[arg-type]  # keywords
    assert cautions_of(found, THRESHOLDS) == ("safety/pregnancy-breastfeeding",)


def test_distress_and_what_a_clinic_should_see_are_never_beside_the_point() -> None:
    distress = RedFlag("safety/body-image-distress", Urgency.CAUTION, "distress")
    mole = RedFlag("safety/eye-or-skin-injury", Urgency.CONTACT_CLINIC, "changing mole")
    found = asked(in_scope=0.1, intents=OFF, red_flags=(mole, distress, PREGNANT, MINOR))
    assert cautions_of(found, THRESHOLDS) == (mole.entry_id, distress.entry_id)
