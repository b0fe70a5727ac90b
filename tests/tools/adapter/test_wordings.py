"""What the encoder's adapter is shown: no test question, and no message that is kept back."""

from __future__ import annotations

from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import numpy as np
import pytest

from bot.advice.language import Language
from bot.knowledge.adapter import kept_back
from bot.knowledge.alarm_branch import AlarmBranch
from bot.knowledge.asked import Asked
from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.entry import Entry, Knowledge
from bot.knowledge.read import read
from bot.nlu.alarm_data import alarm_data
from bot.nlu.alarm_examples import harmless_stretches, read_examples
from bot.nlu.seams import AROUND
from bot.nlu.several_examples import read_several
from bot.settings import ROOT


@pytest.fixture(scope="module")
def wordings() -> ModuleType:
    """A script beside the package, loaded from its file."""
    spec = spec_from_file_location("wordings", ROOT / "tools" / "adapter" / "wordings.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The knowledge files."""
    return read(ROOT / "knowledge")[0]


@pytest.fixture(scope="module")
def entries(knowledge: Knowledge) -> dict[str, Entry]:
    """Those that can be found."""
    return ready(knowledge)


@pytest.fixture(scope="module")
def asked(
    wordings: ModuleType, knowledge: Knowledge, entries: dict[str, Entry]
) -> list[tuple[str, dict[str, float]]]:
    """What the adapter learns to tell apart."""
    return list(wordings.asked(entries, Language(knowledge.terms)))


def test_test_questions_are_not_shown_and_every_entry_is(
    asked: list[tuple[str, dict[str, float]]], entries: dict[str, Entry]
) -> None:
    shown = {text.lower() for text, _ in asked}
    tests = {text.lower() for entry in entries.values() for text in entry.test_questions}
    assert len(tests) > 400
    assert not shown & tests
    assert entries.keys() <= {label for _, shares in asked for label in shares}
    assert all(share > 0 for _, shares in asked for share in shares.values())


def test_messages_that_are_kept_back_are_not_shown(
    wordings: ModuleType, asked: list[tuple[str, dict[str, float]]]
) -> None:
    """They judge what is made of the encoder's vectors."""
    several = {message.text for message in read_several()}
    back = {text for text in several if kept_back(text)}
    shown = {text for text, _ in wordings.seams()["messages"]}
    assert back
    assert shown <= several - back
    assert len(shown) > 0.7 * len(several)
    assert not {text for text, _ in asked} & back


def test_emergencies_that_are_kept_back_are_not_shown(
    wordings: ModuleType, entries: dict[str, Entry]
) -> None:
    examples = read_examples()
    back = {example.text for example in examples if example.is_kept_back}
    for rows in (wordings.alarms, wordings.kinds):
        shown = {text for text, _ in rows(entries)}
        assert back
        assert not shown & back
        assert {example.text for example in examples} - back <= shown


def test_the_branch_is_shown_what_the_classifier_learns_from(
    wordings: ModuleType, entries: dict[str, Entry]
) -> None:
    """But what is kept back; the kinds are those of the product's own branch."""
    rows = list(wordings.kinds(entries))
    pairs = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
    known = Asked(
        entries,
        tuple(id_ for id_, _ in pairs),
        tuple(text for _, text in pairs),
        np.zeros((0, 384), dtype=np.float32),
    )
    every = [*alarm_data(known), *harmless_stretches(read_examples())]
    learned = [example for example in every if not example.is_kept_back]
    assert len(rows) == len(learned)
    assert Counter(kind for _, shares in rows for kind in shares) == Counter(
        example.kind for example in learned
    )
    assert {kind for _, shares in rows for kind in shares} == set(AlarmBranch.load().kinds)


def test_places_of_words_come_with_what_begins_a_question(wordings: ModuleType) -> None:
    rows = wordings.seams()
    assert rows["around"] == AROUND
    assert any(begins for _, words in rows["messages"] for _, begins in words)
    assert all(text[start].isalnum() for text, words in rows["messages"] for start, _ in words)


def test_questions_in_their_place_are_those_of_the_messages_that_are_shown(
    wordings: ModuleType, entries: dict[str, Entry]
) -> None:
    rows = dict(wordings.in_place(entries))
    known = {message.text: message for message in read_several()}
    assert rows.keys() == {text for text in known if not kept_back(text)}
    for text, questions in rows.items():
        assert [text[begin:end] for begin, end, _ in questions] == list(known[text].texts)
        assert all(needs == sorted(set(needs) & entries.keys()) for _, _, needs in questions)
    assert sum(bool(needs) for questions in rows.values() for _, _, needs in questions) > 8_000


def test_mistyped_texts_are_read_as_they_would_be(wordings: ModuleType) -> None:
    """With so many typos, of which spelling may put some right; always the same ones."""
    texts = [f"does botox number {number} wear off by itself" for number in range(40)]
    mistyped = wordings.mistyped(str, 1, 2)
    changed = [mistyped(text) for text in texts]
    assert sum(one != text for one, text in zip(changed, texts, strict=True)) > 30
    assert all(abs(len(one) - len(text)) <= 2 for one, text in zip(changed, texts, strict=True))
    again = wordings.mistyped(str, 1, 2)
    assert changed == [again(text) for text in texts]
    put_right = wordings.mistyped(lambda _: "put right", 1)
    assert put_right(texts[0]) == "put right"


def test_a_text_stays_and_is_shown_as_typed_in_other_ways_too(wordings: ModuleType) -> None:
    (row,) = wordings.otherwise([("My lip, white?", {"a/b": 1})], str.lower, str.upper)
    assert row == ("My lip, white?", {"a/b": 1}, ["my lip, white?", "MY LIP, WHITE?"])
