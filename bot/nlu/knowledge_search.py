"""Finds which entries a message is about: `bot.knowledge.search` over the live publication.

A follow-up ("does it hurt?") names no subject of its own; it is searched once as it stands and once
with the subject of what was last answered in front, and the two rankings are put together. One that
names nothing but a subject ("and fillers?") asks of it what was last answered of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.advice.language import Language
from bot.advice.understanding import KEY, Candidate, Term, Understanding
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Live, NothingPublished, Publication, live
from bot.knowledge.search import Hit
from bot.knowledge.spelling import Spelling
from bot.nlu.encoder import VECTOR
from bot.nlu.scope import Scope

TOPIC = "topic"
"""The slot that holds the id of the entry last answered."""

LEADS = frozenset(
    re.findall(r"\w+", "and or but so ok okay then what how about is it the a for with")
)
"""Words around a subject that add no question of their own."""

LIMIT = 5
"""How many candidates travel on: what `advisor ask --explain` shows."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KnowledgeSearch(GraphComponent):
    """Adds sentences, terms, candidates and the chance of being in scope to the understanding."""

    def __init__(self, live: Live, encoder: Encoder, scope: Scope) -> None:
        self._live = live
        self._encoder = encoder
        self._scope = scope
        self._publication: Publication | None = None
        self._language = Language({})
        self._spelling = Spelling(Knowledge())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeSearch:
        """Make the component on what is live; nothing of it is trained."""
        return cls(live(), Encoder.shared(), Scope.load())

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Search for each message; with nothing published there are simply no candidates."""
        try:
            publication = self._live.current()
        except NothingPublished:
            return messages
        if publication is not self._publication:
            self._language = Language(publication.knowledge.terms)
            self._spelling = Spelling(publication.knowledge)
            self._publication = publication
        for message in messages:
            if message.get(VECTOR) is not None:
                self._search(message, publication, tracker)
        return messages

    def _search(
        self, message: Message, publication: Publication, tracker: DialogueStateTracker | None
    ) -> None:
        said = str(message.get(TEXT) or "")
        text = self._spelling.correct(said)
        vector = message.get(VECTOR) if text == said else self._encoder.encode_one(text)
        understanding = Understanding.from_json(message.get(KEY))
        terms = self._language.terms(text)
        topic = tracker.get_slot(TOPIC) if tracker is not None else None
        aspect = _aspect(text, terms, topic)
        topic = topic if not terms or aspect else None
        hits = publication.index.search(text, vector, limit=len(publication.index))
        in_scope = self._scope.probability(hits, understanding.intents)
        if aspect:
            vector = self._encoder.encode_one(aspect)
            hits = publication.index.search(aspect, vector, limit=len(publication.index))
            in_scope = max(in_scope, self._scope.probability(hits, understanding.intents))
        elif topic:
            hits, with_topic = self._in_the_light_of(topic, text, hits, publication)
            in_light = self._scope.probability(with_topic, understanding.intents)
            # Any words look in scope with our subject in front, so they have to on their own too.
            in_scope = (in_scope + in_light) / 2
        shown = publication.knowledge.shown_on(date.today())
        best = islice((hit for hit in hits if hit.entry_id in shown), LIMIT)
        understood = replace(
            understanding,
            sentences=self._language.sentences(said),
            terms=terms,
            candidates=tuple(map(_candidate, best)),
            in_scope=round(in_scope, 4),
            topic=topic,
        )
        message.set(KEY, understood.to_json(), add_to_output=True)

    def _in_the_light_of(
        self, topic: str, text: str, alone: Sequence[Hit], publication: Publication
    ) -> tuple[list[Hit], Sequence[Hit]]:
        """Rank by the better of the two readings' mean: one that fits both ways wins."""
        family = topic.partition("/")[0]
        told = f"{family} {text}"
        vector = self._encoder.encode_one(told)
        with_topic = publication.index.search(told, vector, limit=len(publication.index))
        scores = {hit.entry_id: hit.score for hit in alone}
        joined = [replace(hit, score=(hit.score + scores[hit.entry_id]) / 2) for hit in with_topic]
        return sorted(joined, key=lambda hit: -hit.score), with_topic


def _aspect(text: str, terms: Sequence[Term], topic: str | None) -> str | None:
    """The question about the subject that `text` names, if it names one and says nothing else."""
    family, _, asked = (topic or "").partition("/")
    if not asked or not terms or any(term.family == family for term in terms):
        return None
    named = " ".join(term.text for term in terms)
    said = re.findall(r"\w+", text.lower())
    if not set(said) <= LEADS | set(re.findall(r"\w+", named.lower())):
        return None
    return f"{named} {asked.replace('-', ' ')}"


def _candidate(hit: Hit) -> Candidate:
    return Candidate(
        hit.entry_id,
        round(hit.score, 4),
        round(hit.confidence, 4),
        round(hit.cosine, 4),
        hit.nearest_question,
    )
