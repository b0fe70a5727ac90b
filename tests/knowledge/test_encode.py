"""The encoder agrees with the model, whatever the text and whatever runs beside it."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge import minilm_graph, weights
from bot.knowledge.adapter import Adapter
from bot.knowledge.alarm_branch import AlarmBranch
from bot.knowledge.encode import DIMENSIONS, Encoder, EncoderError
from tests.knowledge.reference import Reference

TEXTS = {
    "short": "botox?",
    "question": "How long does Botox last if I go to the gym every day?",
    "long": "Is it safe to use retinol and a microneedling roller in the same week? " * 8,
    "over 300 tokens": "My forehead lines came back after ten weeks and I wonder why. " * 40,
    "empty": "",
    "blank": " \t\n ",
    "emoji": "my lips 😭😭 after filler 💉",
    "accents": "crème hydratante pour la peau sèche, naïve façade",
    "not Latin": "ботокс и филлеры 肉毒杆菌",
    "one endless word": "a" * 5000,
    "special tokens": "[CLS] [SEP] [PAD] [MASK]",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    weights.prepare(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Reference:
    """The published model, changed as the adapter says."""
    return Reference(folder, Adapter.load())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_one_text_equals_the_reference(encoder: Encoder, reference: Reference, text: str) -> None:
    """Each kind of text has the model's vector within 1e-5."""
    np.testing.assert_allclose(encoder.encode([text]), reference.encode([text]), atol=1e-5)


def test_a_mixed_batch_equals_the_reference(encoder: Encoder, reference: Reference) -> None:
    """Padding changes nothing, and the order given is the order returned."""
    texts = [*TEXTS.values(), *reversed(TEXTS.values())]
    np.testing.assert_allclose(encoder.encode(texts), reference.encode(texts), atol=1e-5)


def test_many_texts_over_several_batches_keep_their_order(encoder: Encoder) -> None:
    """More than one batch is filled, and each vector stands at its text's place."""
    texts = [f"question {number} " + "about skin " * (number % 13) for number in range(150)]
    one_by_one = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), one_by_one, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    """An empty list has an empty answer of the right width and type."""
    assert encoder.alarms([]).shape == (0, len(encoder.kinds))
    vectors = encoder.encode([])
    assert vectors.shape == (0, DIMENSIONS)
    assert vectors.dtype == np.float32


def test_vectors_have_length_one(encoder: Encoder) -> None:
    """So a dot product is a cosine."""
    vectors = encoder.encode(list(TEXTS.values()))
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_the_branch_equals_the_reference(encoder: Encoder, folder: Path) -> None:
    """Its layers are changed twice, and the classifier over them gives a logit for each kind."""
    branch = AlarmBranch.load()
    vectors = Reference(folder, Adapter.load().and_then(branch.adapter)).encode([*TEXTS.values()])
    logits = encoder.alarms(list(TEXTS.values()))
    assert encoder.kinds == branch.kinds
    np.testing.assert_allclose(logits, vectors @ branch.coef.T + branch.intercept, atol=2e-3)


def test_the_branch_leaves_the_vectors_alone(encoder: Encoder, folder: Path) -> None:
    """And an encoder that is changed otherwise has none."""
    alone = Encoder.load(folder, adapter=Adapter.load())
    texts = list(TEXTS.values())
    np.testing.assert_array_equal(encoder.encode(texts), alone.encode(texts))
    assert alone.kinds == ()


def test_a_paraphrase_is_nearer_than_another_subject(encoder: Encoder) -> None:
    """So the reference is not wrong in the same way as the graph."""
    question, paraphrase, other = encoder.encode(
        [
            "how long does botox last",
            "when will my wrinkle injections wear off",
            "are you open on sundays",
        ]
    )
    assert question @ paraphrase > question @ other


@pytest.mark.parametrize("kind", [Adapter, AlarmBranch])
def test_without_what_it_was_taught_it_says_what_is_missing(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Adapter] | type[AlarmBranch],
) -> None:
    """Nonsense, or no file at all, in its place is told in a sentence."""
    nonsense = tmp_path / "taught.npz"
    nonsense.write_bytes(b"PK\x03\x04 not an archive")
    load = kind.load
    file = "adapter.npz" if kind is Adapter else "alarms.npz"
    for path in (nonsense, tmp_path / "nowhere.npz"):
        monkeypatch.setattr(kind, "load", partial(load, path))
        with pytest.raises(EncoderError, match=f"{file} cannot be read"):
            Encoder.load(folder)


def test_text_is_read_up_to_256_tokens(encoder: Encoder) -> None:
    """What comes later has no influence, and what comes before has."""
    start = "skin " * 254
    first, second = encoder.encode([start + "botox", start + "retinol"])
    np.testing.assert_array_equal(first, second)
    first, second = encoder.encode(["skin " * 253 + "botox", "skin " * 253 + "retinol"])
    assert np.abs(first - second).max() > 1e-4


def test_half_an_emoji_does_no_harm(encoder: Encoder) -> None:
    """A lone surrogate, which JSON can carry and UTF-8 cannot, counts as a question mark."""
    broken, mended = encoder.encode(["my lips \ud83d", "my lips ?"])
    np.testing.assert_array_equal(broken, mended)


def test_one_text_is_computed_once(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The components of one turn share the work."""
    first = encoder.encode_one("does it hurt?")
    np.testing.assert_array_equal(first, encoder.encode(["does it hurt?"])[0])
    monkeypatch.setattr(encoder, "_session", None)
    assert encoder.encode_one("does it hurt?") is first


def test_a_remembered_vector_cannot_be_changed(encoder: Encoder) -> None:
    """One component cannot spoil it for the next."""
    with pytest.raises(ValueError, match="read-only"):
        encoder.encode_one("and fillers?")[0] = 1


def test_each_token_stands_where_it_was_typed(encoder: Encoder) -> None:
    """Rare words in pieces, and nothing for what frames the text."""
    tokens = encoder.tokens_one("Botox  hurts?")
    texts = ["Botox  hurts?"[begin:end] for begin, end in tokens.offsets]
    assert texts == ["", "Bot", "ox", "hurts", "?", ""]
    assert tokens.states.shape == (6, DIMENSIONS)


def test_tokens_of_many_texts_are_those_of_each(encoder: Encoder) -> None:
    """In the order given, without the padding."""
    texts = [*TEXTS.values(), *reversed(TEXTS.values())]
    for text, many in zip(texts, encoder.tokens(texts), strict=True):
        one = encoder.tokens_one(text)
        assert many.offsets == one.offsets
        np.testing.assert_allclose(many.states, one.states, atol=1e-4)
    assert encoder.tokens([]) == []


def test_a_token_is_read_in_its_place(encoder: Encoder) -> None:
    """The same word has another state where another word stands before it."""
    first, second = encoder.tokens(["does it last", "and it last"])
    assert np.abs(first.states[3] - second.states[3]).max() > 0.1


def test_vector_and_tokens_of_one_text_are_one_reading(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.encode_one("how long till it works")
    monkeypatch.setattr(encoder, "_session", None)
    assert len(encoder.tokens_one("how long till it works").offsets) == 7


def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    """At the same time, each gets its own text's vector."""
    texts = [f"does treatment {number} hurt" for number in range(40)]
    expected = [encoder.encode([text])[0] for text in texts]
    with ThreadPoolExecutor(4) as pool:
        for vector, right in zip(pool.map(encoder.encode_one, texts), expected, strict=True):
            np.testing.assert_array_equal(vector, right)


def test_shared_loads_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process has one encoder for a folder, and ENCODER_DIR is the folder if none is given."""
    monkeypatch.setenv("ENCODER_DIR", str(folder))
    assert Encoder.shared() is Encoder.shared(folder)


def test_a_folder_that_was_not_prepared_is_named(tmp_path: Path) -> None:
    """With the command that prepares it."""
    with pytest.raises(EncoderError, match="advisor prepare-encoder") as caught:
        Encoder.load(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere" / "model.safetensors") in str(caught.value)


def test_other_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    """One changed byte in 90 MB is found before anything is loaded."""
    shutil.copyfile(folder / "tokenizer.json", tmp_path / "tokenizer.json")
    wrong = tmp_path / "model.safetensors"
    shutil.copyfile(folder / "model.safetensors", wrong)
    with wrong.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)[0]
        file.seek(50_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(EncoderError, match="53aa51172d142c89") as caught:
        Encoder.load(tmp_path)
    assert str(wrong) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_runtime_that_cannot_load_the_graph_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runtime's own message is in it, and what to do."""
    monkeypatch.setattr(minilm_graph, "build", lambda weights: b"not a graph")
    with pytest.raises(EncoderError, match="make setup") as caught:
        Encoder.load(folder)
    assert "\n" not in str(caught.value)
