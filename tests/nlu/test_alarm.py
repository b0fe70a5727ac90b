"""The second opinion adds an alarm where the rules found none, settles what they doubt, and changes
nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bot.lean  # noqa: F401  # before Rasa

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.understanding import KEY, RedFlag, Understanding
from bot.knowledge.asked import Asked
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.nlu import alarm
from bot.nlu.alarm import SIGN, EmergencyClassifier
from bot.nlu.alarm_reader import Reader
from tests.nlu.lives import OneEncoder, SetLive, message, published, said, tracker, understood
from tests.nlu.test_alarm_model import EXAMPLES, KINDS, SIGHT, logits

CONTEXT = ExecutionContext(GraphSchema({}), node_name="alarm")
RESOURCE = Resource("alarm")
ALARM = "she has gone blind in one eye"
HARMLESS = "how much is cheek filler"
SURE = RedFlag("safety/crisis", Urgency.URGENT_SAME_DAY, "a sign", "Own words.")
IN_DOUBT = replace(SURE, is_in_doubt=True)
OTHER = RedFlag("safety/infection", Urgency.URGENT_SAME_DAY, "another sign")


class Words(OneEncoder):
    """An encoder whose branch for emergencies goes by words."""

    kinds = KINDS

    def alarms(self, texts):  # type: ignore[no-untyped-def]  # as the one it stands for
        """As `Encoder.alarms`."""
        return np.array([logits(text) for text in texts])


@pytest.fixture
def live() -> SetLive:
    return SetLive(published(Entry(SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY)))


@pytest.fixture
def classifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live: SetLive
) -> EmergencyClassifier:
    """One that was trained, kept and loaded, as Rasa does it."""
    monkeypatch.setattr(alarm, "alarm_data", lambda _asked: EXAMPLES)
    nothing = Asked({}, (), (), np.zeros((0, 384), dtype=np.float32))
    monkeypatch.setattr(alarm, "asked", lambda: nothing)
    monkeypatch.setattr(alarm, "live", lambda: live)
    monkeypatch.setattr(Encoder, "shared", Words)
    storage = LocalModelStorage(tmp_path)
    EmergencyClassifier.create({}, storage, RESOURCE, CONTEXT).train(TrainingData([]))
    loaded = EmergencyClassifier.load({}, storage, RESOURCE, CONTEXT)
    loaded._threshold, loaded._harmless = 0.0, (0.0, 0.0)
    return loaded


def flags(
    classifier: EmergencyClassifier,
    text: str,
    *earlier: str,
    before: Understanding | None = None,
) -> tuple[RedFlag, ...]:
    """What is known of a message when the classifier has seen it."""
    sent = message(text)
    if before is not None:
        sent.set(KEY, before.to_json())
    (checked,) = classifier.process([sent], tracker(*said(*earlier)))
    return understood(checked).red_flags


def test_message_like_an_emergency_is_one(classifier: EmergencyClassifier) -> None:
    assert flags(classifier, ALARM) == (RedFlag(SIGHT, Urgency.EMERGENCY, SIGN),)


def test_a_typo_hides_nothing(classifier: EmergencyClassifier, live: SetLive) -> None:
    """What a message is without it counts as well; with nothing published it is read as typed."""
    typed, model = ALARM.replace("blind", "blimd"), classifier._model
    assert model is not None
    bounds = [model.score(text, logits(text)) for text in (typed, ALARM)]
    assert bounds[0] < bounds[1]
    classifier._threshold = sum(bounds) / 2
    assert [flag.entry_id for flag in flags(classifier, typed)] == [SIGHT]
    live.publication = None
    assert flags(classifier, typed) == ()


def test_harmless_message_is_left_alone(classifier: EmergencyClassifier) -> None:
    assert flags(classifier, HARMLESS) == ()


def test_what_the_rules_found_stays_as_it_is(classifier: EmergencyClassifier) -> None:
    ruled = RedFlag("safety/crisis", Urgency.URGENT_SAME_DAY, "a sign", "Own words.")
    assert flags(classifier, ALARM, before=Understanding(red_flags=(ruled,))) == (ruled,)


@pytest.mark.parametrize("text", [ALARM, HARMLESS])
def test_a_sign_that_is_sure_stands_whatever_the_message_is_like(
    classifier: EmergencyClassifier, text: str
) -> None:
    classifier._harmless = (1e9, 0.0)
    assert flags(classifier, text, before=Understanding(red_flags=(SURE,))) == (SURE,)


def test_a_sign_in_doubt_falls_where_the_message_is_plainly_harmless(
    classifier: EmergencyClassifier,
) -> None:
    assert flags(classifier, HARMLESS, before=Understanding(red_flags=(IN_DOUBT,))) == ()


def test_a_sign_in_doubt_stands_where_it_is_not_plainly_harmless(
    classifier: EmergencyClassifier,
) -> None:
    """Although the message would raise no alarm by itself; and it is told like any other."""
    classifier._harmless = (-1e9, 0.0)
    assert flags(classifier, HARMLESS, before=Understanding(red_flags=(IN_DOUBT,))) == (SURE,)


def test_a_sign_in_doubt_stands_for_what_the_messages_before_say_with_it(
    classifier: EmergencyClassifier,
) -> None:
    before = Understanding(red_flags=(IN_DOUBT,))
    assert flags(classifier, "gone blind", "in one eye since the filler i have", before=before) == (
        SURE,
    )


def test_what_is_sure_stays_when_what_is_in_doubt_falls(classifier: EmergencyClassifier) -> None:
    caution = RedFlag("safety/under-18", Urgency.CAUTION, "a sign")
    before = Understanding(red_flags=(IN_DOUBT, caution))
    assert flags(classifier, HARMLESS, before=before) == (caution,)


def test_beside_a_sign_that_is_sure_none_falls(classifier: EmergencyClassifier) -> None:
    """Who has one may have the other, which may be the more urgent."""
    before = Understanding(red_flags=(IN_DOUBT, OTHER))
    assert flags(classifier, HARMLESS, before=before) == (SURE, OTHER)


def test_an_emergency_of_another_kind_is_raised_where_a_doubt_falls(
    classifier: EmergencyClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "is_harmless", lambda *_: True)
    raised = flags(classifier, ALARM, before=Understanding(red_flags=(IN_DOUBT,)))
    assert raised == (RedFlag(SIGHT, Urgency.EMERGENCY, SIGN),)


def test_without_a_model_a_sign_in_doubt_is_told(classifier: EmergencyClassifier) -> None:
    classifier._model = None
    assert flags(classifier, HARMLESS, before=Understanding(red_flags=(IN_DOUBT,))) == (SURE,)


def test_caution_of_the_rules_is_kept_behind_the_alarm(classifier: EmergencyClassifier) -> None:
    caution = RedFlag("safety/under-18", Urgency.CAUTION, "a sign")
    found = flags(classifier, ALARM, before=Understanding(red_flags=(caution,)))
    assert [flag.entry_id for flag in found] == [SIGHT, "safety/under-18"]


def test_no_alarm_takes_nothing_away(classifier: EmergencyClassifier) -> None:
    caution = RedFlag("safety/under-18", Urgency.CAUTION, "a sign")
    assert flags(classifier, HARMLESS, before=Understanding(red_flags=(caution,))) == (caution,)


def test_pieces_of_two_messages_are_put_together(classifier: EmergencyClassifier) -> None:
    assert flags(classifier, "gone blind", "in one eye since the filler i have") != ()


def test_alarm_of_before_is_not_raised_again_by_a_harmless_message(
    classifier: EmergencyClassifier,
) -> None:
    assert flags(classifier, HARMLESS, ALARM) == ()


def test_entry_that_is_not_live_has_the_urgency_of_its_built_in_copy(
    classifier: EmergencyClassifier, live: SetLive
) -> None:
    live.publication = None
    assert flags(classifier, ALARM)[0].urgency is Urgency.EMERGENCY


def test_message_without_a_text_raises_nothing(classifier: EmergencyClassifier) -> None:
    """Nor again what was said before it."""
    assert flags(classifier, "") == flags(classifier, "", ALARM) == ()


class Waiting:
    """A model, and an encoder, to which every message is like one that can wait."""

    kinds = ("", f"{SIGHT} {Urgency.CONTACT_CLINIC.value}")

    def score(self, text: str, logits: object) -> float:
        """As `AlarmModel.score`."""
        return 1.0

    def alarms(self, texts: list[str]) -> object:
        """As `Encoder.alarms`."""
        return np.zeros((len(texts), 2))


@pytest.fixture
def _waiting(classifier: EmergencyClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    classifier._model = Waiting()  # type: ignore[assignment]  # of a test
    monkeypatch.setattr(Encoder, "shared", Waiting)


@pytest.mark.usefixtures("_waiting")
def test_what_can_wait_is_told_in_the_words_of_its_sign(
    classifier: EmergencyClassifier, live: SetLive
) -> None:
    sign = Sign("floaters", any=("floaters",), urgency=Urgency.CONTACT_CLINIC, say="Ring them.")
    entry = Entry(SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY, signs=(sign,))
    live.publication = published(entry)
    assert flags(classifier, HARMLESS) == (
        RedFlag(SIGHT, Urgency.CONTACT_CLINIC, SIGN, "Ring them."),
    )


@pytest.mark.usefixtures("_waiting")
def test_what_the_rules_told_already_is_not_told_again(classifier: EmergencyClassifier) -> None:
    ruled = RedFlag(SIGHT, Urgency.CONTACT_CLINIC, "a sign", "Own words.")
    assert flags(classifier, HARMLESS, before=Understanding(red_flags=(ruled,))) == (ruled,)
