"""What is learned about several questions in one message is well formed, and not what tests judge
by.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.advice.services import INTENT_OF
from bot.knowledge.read import read
from bot.knowledge.rules.words import words
from bot.nlu.several_examples import read_several
from bot.settings import ROOT

TESTS = sorted((ROOT / "tests" / "understanding").glob("*.jsonl"))
NO_ENTRY = {"other", "smalltalk"}
"""What a need begins with that is none."""


def test_a_line_becomes_a_message_and_where_its_questions_begin(tmp_path: Path) -> None:
    parts = [
        {"text": "does it hurt,", "needs": ["botox/does-it-hurt"]},
        {"text": "and the cost", "needs": ["botox/cost", "service/price-here"]},
    ]
    (tmp_path / "some.jsonl").write_text(json.dumps({"parts": parts}) + "\n")
    (message,) = read_several(tmp_path)
    assert message.text == "does it hurt, and the cost"
    assert [message.text[start:][:4] for start in message.starts] == ["does", "and "]
    assert message.needs[1] == {"botox/cost", "service/price-here"}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"text": "no parts"}',
        '{"parts": []}',
        '{"parts": ["why"]}',
        '{"parts": [{"text": " ", "needs": ["a/b"]}]}',
        '{"parts": [{"text": "why", "needs": []}]}',
        '{"parts": [{"text": "why", "needs": "a/b"}]}',
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    good = json.dumps({"parts": [{"text": "why", "needs": ["a/b"]}]})
    (tmp_path / "some.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(ValueError, match=r"some\.jsonl:2"):
        read_several(tmp_path)


def test_they_ask_for_entries_that_there_are_and_some_have_one_question_only() -> None:
    messages = read_several()
    entries = set(read(ROOT / "knowledge")[0].entries)
    asked = {need for message in messages for needs in message.needs for need in needs}
    beside = {id_ for id_ in asked - entries if id_.split("/")[0] not in NO_ENTRY}
    assert beside == set(INTENT_OF), "what the clinic answers of itself goes by these names alone"
    assert sum(len(message.texts) == 1 for message in messages) > 300
    assert sum(len(message.texts) > 1 for message in messages) > 600


def test_none_stands_twice_or_is_a_message_that_tests_judge_by() -> None:
    """What is learned by heart proves nothing."""
    learned = [words(message.text) for message in read_several()]
    assert len(set(learned)) == len(learned)
    judged = {
        words(json.loads(line)["text"])
        for path in TESTS
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert len(judged) > 500
    assert {" ".join(text) for text in set(learned) & judged} == set()
