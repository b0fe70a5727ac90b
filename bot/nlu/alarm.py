"""The second opinion on emergencies as a Rasa component.

It may raise an alarm that the rules did not, and never lowers one that they are sure of. Only where
they put every sign of an emergency in doubt themselves (`bot.advice.doubt`) does it say whether
these stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.builtin import builtin_entries, with_alarms
from bot.advice.decide import Thresholds
from bot.advice.understanding import KEY, RedFlag, Understanding
from bot.knowledge.asked import asked
from bot.knowledge.entry import Entry, Urgency
from bot.knowledge.live import Live, NothingPublished, live
from bot.nlu.alarm_data import alarm_data, lessons
from bot.nlu.alarm_model import AlarmModel, Example, fit
from bot.nlu.alarm_reader import Reader, Said
from bot.nlu.red_flags import earlier_texts

FILE = "alarm.npz"
SIGN = "like other messages of an emergency"
"""The name of what it finds, beside the names of the rules' signs."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmergencyClassifier(GraphComponent):
    """Settles the signs in doubt, and adds a red flag where the rules found none and a message is
    like those of emergencies.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, live: Live) -> None:
        self._storage = storage
        self._resource = resource
        self._live = live
        self._model: AlarmModel | None = None
        thresholds = Thresholds.load()
        self._threshold, self._harmless = thresholds.alarm, (thresholds.doubt, thresholds.longer)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmergencyClassifier:
        """Make an untrained classifier."""
        return cls(model_storage, resource, live())

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on ``data/alarms`` and on the knowledge, and keep the arrays in the model."""
        known = asked()
        self._model = fit(lessons(alarm_data(known), known))
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **self._model.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmergencyClassifier:
        """Read the arrays back."""
        component = cls(model_storage, resource, live())
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as arrays,
        ):
            component._model = AlarmModel.of(dict(arrays))
        return component

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Settle what the rules doubt, and add what they missed; what they are sure of stays as it
        is.
        """
        for message in messages:
            understanding = Understanding.from_json(message.get(KEY))
            if self._model is None:
                settled = replace(understanding, red_flags=_sure(understanding.red_flags))
            else:
                said = Said(str(message.get(TEXT) or ""), tuple(earlier_texts(tracker)))
                settled = self._settled(understanding, said, self._reader(self._model))
            if settled != understanding:
                message.set(KEY, settled.to_json(), add_to_output=True)
        return messages

    def _reader(self, model: AlarmModel) -> Reader:
        """One for the message at hand."""
        try:
            return Reader(model, self._live.current().spelling.correct)
        except NothingPublished:
            return Reader(model, str)

    def _settled(self, understanding: Understanding, said: Said, reader: Reader) -> Understanding:
        """With none of the flags in doubt, and with what the rules missed. Where they are sure of
        one emergency, no other is taken back.
        """
        flags = understanding.red_flags
        alarms = [flag for flag in flags if flag.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]
        doubted = bool(alarms) and all(flag.is_in_doubt for flag in alarms)
        if doubted and reader.is_harmless(said, *self._harmless):
            flags = tuple(flag for flag in flags if not flag.is_in_doubt)
        settled = replace(understanding, red_flags=_sure(flags))
        if settled.urgency.rank >= Urgency.URGENT_SAME_DAY.rank:
            return settled
        alarm = reader.alarm(said, self._threshold)
        if alarm is None or _is_among(flag := self._flag(alarm), flags):
            return settled
        return replace(settled, red_flags=(flag, *settled.red_flags))

    def _flag(self, alarm: Example) -> RedFlag:
        """What is told of a message that is like those of an emergency: in a sign's words where it
        is not as urgent as the entry.
        """
        assert alarm.entry_id is not None
        entry = self._entry(alarm.entry_id)
        if alarm.urgency is None:
            return RedFlag(entry.id, entry.urgency, SIGN)
        alike = (sign.say for sign in entry.signs if sign.urgency is alarm.urgency)
        return RedFlag(entry.id, alarm.urgency, SIGN, next(alike, None))

    def _entry(self, id_: str) -> Entry:
        try:
            entries = self._live.current().knowledge.entries
        except NothingPublished:
            entries = {}
        return {**builtin_entries(), **with_alarms(entries)}[id_]


def _sure(flags: tuple[RedFlag, ...]) -> tuple[RedFlag, ...]:
    """The same, none of them in doubt: without a model all stand."""
    return tuple(replace(flag, is_in_doubt=False) for flag in flags)


def _is_among(flag: RedFlag, known: Iterable[RedFlag]) -> bool:
    """Whether the rules told the same already."""
    return any(
        one.entry_id == flag.entry_id and one.urgency.rank >= flag.urgency.rank for one in known
    )
