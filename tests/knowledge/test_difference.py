from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge.difference import Change, differences, words
from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.read import read
from tests.knowledge.folder import write

ID = "botox/how-long-does-it-last"


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return read(write(tmp_path))[0]


def edited(knowledge: Knowledge, **values: object) -> Knowledge:
    entry = replace(knowledge.entries[ID], **values)  # type: ignore[arg-type]  # any field of it
    return replace(knowledge, entries={**knowledge.entries, ID: entry})


def test_the_same_has_no_differences(knowledge: Knowledge) -> None:
    assert differences(knowledge, edited(knowledge)) == []


def test_entries_and_fields_that_differ_are_named(knowledge: Knowledge) -> None:
    after = edited(knowledge, short="Other.", status=Status.DRAFT, related=())
    after.entries["botox/new"] = after.entries.pop("retinol/how-to-start")
    found = [(one.id, one.change) for one in differences(knowledge, after)]
    assert found == [
        (ID, Change.CHANGED),
        ("botox/new", Change.NEW),
        ("retinol/how-to-start", Change.REMOVED),
    ]
    changed = differences(knowledge, after)[0]
    assert {field.name for field in changed.fields} == {"short", "status", "related"}
    (status,) = (field for field in changed.fields if field.name == "status")
    assert (status.before, status.after) == (("sourced",), ("draft",))


def test_lists_have_a_line_for_each_item(knowledge: Knowledge) -> None:
    sources = knowledge.entries[ID].sources
    after = edited(knowledge, questions=("one", "two"), sources=(replace(sources[0], date=None),))
    questions, source = differences(knowledge, after)[0].fields
    assert questions.after == ("one", "two")
    assert "2019-11" in source.before[0] and "2019-11" not in source.after[0]


def test_clinic_and_terms_are_compared_too(knowledge: Knowledge) -> None:
    assert knowledge.clinic is not None
    clinic = replace(knowledge.clinic, phone="1", emergency_numbers={"uk": "112"})
    after = replace(knowledge, clinic=clinic, terms={"botox": ("tox",)})
    first, second = differences(knowledge, after)
    assert first.id == "clinic.yml"
    assert {field.name for field in first.fields} == {"phone", "emergency_numbers"}
    assert (second.id, second.fields[0].after) == ("terms.yml", ("tox",))


def test_words_that_went_and_came_are_told_apart() -> None:
    pieces = list(words("It lasts three months.", "It lasts four long months."))
    assert pieces == [
        (Change.SAME, "It lasts "),
        (Change.REMOVED, "three"),
        (Change.NEW, "four long"),
        (Change.SAME, " months."),
    ]
    assert list(words("", "")) == []


@pytest.mark.parametrize(
    ("before", "after"), [("a b", ""), ("", "a b"), ("x\n\ny", "x y"), ("é", "e")]
)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = list(words(before, after))
    assert "".join(text for change, text in pieces if change is not Change.NEW) == before
    assert "".join(text for change, text in pieces if change is not Change.REMOVED) == after
