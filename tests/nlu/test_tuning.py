"""The thresholds come from the data kept for them, and say so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.advice.decide import THRESHOLDS, Thresholds
from bot.advice.understanding import OUTSIDE as OUTSIDE_INTENTS
from bot.cli.tune import OUTSIDE
from bot.knowledge.asked import asked
from bot.knowledge.encode import DIMENSIONS, Encoder, Tokens
from bot.knowledge.live import Publication
from bot.nlu import alarm_data, follow_examples, tuning
from bot.nlu.alarm_examples import WINDOW, read_examples
from bot.nlu.alarm_reader import length
from bot.nlu.alarm_tuning import tune_alarms
from bot.nlu.boundary import Boundary
from bot.nlu.follow import Follow
from bot.nlu.follow_examples import read_follow_ups, talk
from bot.nlu.intent_classifier import IntentModel, fit
from bot.nlu.logistic import Logistic
from bot.nlu.multi_question import lone
from bot.nlu.parts import PartModel
from bot.nlu.parts_tuning import NEEDLESS
from bot.nlu.scope import Scope
from bot.nlu.several_examples import read_several
from bot.nlu.tuning import STRENGTH, Tuned, intent_examples, tune
from bot.settings import ROOT

NLU = ROOT / "data" / "nlu"
OUTSIDERS = [
    line
    for line in OUTSIDE.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
ORIGIN = {
    "computed_on",
    "computed_by",
    "publication",
    "questions_in_scope",
    "messages_out_of_scope",
    "hit_at_1",
    "questions_declined",
    "out_of_scope_declined",
    "alarms_found",
    "alarms_in_doubt",
    "others_in_doubt",
    "doubts_settled",
    "beside_a_question_lost",
    "several_all_answered",
    "clinic_facts_found",
    "needless_second_answers",
    "follow_ups_found",
    "follow_ups_declined",
    "talk_taken_for_follow_ups",
}
NUMBERS = {
    *(
        "in_scope",
        "sure",
        "several",
        "alarm",
        "doubt",
        "longer",
        "goes_on",
        "scope",
        "follow",
        "parts",
    ),
}


class Remembering:
    """The encoder, which encodes each text once for all the tests here."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def encode(self, texts: Sequence[str]) -> Any:
        """As `Encoder.encode`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, Encoder.shared().encode(new), strict=True))
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def encode_one(self, text: str) -> Any:
        """As `Encoder.encode_one`."""
        return self.encode([text])[0]

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """As `Encoder.tokens`."""
        return Encoder.shared().tokens(texts)

    @property
    def kinds(self) -> tuple[str, ...]:
        """As `Encoder.kinds`."""
        return Encoder.shared().kinds

    def alarms(self, texts: Sequence[str]) -> Any:
        """As `Encoder.alarms`."""
        return Encoder.shared().alarms(texts)


@pytest.fixture(scope="module")
def encoder() -> Remembering:
    return Remembering()


@pytest.fixture(scope="module")
def fitted() -> list[IntentModel]:
    """The intent classifiers that tuning has fitted."""
    return []


@pytest.fixture(scope="module")
def tuned(publication: Publication, encoder: Encoder, fitted: list[IntentModel]) -> Tuned:
    """On every twentieth example of alarms, every tenth ordinary message beside them, every
    twentieth that is borrowed for follow-ups, a third of these, and a twelfth of the messages with
    several questions and of what has one: all would take minutes.
    """

    def fit_once(*given: Any) -> IntentModel:
        fitted.append(fit(*given))
        return fitted[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "fit", fit_once)
        patch.setattr(alarm_data, "EVERY", 20)
        patch.setattr(alarm_data, "read_examples", lambda: read_examples()[::20])
        patch.setattr(
            tuning,
            "tune_alarms",
            lambda encoder, correct, ordinary: tune_alarms(encoder, correct, ordinary[::10]),
        )
        patch.setattr(tuning, "read_several", lambda: read_several()[::12])
        patch.setattr(tuning, "lone", lambda texts: lone(texts)[::12])
        patch.setattr(tuning, "read_follow_ups", lambda: read_follow_ups()[::3])
        patch.setattr(tuning, "talk", lambda *given: talk(*given)[::20])
        patch.setattr(follow_examples, "EVERY", 20)
        return tune(publication, encoder, NLU, OUTSIDERS, date.today())


def test_it_gives_every_number_and_where_it_comes_from(
    tuned: Tuned, publication: Publication
) -> None:
    assert set(tuned.data) == ORIGIN | NUMBERS
    assert tuned.data["publication"] == publication.digest
    assert tuned.data["computed_on"] == date.today().isoformat()
    assert tuned.data["messages_out_of_scope"] == len(OUTSIDERS)
    asked = sum(len(entry.test_questions) for entry in publication.knowledge.entries.values())
    assert tuned.data["questions_in_scope"] == asked


def test_what_it_writes_can_be_read_by_those_who_use_it(tuned: Tuned, tmp_path: Path) -> None:
    path = tmp_path / "thresholds.json"
    path.write_text(json.dumps(tuned.data))
    thresholds, scope, follow = Thresholds.load(path), Scope.load(path), Follow.load(path)
    assert 0 < thresholds.in_scope < 1
    assert 0 < thresholds.sure < 1
    for model, features in ((scope.model, 7), (follow.model, 16)):
        assert len(model.means) == len(model.scales) == len(model.weights) == features
    assert thresholds.in_scope <= thresholds.goes_on < 1
    parts = PartModel.load(path)
    assert 0 < parts.seam < 1
    assert 0 < thresholds.several <= 1


def test_a_second_answer_is_seldom_given_where_none_is_asked_for(tuned: Tuned) -> None:
    """And where it is, often all are given."""
    assert tuned.data["needless_second_answers"] <= NEEDLESS
    assert tuned.data["several_all_answered"] > 0.2


def test_a_follow_up_is_judged_by_the_threshold_of_every_question(tuned: Tuned) -> None:
    """Its chance is such that no more of them are declined."""
    assert tuned.data["follow_ups_declined"] <= 0.03
    assert tuned.data["follow_ups_found"] > 0.7


def test_it_separates_the_data_it_was_given(
    tuned: Tuned, publication: Publication, encoder: Encoder, fitted: list[IntentModel]
) -> None:
    """Looked at anew with the model it gives, and as the folds saw it within a few points."""
    index, (intents,) = publication.index, fitted
    examples = intent_examples(NLU)
    beyond = [text for intent in OUTSIDE_INTENTS for text in examples[intent]]
    boundary = Boundary.fit(asked(), encoder.encode(beyond))
    scope = Scope(Logistic.of(tuned.data["scope"]["model"]))

    def declined(messages: list[str]) -> float:
        vectors = encoder.encode(messages)
        chances = [
            scope.probability(hits, intents.ranking(vector), boundary.score(vector))
            for hits, vector in zip(
                index.search_many(messages, vectors, len(index)), vectors, strict=True
            )
        ]
        return float(np.mean(np.array(chances) < tuned.data["in_scope"]))

    entries = publication.knowledge.entries.values()
    inside = [text for entry in entries for text in entry.test_questions]
    assert declined(OUTSIDERS) == pytest.approx(tuned.data["out_of_scope_declined"], abs=0.03)
    assert declined(inside) == pytest.approx(tuned.data["questions_declined"], abs=0.03)
    assert tuned.data["out_of_scope_declined"] > 0.8
    assert tuned.data["questions_declined"] < 0.2


def test_what_is_in_use_was_computed_and_not_typed(tuned: Tuned) -> None:
    """The committed numbers carry their origin, and tuning anew gives near the same."""
    used = json.loads(THRESHOLDS.read_text(encoding="utf-8"))
    assert set(used) == set(tuned.data)
    assert used["computed_by"] == "advisor tune"
    date.fromisoformat(used["computed_on"])
    assert used["messages_out_of_scope"] == len(OUTSIDERS)
    assert abs(used["in_scope"] - tuned.data["in_scope"]) < 0.25
    assert abs(used["sure"] - tuned.data["sure"]) < 0.1


def test_few_emergencies_are_in_doubt_and_many_of_the_others_are_settled(tuned: Tuned) -> None:
    """And a long message may look more alarming and be harmless."""
    assert 0 < tuned.data["alarms_in_doubt"] < 0.3  # of a small sample; of all it is less
    used = json.loads(THRESHOLDS.read_text(encoding="utf-8"))
    at_most = used["doubt"] + used["longer"] * length("word " * WINDOW)
    assert used["longer"] > 0
    assert at_most < min(0, used["alarm"])
    assert used["doubts_settled"] > 0.2


def test_the_strength_is_the_one_in_the_configuration() -> None:
    assert f"strength: {STRENGTH:.0f}" in (ROOT / "config.yml").read_text(encoding="utf-8")


@pytest.fixture
def two_intents(tmp_path: Path) -> Path:
    """Intents that are quickly fitted."""
    for name, text in (("greet", "hello"), ("thank", "thanks")):
        lines = "".join(f"    - {text} {number}\n" for number in range(3))
        (tmp_path / f"{name}.yml").write_text(f"nlu:\n- intent: {name}\n  examples: |\n{lines}")
    return tmp_path


@pytest.mark.parametrize(
    ("outside", "today"), [([], date.today()), (OUTSIDERS[:6], date(2999, 1, 1))]
)
def test_without_messages_of_both_sorts_there_are_no_thresholds(
    publication: Publication, encoder: Encoder, two_intents: Path, outside: list[str], today: date
) -> None:
    """With nothing out of scope, or no entry that may be shown: rather none than meaningless."""
    with pytest.raises(ValueError, match="class"):
        tune(publication, encoder, two_intents, outside, today)


def test_examples_are_read_per_intent_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hello - there\n    -  hi \n\n"
    )
    (tmp_path / "b.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - ¡hola!\n")
    (tmp_path / "c.txt").write_text("no NLU file")
    assert intent_examples(tmp_path) == {"greet": ["hello - there", "hi", "¡hola!"]}


def test_no_example_stands_in_the_tuning_data() -> None:
    """Else a message would be judged by one who has seen it."""
    seen = {text.lower() for group in intent_examples(NLU).values() for text in group}
    assert seen.isdisjoint(line.lower() for line in OUTSIDERS)
    assert len(set(OUTSIDERS)) == len(OUTSIDERS) >= 100
