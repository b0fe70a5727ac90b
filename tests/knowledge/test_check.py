"""`advisor check` finds each planted fault on its line, and is silent without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.build import build
from bot.knowledge.check import check
from bot.knowledge.entry import Sign, Urgency
from bot.knowledge.problem import Problem
from bot.knowledge.read import read_folder
from bot.settings import ROOT
from tests.knowledge.folder import (
    CLINIC,
    ENTRY,
    PREGNANCY,
    RETINOL,
    TODAY,
    WordEncoder,
    line_of,
    write,
)

BOTOX = "botox/how-long-does-it-last.md"
START = "retinol/how-to-start.md"
SAFETY = "safety/pregnancy.md"
ORIGINAL = {BOTOX: ENTRY, START: RETINOL, SAFETY: PREGNANCY, "clinic.yml": CLINIC}


def says(_id: str, _urgency: Urgency, sign: Sign, text: str) -> bool:
    """A stand-in for the safety check: any phrase of the sign is in the text."""
    return any(phrase in text for phrase in sign.any)


def problems_of(folder: Path) -> list[Problem]:
    return check(read_folder(folder), TODAY, fires=says)


def test_sound_folder_is_silent(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert problems_of(folder) == []
    reading = read_folder(folder)
    built = build(reading.knowledge, WordEncoder())
    assert check(reading, TODAY, built=built, fires=says) == []


FAULTS: list[tuple[str, str, str, str, str, str]] = [
    # file, what is replaced, by what, where the line is, field, what the message says
    (BOTOX, "related: [retinol/how-to-start]", "related: [retinol/how-to-stat]", "related:",
     "related", "no entry 'retinol/how-to-stat'"),
    (BOTOX, "related: [retinol/how-to-start]", "related: [botox/how-long-does-it-last]", "related:",
     "related", "related to itself"),
    (BOTOX, "[retinol/how-to-start]", "\n  - retinol/how-to-start\n  - retinol/how-to-start",
     "  - retinol/how-to-start\nstatus", "related", "here twice"),
    (START, "status: signed-off", "status: retired", "", "related", "is retired"),
    (BOTOX, "not_for: [pregnancy]", "not_for: [pregnency]", "not_for:", "not_for",
     "no entry 'safety/pregnency'"),
    (SAFETY, "caution: If you are pregnant, please ask a doctor first.\n", "", "", "not_for",
     "no 'caution' sentence"),
    (BOTOX, "  - do the injections fade quickly\n", "", "questions:", "questions", "7 questions"),
    (BOTOX, "  - is the duration half a year\n", "", "test_questions:", "test_questions",
     "2 of them"),
    (BOTOX, "  - do the injections fade quickly", "  - How do I start RETINOL?", "  - How do I",
     "", "stands"),
    (BOTOX, "  - do the injections fade quickly", "  - How long does Botox last?!",
     "  - How long does", "questions", "line 5"),
    (START, "title: How to start retinol", "title: how long botox lasts", "title:", "title",
     "same title"),
    (BOTOX, "title: How long Botox lasts", "title: " + "x" * 61, "title:", "title", "61"),
    (BOTOX, "title: How long Botox lasts", "title: How long Botox lasts.", "title:", "title",
     "ends with '.'"),
    (BOTOX, "  - is the duration half a year", "  - does botox stay for longer", "  - does botox "
     "stay for longer", "test_questions", "line 10"),
    (BOTOX, "review_by: 2099-11-01", "review_by: 2026-11-20", "review_by:", "review_by",
     "was due on 2026-11-20"),
    (BOTOX, "review_by: 2099-11-01", "review_by: 2026-12-21", "review_by:", "review_by",
     "due in 30 days"),
    (BOTOX, "review_by: 2099-11-01", "review_by: 2026-10-01", "review_by:", "review_by",
     "not after the check"),
    (BOTOX, "checked_on: 2026-11-01", "checked_on: 2026-11-22", "checked_on:", "checked_on",
     "in the future"),
    (START, "sources:\n  - {title: A guideline, publisher: A society, evidence: guideline}\n", "",
     "status:", "sources", "no sources"),
    (BOTOX, "https://publisher.example/label", "publisher.example/label", "    url:",
     "sources.url", "not a web address"),
    (BOTOX, "It differs", "It differs. " + "So it may be. " * 40, "Most people", "short answer",
     "characters"),
    (BOTOX, "Most people see", "Considerable interindividual pharmacodynamic variability "
     "notwithstanding, the majority of recipients subsequently experience", "Considerable",
     "short answer", "reading grade"),
    (BOTOX, "- one of them", "1. one of them", "1. one", "More", "numbered"),
    (BOTOX, "- one of them", "* one of them", "* one", "More", "list with this sign"),
    (BOTOX, "## What", "### What", "### What", "More", "headings"),
    (BOTOX, "**longer**", "*longer*", "Some trials", "More", "italics"),
    (BOTOX, "**longer**", "**longer", "Some trials", "More", "bold"),
    (BOTOX, "**longer**", "<b>longer</b>", "Some trials", "More", "HTML"),
    (BOTOX, "**longer**", "`longer`", "Some trials", "More", "code"),
    (BOTOX, "(https://publisher.example/trial)", "(javascript:alert)", "- one", "More", "link"),
    (BOTOX, "[here]", "![here]", "- one", "More", "images"),
    (BOTOX, "We found little", "| a | b |", "| a", "More", "tables"),
    (BOTOX, "Most people see", "It is the best and most people see", "It is the best",
     "short answer", "'best' is a superlative"),
    (BOTOX, "It differs", "We guarantee it. It differs", "We guarantee", "short answer",
     "promises a result"),
    (BOTOX, "We found", "You are suitable. We found", "You are suitable", "More", "decides for"),
    (BOTOX, "We found", "Our patients love it. We found", "Our patients", "More", "testimonial"),
    (BOTOX, "We found", "Your virtual doctor. We found", "Your virtual", "More", "clinician"),
    (BOTOX, "We found", "We charge £250. We found", "We charge", "More", "price"),
    (BOTOX, "We found", "It is painless. We found", "It is painless", "More", "denies a risk"),
    (BOTOX, "We found", "Get 20% off. We found", "Get 20%", "More", "presses a visitor"),
    (BOTOX, "urgency: none", "urgency: emergency", "urgency:", "urgency", "folder safety"),
    (BOTOX, "urgency: none", "urgency: none\ncaution: Stop.", "caution:", "caution", "safety"),
    (SAFETY, "    any: [i am pregnant]\n", "", "  - name: pregnant", "signs", "no phrases"),
    (SAFETY, "    silent: [my dog is asleep]\n", "", "  - name: pregnant", "signs", "examples"),
    (SAFETY, "    fires: [i am pregnant]", "    fires: [expecting]", "    fires:", "signs.fires",
     "does not fire"),
    (SAFETY, "    silent: [my dog is asleep]", "    silent: [i am pregnant]", "    silent:",
     "signs.silent", "fires on"),
    ("clinic.yml", "jurisdiction: international", "jurisdiction: france", "jurisdiction:",
     "jurisdiction", "'france'"),
    ("clinic.yml", "country: uk", "country: fr", "country:", "country", "no line in"),
    ("clinic.yml", "uk: '999'", "uk: nine", "emergency_numbers:", "emergency_numbers.uk",
     "not a telephone number"),
    ("clinic.yml", "email: hello@clinic.example", "email: hello", "email:", "email", "'hello'"),
    ("clinic.yml", "phone: +44 20 7946 0000\n", "", "name:", "phone", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "at", "field", "says_"), FAULTS)
def test_planted_fault_is_found_on_its_line(
    tmp_path: Path, file: str, old: str, new: str, at: str, field: str, says_: str
) -> None:
    content = ORIGINAL[file].replace(old, new, 1)
    assert content != ORIGINAL[file]
    problems = problems_of(write(tmp_path, {file: content}))
    hits = [p for p in problems if p.field.startswith(field) and says_ in p.message]
    assert hits, [problem.format() for problem in problems]
    if "stands" in says_:  # reported at the later of the two entries
        assert hits[0].path.endswith(START)
        assert f"line {line_of(content, at)}" in hits[0].message
    elif at:
        assert (hits[0].path, hits[0].line) == (f"knowledge/{file}", line_of(content, at))
    else:  # the fault shows in the entry that names the changed one
        assert hits[0].path == f"knowledge/{BOTOX}"
        assert hits[0].line == line_of(ENTRY, f"{field}:")


def test_all_problems_of_all_files_come_at_once_and_sorted(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            BOTOX: ENTRY.replace("urgency: none", "urgency: no").replace("[pregnancy]", "[x]"),
            START: b"\xff",
            "clinic.yml": CLINIC.replace("name:", "nam:"),
        },
    )
    problems = problems_of(folder)
    assert problems == sorted(problems)
    assert {problem.path for problem in problems} == {
        "knowledge/clinic.yml",
        f"knowledge/{BOTOX}",
        f"knowledge/{START}",
    }
    assert {"urgency", "not_for"} <= {problem.field for problem in problems}


def test_retired_entries_may_be_old_and_badly_worded(tmp_path: Path) -> None:
    content = (
        PREGNANCY.replace("status: sourced", "status: retired")
        .replace("review_by: 2099-11-01", "review_by: 2026-11-02")
        .replace("Please ask", "We guarantee it. Please ask")
    )
    folder = write(tmp_path, {"safety/old.md": content.replace("title: P", "title: Old p")})
    assert problems_of(folder) == []


def test_amounts_of_money_are_named_where_they_may_be_advertising(tmp_path: Path) -> None:
    content = ENTRY.replace("We found", "The NHS says £100 to £350. We found")
    uk = CLINIC.replace("jurisdiction: international", "jurisdiction: uk")
    assert problems_of(write(tmp_path / "a", {BOTOX: content})) == []
    found = problems_of(write(tmp_path / "b", {BOTOX: content, "clinic.yml": uk}))
    assert [(p.severity, p.line) for p in found] == [("warning", line_of(content, "The NHS"))] * 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody can guarantee a result.",
        "The best evidence is from two trials.",
        "It is best to wait.",
        "Dr Example writes that it is the best way, but trials differ.",
        "Ask who is best placed to help.",
        "No treatment is perfect.",
        "It has not been proven.",
        "Nobody can tell whether you are suitable without seeing you.",
        "The NHS gives about £100 to £350.",
        "It costs 5 < 6 and a_b_c stays.",
        "Take 2 or 3 days off - or more.",
    ],
)
def test_honest_sentences_are_let_through(tmp_path: Path, sentence: str) -> None:
    content = ENTRY.replace("We found little", f"{sentence} We found little")
    assert problems_of(write(tmp_path, {BOTOX: content})) == []


def test_entry_that_none_of_its_tests_finds_is_an_error(tmp_path: Path) -> None:
    tests = ("pregnant with my second baby", "nursing a baby", "baby due in june")
    content = RETINOL
    for old, new in zip(
        ("retinol cream routine for a beginner", "vitamin a cream at night", "begin retinol slow"),
        tests,
        strict=True,
    ):
        content = content.replace(old, new + " please")
    more = {
        f"botox/extra-{name}.md": ENTRY.replace("title: How", f"title: {name} how").replace(
            "botox", f"pregnant nursing baby {name}"
        ).replace("related: [retinol", "related: [retinol")
        for name in ("one", "two", "three")
    }  # fmt: skip
    reading = read_folder(write(tmp_path, {START: content, **more}))
    problems = check(reading, TODAY, built=build(reading.knowledge, WordEncoder()))
    found = [p for p in problems if "none of them finds" in p.message and START in p.path]
    assert [(p.severity, p.line) for p in found] == [("error", line_of(content, "test_questions:"))]


def test_stolen_question_names_the_thief_and_its_question(tmp_path: Path) -> None:
    """A question worded like another entry's own is reported at its line."""
    content = RETINOL.replace("pea of retinol cream at night", "how long does my botox last")
    others = {
        f"botox/other-{name}.md": ENTRY.replace("title: How", f"title: {name} how")
        .replace("how long does botox last", f"how long does botox last {name}")
        .replace("weeks until", f"{name} weeks until")
        for name in ("alpha", "beta", "gamma")
    }
    reading = read_folder(write(tmp_path, {START: content, **others}))
    built = build(reading.knowledge, WordEncoder())
    stolen = [
        problem
        for problem in check(reading, TODAY, built=built, all_overlaps=True)
        if problem.path.endswith(START) and problem.field == "questions"
    ]
    problem = next(p for p in stolen if p.line == line_of(content, "how long does my botox last"))
    assert problem.severity == "warning"
    assert "botox/" in problem.message
    assert "how long does botox last" in problem.message


def test_entries_of_the_repo_have_no_problem_that_stops_a_publication() -> None:
    """Without the search: that needs the encoder, and `test_publish` has a test with it."""
    from bot.signs import sign_test

    reading = read_folder(ROOT / "knowledge")
    problems = check(reading, TODAY, fires=sign_test(reading.knowledge))
    assert [problem.format() for problem in problems if problem.severity == "error"] == []


def test_phrase_that_cannot_be_read_is_reported_at_its_sign(tmp_path: Path) -> None:
    def refuse(_id: str, _urgency: Urgency, _sign: Sign, _text: str) -> bool:
        raise ValueError("'[' is not a word.")

    problems = check(read_folder(write(tmp_path)), TODAY, fires=refuse)
    assert [(p.line, p.field, p.message) for p in problems] == [
        (line_of(PREGNANCY, "  - name: pregnant"), "signs", "pregnant: '[' is not a word.")
    ]
