from __future__ import annotations

import numpy as np

from bot.knowledge.embed import NO_VECTORS, Vectors, embed, indexed_texts, ready
from bot.knowledge.entry import Entry, Knowledge, Status
from tests.knowledge.folder import WordEncoder


def test_only_new_texts_are_embedded() -> None:
    known = embed(["a b", "c d"], WordEncoder())
    encoder = WordEncoder()
    vectors = embed(["a b", "c d", "e f"], encoder, known)
    assert encoder.asked == ["e f", "a b"]  # the second is the probe
    np.testing.assert_array_equal(vectors.of(["a b"]), known.of(["a b"]))
    np.testing.assert_allclose(vectors.of(["e f"]), WordEncoder().encode(["e f"]))


def test_vectors_of_another_encoder_are_not_used() -> None:
    """Whatever the change of model, the probe comes out differently."""
    other = Vectors({"a b": np.full(64, 0.125, dtype=np.float32)})
    shorter = Vectors({"a b": np.ones(1, dtype=np.float32)})
    for known in (other, shorter):
        vectors = embed(["a b", "c d"], WordEncoder(), known)
        np.testing.assert_allclose(vectors.of(["a b"]), WordEncoder().encode(["a b"]))


def test_nothing_to_embed() -> None:
    assert embed([], WordEncoder()).by_text == {}


def test_bytes_bring_back_the_vectors_and_other_bytes_none() -> None:
    vectors = embed(["ça va", "😀"], WordEncoder())
    again = Vectors.from_bytes(vectors.to_bytes())
    np.testing.assert_array_equal(again.of(["😀"]), vectors.of(["😀"]))
    assert Vectors.from_bytes(b"nonsense").by_text == {}
    assert Vectors.from_bytes(NO_VECTORS.to_bytes()).by_text == {}


def test_test_questions_are_never_indexed() -> None:
    entry = Entry(
        "botox/x", "T", "s", questions=("q",), test_questions=("t",), also_called=("dysport",)
    )
    assert indexed_texts(entry) == ["q", "T", "botox dysport"]


def test_drafts_and_retired_entries_are_not_published() -> None:
    entries = {
        status.value: Entry(f"a/{status.value}", status.value, "s", status=status)
        for status in Status
    }
    assert list(ready(Knowledge(entries))) == ["signed-off", "sourced"]
