"""What the model of follow-ups learns from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.knowledge.read import read
from bot.nlu.follow_examples import FILE, FollowUp, read_follow_ups
from bot.settings import ROOT

LEARNED = FILE.with_name("learned.jsonl")
TESTS = [*(ROOT / "tests" / "understanding").glob("*.jsonl")]
LINE = {"context": ["does it hurt"], "text": "why", "needs": ["botox/does-it-hurt"], "leans": True}


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_a_line_becomes_a_follow_up(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    talk = {**LINE, "text": "ok thanks", "needs": ["smalltalk"]}
    path.write_text(f"{json.dumps(LINE)}\n{json.dumps(talk)}\n")
    assert read_follow_ups(path) == [
        FollowUp(("does it hurt",), "why", ("botox/does-it-hurt",)),
        FollowUp(("does it hurt",), "ok thanks", ()),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        json.dumps({"text": "why", "needs": ["botox/cost"]}),
        json.dumps({**LINE, "context": []}),
        json.dumps({**LINE, "context": [1]}),
        json.dumps({**LINE, "text": None}),
        json.dumps({**LINE, "needs": []}),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f"{json.dumps(LINE)}\n{line}\n")
    with pytest.raises(ValueError, match=r"some\.jsonl:2"):
        read_follow_ups(path)


@pytest.mark.parametrize("path", [FILE, LEARNED])
def test_they_ask_for_entries_that_there_are(path: Path) -> None:
    entries = read(ROOT / "knowledge")[0].entries
    follow_ups = read_follow_ups(path)
    assert {id_ for one in follow_ups for id_ in one.needs} <= set(entries)
    assert any(not one.needs for one in follow_ups)


def test_none_is_in_the_other_file() -> None:
    """What the encoder has learned cannot be tuned on."""
    one, other = ({(f.context, f.text) for f in read_follow_ups(p)} for p in (FILE, LEARNED))
    assert one.isdisjoint(other)


@pytest.mark.parametrize("path", [FILE, LEARNED])
def test_none_has_the_words_of_a_follow_up_that_tests_ask(path: Path) -> None:
    asked = {
        words(message["text"])
        for file in TESTS
        for message in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if message.get("context")
    }
    assert asked.isdisjoint(words(one.text) for one in read_follow_ups(path))
