from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.knowledge.entry import Urgency
from bot.knowledge.read import read
from bot.knowledge.rules.words import words
from bot.nlu.alarm_examples import FOLDER, is_alarm, join, read_examples, sign_examples
from bot.settings import ROOT

TESTS = sorted((ROOT / "tests").rglob("*messages*.jsonl"))


def test_lines_become_examples(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text(
        json.dumps({"entry": "safety/crisis", "earlier": ["one", "two"], "text": "three"})
        + "\n"
        + json.dumps({"entry": None, "text": "four"})
        + "\n"
    )
    first, second = read_examples(tmp_path)
    assert (first.text, first.entry_id) == (join(["one", "two"], "three"), "safety/crisis")
    assert (second.text, second.entry_id) == ("four", None)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "no entry"}', '{"entry": null}'])
def test_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.jsonl").write_text(json.dumps({"entry": None, "text": "x"}) + f"\n{line}\n")
    with pytest.raises(ValueError, match=r"some\.jsonl:2"):
        read_examples(tmp_path)


def test_examples_name_emergencies_that_there_are_and_none_stands_twice() -> None:
    examples = read_examples()
    entries = read(ROOT / "knowledge")[0].entries
    named = {example.entry_id for example in examples} - {None}
    assert named == {id_ for id_, entry in entries.items() if is_alarm(entry)}
    texts = [words(example.text) for example in examples]
    assert len(set(texts)) == len(texts) > 1000
    assert sum(example.entry_id is None for example in examples) > 600


def test_no_example_is_a_message_that_tests_judge_by() -> None:
    """What is learned by heart proves nothing."""
    judged = {
        words(json.loads(line)["text"])
        for path in TESTS
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    }
    assert len(judged) > 1000
    learned = {words(example.text.split("\n")[-1]) for example in read_examples()}
    assert {" ".join(text) for text in learned & judged if len(text) > 3} == set()


def test_signs_lend_their_examples_on_both_sides() -> None:
    entries = read(ROOT / "knowledge")[0].entries
    examples = list(sign_examples(entries))
    assert {e.entry_id for e in examples} - {None} == {
        id_ for id_, entry in entries.items() if is_alarm(entry) and entry.signs
    }
    silent = {e.text for e in examples if e.entry_id is None}
    assert silent
    cautions = [e for e in entries.values() if e.urgency is Urgency.CAUTION]
    assert not silent & {text for e in cautions for sign in e.signs for text in sign.silent}
    assert FOLDER.is_dir()
