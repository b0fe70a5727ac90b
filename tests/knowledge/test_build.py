"""After an edit, what is taken from before comes out as if all were computed anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge import kept
from bot.knowledge.build import NOTHING, Built, build, calibrated
from bot.knowledge.entry import Entry, Knowledge, Status
from bot.knowledge.linear import Linear
from tests.knowledge.folder import WordEncoder

WORDS = [
    "botox",
    "filler",
    "retinol",
    "laser",
    "brow",
    "lip",
    "chin",
    "cheek",
    "sun",
    "sleep",
    "pain",
    "cost",
    "swell",
    "bruise",
    "age",
]


def knowledge(entries: int = 8, questions: int = 40) -> Knowledge:
    """Entries that share their words, so that each is near to others."""
    chance = np.random.default_rng(0)

    def ask(entry: int) -> str:
        own = [WORDS[entry], WORDS[entry + 1]]
        return " ".join([*chance.permutation([*own, *chance.choice(WORDS, 3)])])

    made = {}
    for number in range(entries):
        id_ = f"family/entry-{number}"
        made[id_] = Entry(
            id_,
            f"Title {WORDS[number]}",
            f"Short {WORDS[number]}.",
            questions=tuple(dict.fromkeys(ask(number) for _ in range(questions))),
            test_questions=(ask(number), ask(number)),
            status=Status.SOURCED,
        )
    return Knowledge(made)


BEFORE = knowledge()
FIRST = "family/entry-0"


def edited(**values: object) -> Knowledge:
    entry = replace(BEFORE.entries[FIRST], **values)  # type: ignore[arg-type]  # any field of it
    return replace(BEFORE, entries={**BEFORE.entries, FIRST: entry})


QUESTIONS = BEFORE.entries[FIRST].questions
EDITS = {
    "the answer": edited(short="Another answer about sleep."),
    "a question more": edited(questions=(*QUESTIONS, "entirely new zebra brow")),
    "a question reworded": edited(questions=("does a zebra sleep", *QUESTIONS[1:])),
    "questions fewer": edited(questions=QUESTIONS[3:]),
    "an entry gone": edited(status=Status.RETIRED),
    "an entry more": replace(
        BEFORE,
        entries={
            **BEFORE.entries,
            "family/new": replace(
                BEFORE.entries[FIRST],
                id="family/new",
                title="New",
                questions=tuple(f"zebra {word} stripes" for word in WORDS),
            ),
        },
    ),
    "a question moved to another entry": replace(
        edited(questions=QUESTIONS[1:]),
        entries={
            **edited(questions=QUESTIONS[1:]).entries,
            "family/entry-1": replace(
                BEFORE.entries["family/entry-1"],
                questions=(*BEFORE.entries["family/entry-1"].questions, QUESTIONS[0]),
            ),
        },
    ),
    "nothing": BEFORE,
}


@pytest.fixture(scope="module")
def first() -> Built:
    return calibrated(build(BEFORE, WordEncoder()))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_gives_what_building_anew_gives(name: str, first: Built) -> None:
    """Vectors and n-grams to the last digits, scores within a tenth (they range over 10)."""
    cold = build(EDITS[name], WordEncoder())
    warm = build(EDITS[name], WordEncoder(), first.as_earlier())
    assert warm.index.entry_ids == cold.index.entry_ids
    assert warm.index.questions == cold.index.questions
    assert (warm.index.owners == cold.index.owners).all()
    np.testing.assert_allclose(warm.index.vectors, cold.index.vectors, atol=1e-6)
    for part in ("ngrams", "stems"):
        one, other = getattr(warm.index, part), getattr(cold.index, part)
        assert (one.starts == other.starts).all() and (one.rows == other.rows).all()
        np.testing.assert_allclose(one.values, other.values, atol=1e-6)
        np.testing.assert_allclose(one.idf, other.idf, atol=1e-6)
    warm_left, cold_left = warm.left_out, cold.left_out
    for part in ("nearest", "closest"):
        np.testing.assert_allclose(
            getattr(warm_left.compared.pairs, part),
            getattr(cold_left.compared.pairs, part),
            atol=1e-5,
        )
    np.testing.assert_allclose(
        warm_left.compared.pairs.letters, cold_left.compared.pairs.letters, atol=0.02
    )
    assert np.std(warm_left.scores - cold_left.scores) < 0.1
    texts = [text for entry in EDITS[name].entries.values() for text in entry.test_questions]
    vectors = WordEncoder().encode(texts)
    blended = [built.index.scores(texts, vectors).blended for built in (warm, cold)]
    assert np.std(blended[0] - blended[1]) < 0.1
    assert warm.index.temperature == pytest.approx(cold.index.temperature, rel=0.25)


def test_an_edit_of_the_answer_alone_fits_nothing(
    first: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Linear, "fit")
    encoder = WordEncoder()
    warm = build(EDITS["the answer"], encoder, first.as_earlier())
    assert warm.index.linear is first.index.linear
    assert len(encoder.asked) == 2  # title and short answer, and the probe


def test_a_new_question_is_learned(first: Built) -> None:
    """However little one of many moves the whole."""
    query = "entirely new zebra brow"
    vector = WordEncoder().encode([query])
    place = first.index.entry_ids.index(FIRST)
    warm = build(EDITS["a question more"], WordEncoder(), first.as_earlier())
    before, after = first.index.linear.logits(vector), warm.index.linear.logits(vector)
    assert (after - after.mean())[0, place] > (before - before.mean())[0, place]


def test_what_another_encoder_made_is_not_used(first: Built) -> None:
    class Other(WordEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            return super().encode(texts)[:, ::-1].copy()

    warm, cold = build(BEFORE, Other(), first.as_earlier()), build(BEFORE, Other())
    np.testing.assert_allclose(warm.index.vectors, cold.index.vectors, atol=1e-6)
    assert np.std(warm.left_out.scores - cold.left_out.scores) < 0.1


def test_many_edits_in_a_row_do_not_add_up(first: Built) -> None:
    earlier = first.as_earlier()
    for number in range(12):
        questions = (*QUESTIONS[number:], *(f"zebra {n} brow" for n in range(number)))
        warm = build(edited(questions=questions), WordEncoder(), earlier)
        assert len(warm.left_out.scores)
        earlier = warm.as_earlier()
    cold = build(edited(questions=questions), WordEncoder())
    np.testing.assert_allclose(warm.index.ngrams.values, cold.index.ngrams.values, atol=1e-5)
    letters = [built.left_out.compared.pairs.letters for built in (warm, cold)]
    np.testing.assert_allclose(*letters, atol=0.05)
    assert np.std(warm.left_out.scores - cold.left_out.scores) < 0.15


def test_what_is_kept_comes_back(first: Built, tmp_path: Path) -> None:
    kept.save(tmp_path, first)
    assert [path.name for path in tmp_path.iterdir()] == [kept.FILE_NAME]
    encoder = WordEncoder()
    again = build(BEFORE, encoder, kept.load(tmp_path))
    assert len(encoder.asked) == 1  # the probe
    assert again.index.linear.coef.tolist() == first.index.linear.coef.tolist()
    np.testing.assert_allclose(again.left_out.scores, first.left_out.scores, atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 cut off"])
def test_what_is_damaged_is_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / kept.FILE_NAME).write_bytes(content)
    assert kept.load(tmp_path) is NOTHING
    assert kept.load(tmp_path / "nowhere") is NOTHING


def test_a_folder_that_cannot_be_written_is_no_failure(first: Built, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept.save(tmp_path / "file", first)
