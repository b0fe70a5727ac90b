"""The search over the live publication as a Rasa component (`bot.nlu.finder`).

Search itself is not trained; the border of what is in scope is (`bot.nlu.boundary`), and whether a
message asks several questions, and where a new one begins (`bot.nlu.multi_question`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.understanding import KEY, OUTSIDE, Understanding
from bot.knowledge.asked import asked
from bot.knowledge.encode import Encoder
from bot.knowledge.live import Live, NothingPublished, live
from bot.nlu.boundary import Boundary
from bot.nlu.encoder import VECTOR
from bot.nlu.finder import Finder
from bot.nlu.follow import Follow
from bot.nlu.intent_classifier import EVERY
from bot.nlu.multi_question import MultiQuestion, fit, lone
from bot.nlu.red_flags import earlier_texts
from bot.nlu.scope import Scope
from bot.nlu.service_parts import ServiceParts, learn
from bot.nlu.several_examples import read_several

TOPIC = "topic"
"""The slot that holds the id of the entry last answered."""

FILE = "boundary.npz"
SEVERAL = "several.npz"
SERVICES = "services.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeSearch(GraphComponent):
    """Adds sentences, terms, candidates and the chance of being in scope to the understanding."""

    def __init__(
        self,
        live: Live,
        encoder: Encoder,
        scope: Scope,
        boundary: Boundary | None = None,
        multi: MultiQuestion | None = None,
        follow: Follow | None = None,
        services: ServiceParts | None = None,
    ) -> None:
        """Without a boundary it is not trained, and finds nothing; without `follow` it reads every
        message alone.
        """
        self._live = live
        self._encoder = encoder
        self._scope = scope
        self._boundary = boundary
        self._multi = multi
        self._follow = follow
        self._services = services
        self._finder: Finder | None = None
        self._kept: tuple[ModelStorage, Resource] | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeSearch:
        """Make an untrained component."""
        made = cls(live(), Encoder.shared(), Scope.load())
        made._kept = model_storage, resource
        return made

    def train(self, training_data: TrainingData) -> Resource:
        """Draw the border between what the entries answer and the examples that are out of scope,
        learn from messages with several questions, and keep what was learned in the model.
        """
        assert self._kept is not None
        storage, resource = self._kept
        examples = [one for one in training_data.intent_examples if one.get(VECTOR) is not None]
        vectors = np.stack([one.get(VECTOR) for one in examples])
        intents = [str(one.get(INTENT)) for one in examples]
        outside = vectors[[intent in OUTSIDE for intent in intents]]
        known, several = asked(), read_several()
        self._boundary = Boundary.fit(known, outside)
        self._multi = fit(
            several,
            self._encoder.tokens([one.text for one in several]),
            self._encoder.tokens(lone(known.texts)),
        )
        self._services = learn(
            several, vectors, intents, known.vectors[::EVERY], self._encoder.encode
        )
        with storage.write_to(resource) as folder:
            np.savez(folder / FILE, **self._boundary.arrays())
            np.savez(folder / SEVERAL, **self._multi.arrays())
            np.savez(folder / SERVICES, **self._services.arrays())
        return resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeSearch:
        """Make the component on what is live, with what the model has learned."""
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as border,
            np.load(folder / SEVERAL, allow_pickle=False) as several,
            np.load(folder / SERVICES, allow_pickle=False) as services,
        ):
            return cls(
                live(),
                Encoder.shared(),
                Scope.load(),
                Boundary.of(dict(border)),
                MultiQuestion.of(dict(several)),
                Follow.load(),
                ServiceParts.of(dict(services)),
            )

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Search for each message; with nothing published there are simply no candidates."""
        finder = self._current()
        before = "".join(earlier_texts(tracker)[-1:])
        for message in messages:
            vector = message.get(VECTOR)
            if finder is None or vector is None:
                continue
            found = finder.find(
                str(message.get(TEXT) or ""),
                vector,
                Understanding.from_json(message.get(KEY)),
                tracker.get_slot(TOPIC) if tracker is not None else None,
                before,
            )
            message.set(KEY, found.to_json(), add_to_output=True)
        return messages

    def _current(self) -> Finder | None:
        """The finder of what is live now, made anew when something else is."""
        if self._boundary is None:
            return None
        try:
            publication = self._live.current()
        except NothingPublished:
            return None
        if self._finder is None or self._finder.publication is not publication:
            self._finder = Finder.of(
                publication,
                self._encoder,
                self._scope,
                self._boundary,
                self._finder,
                self._multi,
                self._follow,
                self._services,
            )
        return self._finder
