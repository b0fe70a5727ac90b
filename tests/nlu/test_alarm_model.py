from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.entry import Urgency
from bot.nlu.alarm_model import AlarmModel, Example, Floats, fit, odds

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


KINDS = ("", SIGHT, SKIN)


def logits(text: str, sure: float = 4.0) -> Floats:
    """As `bot.knowledge.encode.Encoder.alarms` of one text: of `KINDS`, by the words of a sign."""
    sight = any(word in text for word in ("blind", "sight", "double"))
    skin = any(word in text for word in ("white", "grey"))
    return np.array([0, sure * (2 * sight - 1), sure * (2 * skin - 1)], dtype=np.float32)


@pytest.fixture(scope="module")
def model() -> AlarmModel:
    return fit(EXAMPLES)


def test_emergencies_score_higher_than_questions(model: AlarmModel) -> None:
    scores = [(model.score(e.text, logits(e.text)), e.entry_id) for e in EXAMPLES]
    assert min(score for score, id_ in scores if id_) > 0 > max(s for s, id_ in scores if not id_)


def test_each_view_counts(model: AlarmModel) -> None:
    """What is meant may outweigh how it is written, and the other way round."""
    text = EXAMPLES[0].text
    seen = [model.score(text, logits(text, sure)) for sure in (0.0, 1.0, 4.0)]
    assert seen == sorted(seen) and seen[0] < seen[2]
    other = "how much is lip filler"
    assert model.spelled(text).min() > 0 > model.spelled(other).max()
    assert model.score(other, logits(text)) < model.score(text, logits(text))


def test_a_typo_hides_little_of_a_sign_from_the_letters(model: AlarmModel) -> None:
    typed = "hello, my sister has gone blind in one eye, is that usual"
    letters, _ = model.spelled(typed)
    mistyped, _ = model.spelled(typed.replace("blind", "blidn"))
    assert mistyped > letters / 2 > 0


def test_odds_are_of_any_emergency_against_none() -> None:
    """Two kinds that are as likely as harmless each are twice as likely together."""
    assert odds(np.array([1, 1, 1], dtype=np.float32)) == pytest.approx(np.log(2))
    assert odds(np.array([3, 0, -50], dtype=np.float32)) == pytest.approx(-3)
    assert odds(np.array([0, 800, 799], dtype=np.float32)) == pytest.approx(
        800 + np.log1p(1 / np.e)
    )


def test_saved_arrays_make_the_same_model(model: AlarmModel) -> None:
    again = AlarmModel.of(model.arrays())
    text = "a white patch"
    assert again.score(text, logits(text)) == model.score(text, logits(text))
    assert all(array.dtype != object for array in model.arrays().values())


def test_a_kind_names_the_entry_and_an_urgency_of_its_own() -> None:
    mole = Example("the mole has changed", SKIN, Urgency.CONTACT_CLINIC)
    for example in (mole, Example("a white patch", SKIN), Example("how much is it", None)):
        assert Example.of(example.text, example.kind) == example
