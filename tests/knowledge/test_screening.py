"""`knowledge/screening.yml`: read, checked with lines, published without training, and old rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.knowledge.check import check
from bot.knowledge.codec import from_json, to_json
from bot.knowledge.entry import Amounts, Status
from bot.knowledge.live import Live
from bot.knowledge.problem import Problem
from bot.knowledge.publish import changes, publish
from bot.knowledge.read import read_folder
from bot.knowledge.screening import amounts_of
from bot.settings import ROOT
from bot.store.session import engine_for, migrate
from tests.knowledge.folder import TODAY, WordEncoder, line_of, write

SCREENING = """\
status: sourced
checked_on: 2026-11-01
review_by: 2099-11-01
opening: I can ask you some short questions.
consent: I keep which choice you made. Shall we start?
minimum_answers: 1
several_from: 0.25
many_from: 0.5
few: You named few habits.
several: You named several habits.
many: You named many habits.
closing: Please speak with a doctor.
limits: [Nobody has tested this.]
doctor_questions: [Where would you begin?]
questions:
  - id: smoking
    factor: Smoking
    ask: Do you smoke?
    why: Many studies found more lines in people who smoke.
    evidence: B
    about: botox/how-long-does-it-last
    counts: a day
    options:
      - code: never
        label: Never
        points: 0
        words: [never, dont smoke]
      - code: under-10
        label: Fewer than 10 a day
        points: 1
        amounts: [under 10]
      - code: ten-plus
        label: 10 or more a day
        points: 2
        amounts: [10 or more]
    low: Good.
    raised: Linked with lines.
    first: A doctor can help.
  - id: alcohol
    factor: Alcohol
    ask: How much do you drink?
    why: Two studies looked at it.
    evidence: C
    options:
      - code: none
        label: None
        points: 0
      - code: lots
        label: A lot
        points: 1
        caution: Please don't stop suddenly. Ask a doctor first.
    low: Good.
    raised: Linked with lines.
  - id: family
    factor: Family
    ask: Early lines in the family?
    why: Genes matter.
    options:
      - code: lines
        label: Lines
      - code: neither
        label: No lines
    low: Thanks.
    raised: Genes matter.
"""
FILE = "screening.yml"


def problems_of(tmp_path: Path, text: str) -> list[Problem]:
    found = check(read_folder(write(tmp_path, {FILE: text})), TODAY)
    return [problem for problem in found if problem.path == f"knowledge/{FILE}"]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(f"sqlite:///{tmp_path / 'screening.db'}")
    migrate(made)
    return made


def test_sound_file_is_silent_and_so_is_none(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SCREENING) == []
    assert check(read_folder(write(tmp_path / "none")), TODAY) == []


def test_the_file_that_comes_with_the_product_is_sound() -> None:
    reading = read_folder(ROOT / "knowledge")
    assert [p for p in check(reading, TODAY) if p.path.endswith(FILE)] == []
    screening = reading.knowledge.screening
    assert screening is not None
    assert sum(one.most for one in screening.questions if one.evidence) == 18


FAULTS: list[tuple[str, str, str, str]] = [
    # what is replaced, by what, on which line it is found, what the message says
    ("status: sourced", "statsu: sourced", "statsu", "no such field"),
    ("few: You named few habits.\n", "", "status", "missing"),
    ("minimum_answers: 1", "minimum_answers: 3", "minimum_answers", "does not fit 2 questions"),
    ("minimum_answers: 1", "minimum_answers: many", "minimum_answers", "not a number"),
    ("many_from: 0.5", "many_from: 0.2", "many_from", "below many_from"),
    ("  - id: alcohol", "  - id: smoking", "  - id: smoking\n    factor: Alc", "here twice"),
    ("id: smoking", "id: Smoking 1", "  - id: Smo", "cannot be an id"),
    ("about: botox/how-long", "about: botox/how-lon", "    about", "no entry"),
    ("evidence: B", "evidence: E", "    evidence: E", "not a value"),
    ("code: never", "code: under-10", "code: under-10\n        label: Fewer", "here twice"),
    ("label: Never", "label: 10 or more a day", "label: 10 or more a day\n        points: 2",
     "twice"),
    ("label: Never", f"label: {'x' * 51}", "label: xxx", "51 characters"),
    ("points: 0", "points: 1", "    options", "no option has 0 points"),
    ("points: 2", "points: -2", "points: -2", "not a number"),
    ("points: 2", "points: 11", "    options", "too many"),
    ("[under 10]", "[under 11]", "    options", "overlap"),
    ("[under 10]", "[a few]", "amounts: [a few]", "no stretch"),
    ("    counts: a day\n", "", "amounts: [under", "what these numbers count"),
    ("label: 10 or more a day", "label: 10 or more a day\n        words: [never]",
     "words: [never]\n", "also in 'never'"),
    ("dont smoke", "\"don't smoke\"", "words: [never", "small letters"),
    ("label: Lines", "label: Lines\n        points: 1", "    options:\n      - code: lines",
     "context"),
    ("        caution: Please don't stop suddenly. Ask a doctor first.\n", "",
     "      - code: lots", "stop suddenly"),
    ("closing: Please speak with a doctor.", "closing: Goodbye.", "closing", "names no doctor"),
    ("raised: Linked with lines.\n    first", "raised: Your risk is 24% more.\n    first",
     "    raised: Your", "verdict"),
    ("low: Good.", "low: The best habit.", "    low", "superlative"),
    ("review_by: 2099-11-01", "review_by: 2026-11-02", "review_by", "no longer asked"),
    ("checked_on: 2026-11-01", "checked_on: 2027-11-01", "checked_on", "in the future"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "message"), FAULTS)
def test_each_fault_is_found_on_its_line(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    assert old in SCREENING
    text = SCREENING.replace(old, new, 1)
    found = problems_of(tmp_path, text)
    lines = [problem.line for problem in found if message in problem.message]
    assert line_of(text, where) in lines, [problem.format() for problem in found]
    assert all(problem.what_to_do for problem in found)


@pytest.mark.parametrize("text", ["", "[]", "questions: 5", "a: [", "questions: [[]]", "\x00"])
def test_what_is_no_such_file_is_a_problem_and_no_crash(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text)


def test_an_edit_is_live_once_it_is_published(tmp_path: Path, engine: Engine) -> None:
    folder = write(tmp_path, {FILE: SCREENING})
    live = Live(engine)
    publish(engine, read_folder(folder).knowledge, WordEncoder(), "me", "", TODAY)
    edited = SCREENING.replace("Do you smoke?", "Do you ever smoke?")
    knowledge = read_folder(write(tmp_path, {FILE: edited})).knowledge
    changed = changes(live.current(), knowledge)
    assert changed.screening
    assert bool(changed)
    publish(engine, knowledge, WordEncoder(), "me", "", TODAY)
    screening = live.current().knowledge.screening
    assert screening is not None
    assert screening.questions[0].ask == "Do you ever smoke?"


def test_drafts_are_not_published(tmp_path: Path, engine: Engine) -> None:
    draft = SCREENING.replace("status: sourced", "status: draft")
    knowledge = read_folder(write(tmp_path, {FILE: draft})).knowledge
    publish(engine, knowledge, WordEncoder(), "me", "", TODAY)
    assert Live(engine).current().knowledge.screening is None


def test_a_publication_of_before_there_were_questions_still_loads(tmp_path: Path) -> None:
    knowledge = read_folder(write(tmp_path, {FILE: SCREENING})).knowledge
    assert from_json(to_json(knowledge)) == knowledge
    old = json.loads(to_json(knowledge))
    del old["screening"]
    assert from_json(json.dumps(old)).screening is None


def test_after_the_review_day_nobody_is_asked(tmp_path: Path) -> None:
    knowledge = read_folder(write(tmp_path, {FILE: SCREENING})).knowledge
    assert knowledge.screening is not None
    review = knowledge.screening.review_by
    assert review is not None
    assert knowledge.screening_on(review) is knowledge.screening
    assert knowledge.screening_on(review.replace(year=2100)) is None
    assert knowledge.screening.status is Status.SOURCED


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("8 to 14", (8, 14), (7.9, 14.5)),
        ("over 1 to 5", (1.1, 5), (1, 5.1)),
        ("under 1", (0.1, 0.9), (0, 1)),
        ("over 9", (9.1, 24), (9,)),
        ("15 or more", (15, 900), (14.9,)),
        ("5 or less", (0, 5), (5.1,)),
        ("6", (6,), (5.9, 6.1)),
    ],
)
def test_stretches_of_numbers(
    text: str, has: tuple[float, ...], has_not: tuple[float, ...]
) -> None:
    amounts = amounts_of(text)
    assert isinstance(amounts, Amounts)
    assert all(amounts.has(number) for number in has)
    assert not any(amounts.has(number) for number in has_not)
