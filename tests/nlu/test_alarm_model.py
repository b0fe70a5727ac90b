from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest

from bot.knowledge.entry import Urgency
from bot.nlu.alarm_model import GAMMA, AlarmModel, C, Example, Floats, fit, held_out
from bot.nlu.kernel import Machine

SIGHT, SKIN = "safety/vision-change", "safety/filler-skin-colour-or-severe-pain"
EXAMPLES = [
    *(
        Example(f"{who} {sign} since the filler", entry)
        for who in ("i have", "my mum has", "suddenly")
        for sign, entry in (
            ("gone blind in one eye", SIGHT),
            ("lost the sight on the left", SIGHT),
            ("seen double", SIGHT),
            ("a white patch on the lip", SKIN),
            ("a lip that is turning grey", SKIN),
        )
    ),
    *(
        Example(f"{ask} {what}", None)
        for ask in ("how much is", "does it hurt to have", "how long lasts")
        for what in ("lip filler", "botox", "a peel", "cheek filler", "retinol", "a facial")
    ),
]


def vector(text: str) -> Floats:
    """A direction for each word, added up: near for texts that share words."""
    total = np.zeros(384, dtype=np.float32)
    for word in text.split():
        total += np.random.default_rng(crc32(word.encode())).normal(size=384).astype(np.float32)
    result: Floats = total / np.linalg.norm(total)
    return result


VECTORS = np.stack([vector(example.text) for example in EXAMPLES])


@pytest.fixture(scope="module")
def model() -> AlarmModel:
    return fit(EXAMPLES, VECTORS)


def test_emergencies_score_higher_than_questions(model: AlarmModel) -> None:
    scores = [model.score(e.text, v) for e, v in zip(EXAMPLES, VECTORS, strict=True)]
    alarms = [score for score, e in zip(scores, EXAMPLES, strict=True) if e.entry_id]
    others = [score for score, e in zip(scores, EXAMPLES, strict=True) if not e.entry_id]
    assert min(alarms) > 0 > max(others)


def test_new_words_around_a_sign_and_typos_do_not_hide_it(model: AlarmModel) -> None:
    near = "hello, my sister has gone blidn in one eye, is that usual"
    far = "hello, is it usual that my sister wants lip filler"
    assert model.score(near, vector(near)) > 0 > model.score(far, vector(far))


def test_it_tells_which_emergency(model: AlarmModel) -> None:
    assert model.like("", vector("seen double on the left")).entry_id == SIGHT
    assert model.like("", vector("grey patch on the lip")).entry_id == SKIN


def test_what_a_score_can_be_at_most_is_never_below_it(model: AlarmModel) -> None:
    for example, own in zip(EXAMPLES, VECTORS, strict=True):
        assert model.at_most(example.text) >= model.score(example.text, own) - 1e-4


def test_what_is_far_from_every_emergency_does_not_move_the_border() -> None:
    """The machine is shown the nearer half of the harmless ones."""
    opposite = -VECTORS[[example.entry_id is not None for example in EXAMPLES]].mean(axis=0)
    opposite /= np.linalg.norm(opposite)
    far = [Example(f"far {number}", None) for number in range(18)]
    vectors = np.concatenate([VECTORS, np.tile(opposite, (len(far), 1))]).astype(np.float32)
    crowded = fit([*EXAMPLES, *far], vectors).meaning
    whole = Machine.fit(
        VECTORS, np.array([example.entry_id is not None for example in EXAMPLES]), GAMMA, C
    )
    np.testing.assert_allclose(crowded.scores(VECTORS), whole.scores(VECTORS), atol=1e-3)


def test_saved_arrays_make_the_same_model(model: AlarmModel, tmp_path: object) -> None:
    again = AlarmModel.of(model.arrays())
    assert again.kinds == model.kinds
    text = "a white patch"
    assert again.score(text, vector(text)) == model.score(text, vector(text))
    assert all(array.dtype != object for array in model.arrays().values())


def test_held_out_scores_are_of_models_that_have_not_seen_the_example() -> None:
    """One that contradicts all others is believed only by a model that was told."""
    odd = Example("how much is lip filler", SIGHT)
    examples = [*EXAMPLES, odd]
    vectors = np.concatenate([VECTORS, vector(odd.text)[None, :]])
    assert held_out(examples, vectors, 3)[-1] < 0


def test_it_tells_what_can_wait() -> None:
    mole = [Example(f"{who} mole has changed", SKIN, Urgency.CONTACT_CLINIC) for who in "abcd"]
    vectors = np.concatenate([VECTORS, *(vector(one.text)[None, :] for one in mole)])
    model = AlarmModel.of(fit([*EXAMPLES, *mole], vectors).arrays())
    assert model.like("x", vector("the mole has changed")) == Example(
        "x", SKIN, Urgency.CONTACT_CLINIC
    )
    assert model.like("x", vector("grey patch on the lip")) == Example("x", SKIN)
