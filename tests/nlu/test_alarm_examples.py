from __future__ import annotations

import json
import re
from pathlib import Path
from time import perf_counter

import pytest

from bot.knowledge.entry import Urgency
from bot.knowledge.read import read
from bot.knowledge.rules.words import words
from bot.nlu.alarm_examples import (
    FOLDER,
    HASTY,
    WINDOW,
    harmless_stretches,
    in_haste,
    is_alarm,
    join,
    read_examples,
    sign_examples,
)
from bot.nlu.alarm_model import Example
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


@pytest.mark.parametrize(
    "typed",
    [
        "HELP! My lip is white",
        "help!!! my lip is white!!!!!",
        "help 😭. my lip 😱😱 is white 🙏",
        "Help... my lip   is white.",
        "h\N{ZERO WIDTH SPACE}elp. my lip is white ‼️",
    ],
)
def test_tone_does_not_change_what_is_read(typed: str) -> None:
    assert join((), typed) == "help. my lip is white"
    assert join(["Hi!! 👋"], typed) == "hi\nhelp. my lip is white"


def test_some_are_learned_as_typed_in_haste_and_always_the_same_ones() -> None:
    """What a message tells stays: no word goes, and no line."""
    examples = read_examples()[::10]
    hasty = [in_haste(one) for one in examples]
    assert hasty == [in_haste(one) for one in examples]
    changed = [(a.text, b.text) for a, b in zip(examples, hasty, strict=True) if a != b]
    assert HASTY < len(changed) / len(examples) < 2 * HASTY + 0.05
    for before, after in changed:
        for told, hurried in zip(before.split("\n"), after.split("\n"), strict=True):
            assert len(re.findall(r"\w+", told)) == len(re.findall(r"\w+", hurried))
            assert hurried == hurried.strip()
    assert [one.entry_id for one in hasty] == [one.entry_id for one in examples]


def test_of_long_messages_that_are_harmless_each_stretch_is() -> None:
    story = " ".join(map(str, range(3 * WINDOW)))
    harmless, alarm = Example(story, None, is_kept_back=True), Example(story, "safety/infection")
    found = list(harmless_stretches([harmless, alarm, Example("short", None)]))
    assert [one.text.split()[0] for one in found] == ["0", "20", "40", "60", "80"]
    assert all(len(one.text.split()) == WINDOW for one in found)
    assert all(one.entry_id is None and one.is_kept_back for one in found)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is 50% off (£20/ml) ok, or a-b & c?", "is 50% off (£20/ml) ok, or a-b & c?"),
        ("is my lip white!?", "is my lip white?"),
        ("had .5 ml , then 3.5 ...", "had .5 ml, then 3.5"),
        ("my lip is white — i cant see … now", "my lip is white - i cant see. now"),
    ],
)
def test_marks_that_say_something_are_read(typed: str, read: str) -> None:
    assert join((), typed) == read


@pytest.mark.parametrize("text", ["", "!!!", "😱 🙏", "...", "\u200b"])
def test_what_has_no_word_adds_nothing(text: str) -> None:
    assert join((), text) == ""
    assert join(["my lip is white"], text) == "my lip is white"


def test_spaces_and_emoji_without_end_take_no_time() -> None:
    began = perf_counter()
    join((), "😱 " * 20_000)
    assert perf_counter() - began < 5


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "no entry"}', '{"entry": null}'])
def test_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.jsonl").write_text(json.dumps({"entry": None, "text": "x"}) + f"\n{line}\n")
    with pytest.raises(ValueError, match=r"some\.jsonl:2"):
        read_examples(tmp_path)


def test_examples_name_emergencies_that_there_are_and_none_stands_twice() -> None:
    examples = read_examples()
    entries = read(ROOT / "knowledge")[0].entries
    named = {example.entry_id for example in examples if example.urgency is None} - {None}
    assert named == {id_ for id_, entry in entries.items() if is_alarm(entry)}
    for example in examples:
        if example.entry_id is not None and example.urgency is not None:
            signs = entries[example.entry_id].signs
            assert example.urgency in {sign.urgency for sign in signs}, example
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
    assert any("\n" in one.text for one in examples), "what is told over two messages stays two"
    whole = {e.entry_id for e in examples if e.urgency is None} - {None}
    assert whole == {id_ for id_, entry in entries.items() if is_alarm(entry) and entry.signs}
    silent = {e.text for e in examples if e.entry_id is None}
    assert silent
    cautions = [e for e in entries.values() if e.urgency is Urgency.CAUTION]
    assert not silent & {text for e in cautions for sign in e.signs for text in sign.silent}
    assert FOLDER.is_dir()


def test_line_may_be_of_another_urgency_than_its_entry(tmp_path: Path) -> None:
    line = {"entry": "safety/eye-or-skin-injury", "urgency": "contact-clinic", "text": "a mole"}
    (tmp_path / "some.jsonl").write_text(json.dumps(line) + "\n")
    (example,) = read_examples(tmp_path)
    assert example.urgency is Urgency.CONTACT_CLINIC


def test_urgency_that_there_is_not_is_named(tmp_path: Path) -> None:
    line = {"entry": "safety/crisis", "urgency": "soon", "text": "x"}
    (tmp_path / "some.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(ValueError, match=r"some\.jsonl:1"):
        read_examples(tmp_path)


def test_signs_lend_their_own_urgency() -> None:
    """A changing mole of an entry on injuries; tablets in pregnancy of an entry on caution."""
    examples = list(sign_examples(read(ROOT / "knowledge")[0].entries))
    own = {(e.entry_id, e.urgency) for e in examples if e.urgency}
    assert ("safety/eye-or-skin-injury", Urgency.CONTACT_CLINIC) in own
    assert ("safety/isotretinoin", Urgency.URGENT_SAME_DAY) in own
    assert not any(urgency is Urgency.CAUTION for _, urgency in own)
