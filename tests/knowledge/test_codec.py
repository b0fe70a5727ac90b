from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge.codec import CodecError, digest, from_json, to_json
from bot.knowledge.entry import Entry, Knowledge, Urgency
from bot.knowledge.read import read
from tests.knowledge.folder import write


def test_knowledge_comes_back_as_it_was(tmp_path: Path) -> None:
    knowledge, _ = read(write(tmp_path))
    assert from_json(to_json(knowledge)) == knowledge


def test_urgency_of_a_sign_and_unicode_come_back() -> None:
    from bot.knowledge.entry import Sign

    sign = Sign("s", needs=(("a", "b"), ("ç",)), urgency=Urgency.EMERGENCY)
    knowledge = Knowledge({"a/b": Entry("a/b", "Ça 😀", "x", signs=(sign,))})
    assert from_json(to_json(knowledge)) == knowledge


def test_order_of_the_entries_does_not_change_the_digest() -> None:
    one, two = Entry("a/one", "One", "x"), Entry("a/two", "Two", "y")
    forward = to_json(Knowledge({"a/one": one, "a/two": two}))
    backward = to_json(Knowledge({"a/two": two, "a/one": one}))
    assert digest(forward) == digest(backward)
    changed = to_json(Knowledge({"a/one": one, "a/two": replace(two, short="z")}))
    assert digest(changed) != digest(forward)


def test_fields_of_another_version_are_dropped_and_defaults_taken() -> None:
    data = json.loads(to_json(Knowledge({"a/b": Entry("a/b", "T", "s")})))
    data["entries"]["a/b"]["colour"] = "blue"
    del data["entries"]["a/b"]["signs"]
    assert from_json(json.dumps(data)).entries["a/b"] == Entry("a/b", "T", "s")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", '{"entries": 3}', '{"entries": {"a/b": {"title": "no id"}}}',
     '{"entries": {"a/b": {"id": "a/b", "title": "t", "short": "s", "urgency": "odd"}}}'],
)  # fmt: skip
def test_something_else_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        from_json(text)
