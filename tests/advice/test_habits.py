"""Reading typed answers: 200 of them were written, with what they mean, before any rule was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.advice.habits import AnswerReader, HabitWords, Heard
from tests.advice.habits import screening

ANSWERS = Path(__file__).with_name("screening_answers.jsonl")
"""``expected`` is None where nobody could say; ``unseen`` were not looked at for the rules."""
YEAR = 2026
READERS = {habit.id: AnswerReader(habit) for habit in screening().questions}


def read(question: str, text: str) -> Heard:
    habit = screening().question(question)
    assert habit is not None
    return READERS[question].read(text, [option.code for option in habit.options], YEAR)


def outcomes(unseen: bool) -> Iterator[tuple[str, str]]:
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        if answer["unseen"] is unseen:
            heard = read(answer["question"], answer["text"])
            if not heard.sure:
                yield "asked", answer["text"]
            else:
                right = heard.codes == (answer["expected"],)
                yield ("right" if right else "wrong"), answer["text"]


@pytest.mark.parametrize(("unseen", "at_least"), [(False, 70), (True, 60)])
def test_no_answer_is_read_as_another_and_most_are_read(unseen: bool, at_least: int) -> None:
    """What is not read is asked about, so that nine in ten are right or asked: here, all are."""
    found = list(outcomes(unseen))
    assert len(found) == 100
    assert [text for how, text in found if how == "wrong"] == []
    assert sum(how == "right" for how, _ in found) >= at_least


@pytest.mark.parametrize("question", [habit.id for habit in screening().questions])
def test_every_label_and_its_place_are_understood(question: str) -> None:
    """As a button says it, in words, and as "number 2"."""
    habit = screening().question(question)
    assert habit is not None
    for place, option in enumerate(habit.options, start=1):
        assert read(question, option.label) == Heard((option.code,), sure=True)
        assert read(question, option.label.upper()) == Heard((option.code,), sure=True)
        assert read(question, f"number {place}") == Heard((option.code,), sure=True)
        assert read(question, f"option {place}.") == Heard((option.code,), sure=True)


def test_a_number_that_may_be_a_choice_or_an_amount_is_asked_about() -> None:
    """3 drinks, or the third choice?"""
    assert read("alcohol", "3") == Heard(("8-to-14", "1-to-7"), sure=False)
    assert read("alcohol", "2") == Heard(("1-to-7",), sure=True)  # both
    assert read("stress", "3") == Heard(("often",), sure=True)  # nothing else it could be
    assert read("sleep", "8") == Heard(("7-to-9",), sure=True)


def test_numbers_count_the_choices_as_they_were_shown() -> None:
    """Staff may have changed their order since."""
    shown = ("often", "sometimes", "rarely")
    assert READERS["stress"].read("1", shown, YEAR).codes == ("often",)
    assert READERS["stress"].read("the last one", shown, YEAR).codes == ("rarely",)
    assert not READERS["stress"].read("7", shown, YEAR).sure


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("smoking", "never more than 5 a day"),
        ("smoking", "no, 20 a day"),
        ("smoking", "i dont smoke 20 a day"),
        ("smoking", "never except at parties"),
        ("smoking", "stopped for a bit, now 10 a day"),
        ("smoking", "my dad smokes 20 a day"),
        ("alcohol", "none but friday i have 12"),
        ("alcohol", "2-3 glasses most nights"),
        ("alcohol", "no more than 7"),
        ("sleep", "5 to 7 hours"),
        ("sleep", "not 8 hours"),
        ("sun_protection", "not every day"),
        ("stress", "not all the time"),
        ("skincare", "nothing harsh"),
        ("tanning_bed", "a year ago"),
        ("sun_exposure", "never under an hour"),
    ],
)
def test_what_turns_an_answer_round_is_never_taken(question: str, text: str) -> None:
    assert not read(question, text).sure


@pytest.mark.parametrize("text", ["", "🙂", "...", "Привет", "x" * 2000, "9" * 300, "1e9", "-5"])
def test_rubbish_is_asked_about(text: str) -> None:
    for habit in screening().questions:
        assert not read(habit.id, text).sure


def test_typing_slips_are_read() -> None:
    assert read("sun_protection", "somtimes") == Heard(("sometimes",), sure=True)
    assert read("stress", "CONSTANTLY!!") == Heard(("often",), sure=True)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Back", "back"),
        ("skip this one", "skip"),
        ("Why do you ask?", "why"),
        ("STOP!", "stop"),
        ("start over", "again"),
        ("delete my answers", "forget"),
        ("i stopped smoking", None),
        ("back in 2010", None),
        ("", None),
    ],
)
def test_steering_is_the_whole_message_or_none(text: str, want: str | None) -> None:
    assert HabitWords.load().steering(text) == want


@pytest.mark.parametrize(
    ("text", "agreed"),
    [("yes please", True), ("OK", True), ("no thanks", False), ("nope", False), ("maybe", None)],
)
def test_consent_is_said_or_not(text: str, agreed: bool | None) -> None:
    assert HabitWords.load().consent(text) is agreed


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("does smoking cause lines", True),
        ("is 5 a lot?", True),
        ("10 a day?", True),
        ("do not smoke", False),
        ("when i remember", False),
        ("whatever is there", False),
    ],
)
def test_questions_are_told_from_answers(text: str, asks: bool) -> None:
    assert HabitWords.load().is_question(text) is asks
