"""The second opinion on emergencies as a Rasa component.

It may raise an alarm that the rules did not, and never lowers one of theirs. Only where they put a
sign in doubt themselves (`bot.advice.doubt`) does it say whether the sign stands.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
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
from bot.knowledge.adapter import version
from bot.knowledge.asked import Asked, asked
from bot.knowledge.cores import cores
from bot.knowledge.embed import TextEncoder
from bot.knowledge.encode import Encoder, encoder_folder
from bot.knowledge.entry import Entry, Urgency
from bot.knowledge.live import Live, NothingPublished, live
from bot.nlu.alarm_examples import (
    EVERY,
    in_haste,
    is_alarm,
    join,
    read_examples,
    sign_examples,
    talk_examples,
    windows,
)
from bot.nlu.alarm_model import AlarmModel, Example, Floats, fit
from bot.nlu.encoder import VECTOR
from bot.nlu.reassurance import without_reassurance
from bot.nlu.red_flags import earlier_texts

log = logging.getLogger(__name__)

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
        self._threshold, self._harmless = thresholds.alarm, thresholds.doubt

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
        examples, vectors = alarm_data(_fast_encoder(), asked())
        self._model = fit(examples, vectors)
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
            text, vector = str(message.get(TEXT) or ""), message.get(VECTOR)
            earlier = earlier_texts(tracker)
            flags = self._settled(understanding.red_flags, text, vector, earlier)
            settled = replace(understanding, red_flags=flags)
            if vector is not None and settled.urgency.rank < Urgency.URGENT_SAME_DAY.rank:
                alarm = self._alarm(text, vector, earlier)
                flag = self._flag(alarm) if alarm is not None else None
                if flag is not None and not _is_among(flag, flags):
                    settled = replace(settled, red_flags=(flag, *flags))
            if settled != understanding:
                message.set(KEY, settled.to_json(), add_to_output=True)
        return messages

    def _settled(
        self,
        flags: tuple[RedFlag, ...],
        text: str,
        vector: Floats | None,
        earlier: Sequence[str],
    ) -> tuple[RedFlag, ...]:
        """The flags that stand, none of them in doubt. Without a model, or a vector that says what
        a message means, all of them do.
        """
        if not any(flag.is_in_doubt for flag in flags):
            return flags
        if vector is not None and self._is_harmless(text, vector, earlier):
            return tuple(flag for flag in flags if not flag.is_in_doubt)
        return tuple(replace(flag, is_in_doubt=False) for flag in flags)

    def _is_harmless(self, text: str, vector: Floats, earlier: Sequence[str]) -> bool:
        """Whether a message is plainly no emergency, alone and with the messages before it."""
        if self._model is None:
            return False
        alone = join((), text)
        known = vector if alone == text.lower() else None
        if self._above(self._harmless, alone, known) is not None:
            return False
        return not earlier or self._above(self._harmless, join(earlier, text)) is None

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

    def _alarm(self, text: str, vector: Floats, earlier: Sequence[str]) -> Example | None:
        """The emergency that a message is like: alone, or with the messages before it if those
        alone were not like one.
        """
        alone = join((), text)
        found = self._like(alone, vector if alone == text.lower() else None)
        if found is not None or not earlier:
            return found
        together = self._like(join(earlier, text))
        if together is None or self._like(join(earlier[:-1], earlier[-1])) is not None:
            return None
        return together

    def _like(self, text: str, vector: Floats | None = None) -> Example | None:
        """The emergency that a text, or a stretch of a long one, is like."""
        found = self._above(self._threshold, text, vector)
        if found is None or self._model is None:
            return None
        return self._model.like(*found)

    def _above(
        self, threshold: float, text: str, vector: Floats | None = None
    ) -> tuple[str, Floats] | None:
        """The first stretch of a text whose score is above a threshold, with its vector; the text
        without what merely reassures is one more, and the text without its typos another.

        Args:
            vector: of the whole text, if it is known.
        """
        model = self._model
        if model is None:
            return None
        readings = [*windows(text), without_reassurance(text), self._spelled(text)]
        for part in dict.fromkeys(readings):
            if model.at_most(part) <= threshold:
                continue  # whatever it means, and there is no need to know
            known = vector if part is text else None
            meaning = Encoder.shared().encode_one(part) if known is None else known
            if model.score(part, meaning) > threshold:
                return part, meaning
        return None

    def _spelled(self, text: str) -> str:
        try:
            return self._live.current().spelling.correct(text)
        except NothingPublished:
            return text

    def _entry(self, id_: str) -> Entry:
        try:
            entries = self._live.current().knowledge.entries
        except NothingPublished:
            entries = {}
        return {**builtin_entries(), **with_alarms(entries)}[id_]


def _is_among(flag: RedFlag, known: Iterable[RedFlag]) -> bool:
    """Whether the rules told the same already."""
    return any(
        one.entry_id == flag.entry_id and one.urgency.rank >= flag.urgency.rank for one in known
    )


def _fast_encoder() -> Encoder:
    """One that uses all cores, for the time of training alone."""
    return Encoder.load(encoder_folder(), cores())


def alarm_data(encoder: TextEncoder, known: Asked) -> tuple[list[Example], Floats]:
    """All examples with their vectors, (n, 384): those written for it first."""
    written = [in_haste(one) for one in (*read_examples(), *talk_examples())]
    signs = list(sign_examples(known.entries))
    alarms = {id_ for id_, entry in known.entries.items() if is_alarm(entry)}
    others = 0
    rows = []
    for row, owner in enumerate(known.owners):
        others += owner not in alarms
        if owner in alarms or others % EVERY == 0:
            rows.append(row)
    wordings = [
        Example(known.texts[row], known.owners[row] if known.owners[row] in alarms else None)
        for row in rows
    ]
    vectors = (
        _remembered([example.text for example in written], encoder),
        encoder.encode([example.text for example in signs]),
        known.vectors[rows],
    )
    return [*written, *signs, *wordings], np.concatenate(vectors)


def _remembered(texts: list[str], encoder: TextEncoder) -> Floats:
    """The vectors of the written examples, which are kept beside the encoder: they change only with
    the examples and the encoder, and take half of the time of training.
    """
    known_by = [version(), *texts]
    named = hashlib.sha256("\0".join(known_by).encode()).hexdigest()[:16]
    path = encoder_folder() / f"alarms-{named}.npy"
    try:
        kept: Floats = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        pass
    else:
        if kept.shape[:1] == (len(texts),):
            return kept
    vectors = encoder.encode(texts)
    part = path.with_suffix(f".{os.getpid()}")
    try:
        with part.open("wb") as file:
            np.save(file, vectors)
        part.replace(path)
    except OSError as error:  # the next training encodes them again
        log.warning("the vectors of the examples were not kept: %s", error)
    return vectors
