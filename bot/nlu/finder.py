"""Finds which entries a message is about, in what is live.

A message after an answer is read in its light (`bot.nlu.follow`): "does it hurt?" names no subject
of its own. One that names nothing but a subject ("and fillers?") asks of it what was last answered
of another. A message with several questions is also searched one question at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from unicodedata import normalize

import numpy as np

from bot.advice.decide import Thresholds
from bot.advice.language import Language, is_command
from bot.advice.understanding import Candidate, Term, Understanding
from bot.knowledge.embed import TextEncoder
from bot.knowledge.live import Publication
from bot.knowledge.search import Hit
from bot.nlu.boundary import Boundary
from bot.nlu.follow import Follow, Light, Reading
from bot.nlu.kernel import Floats
from bot.nlu.multi_question import MultiQuestion
from bot.nlu.parts import PartModel, Piece, Read, cut, rank, read, with_services
from bot.nlu.scope import Scope
from bot.nlu.service_parts import ServiceParts

LEADS = frozenset(
    re.findall(r"\w+", "and or but so ok okay then what how about is it the a for with")
)
"""Words around a subject that add no question of their own."""

LIMIT = 5
"""How many candidates travel on: what `advisor ask --explain` shows."""

Intents = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Finder:
    """One publication, ready to be searched."""

    publication: Publication
    encoder: Any
    """A `bot.knowledge.encode.Encoder`."""
    scope: Scope
    boundary: Boundary | None
    language: Language
    multi: MultiQuestion | None = None
    part_model: PartModel | None = None
    """Without these two no message has parts."""
    follow: Follow | None = None
    """Without it every message is read alone."""
    services: ServiceParts | None = None
    """Without it no part is known to ask for what the clinic answers of itself."""
    least: float = 0.0
    """The chance of being in scope from which on the rest is answered beside such a part."""

    @classmethod
    def of(
        cls,
        publication: Publication,
        encoder: TextEncoder,
        scope: Scope,
        boundary: Boundary | None,
        before: Finder | None = None,
        multi: MultiQuestion | None = None,
        follow: Follow | None = None,
        services: ServiceParts | None = None,
    ) -> Finder:
        """Made once for each publication; `boundary` is drawn round what it has that is new.

        Without a model, which has the boundary and `multi`, entries are found, and what is in
        scope or asks several questions is not.

        Args:
            before: of the publication before, whose terms are read already if they are the same.
        """
        terms = publication.knowledge.terms
        language = None
        if before is not None and before.publication.knowledge.terms == terms:
            language = before.language
        index = publication.index
        owners = [index.entry_ids[owner] for owner in index.owners]
        return cls(
            publication,
            encoder,
            scope,
            boundary.with_new(owners, index.vectors) if boundary else None,
            language or Language(terms),
            multi,
            PartModel.load() if multi else None,
            follow,
            services,
            Thresholds.load().in_scope,
        )

    def find(
        self,
        said: str,
        vector: Floats,
        understanding: Understanding,
        topic: str | None,
        before: str = "",
    ) -> Understanding:
        """The understanding with sentences, terms, candidates and the chance of being in scope.

        Args:
            said: the message as typed, and `vector` its sentence vector, (384,).
            topic: the id of the entry last answered.
            before: what the visitor said before: the message, or the button's name.
        """
        text = self.publication.spelling.correct(normalize("NFKC", said))
        if text != said:
            vector = self.encoder.encode_one(text)
        intents = understanding.intents
        terms = self.language.terms(text)
        (alone,) = self.readings([text], vector[None, :])
        hits = list(alone.hits)
        in_scope = self.scope.probability(hits, intents, alone.inside)
        aspect = _aspect(text, terms, topic)
        light = None
        if aspect:
            hits, of_aspect = self._search(aspect, None, intents)
            in_scope = max(in_scope, of_aspect)
        elif self.follow and topic and not is_command(said):
            light = self.light(text, alone, intents, topic, before)
        if self.follow and light:
            hits = self.follow.rank(light, self.publication.index.temperature)
            in_scope = self.follow.chance(light, intents)
        return replace(
            understanding,
            sentences=self.language.sentences(said),
            terms=terms,
            candidates=self._shown(hits),
            in_scope=round(in_scope, 4),
            topic=topic if aspect or light else None,
            parts=self.parts(text, in_scope >= self.least),
        )

    def light(
        self, text: str, alone: Reading, intents: Intents, topic: str, before: str
    ) -> Light | None:
        """The readings of a text after an answer; None if its entry, `topic`, is gone."""
        entry = self.publication.knowledge.entries.get(topic)
        if entry is None:
            return None
        family = topic.partition("/")[0]
        texts = [f"{family} {text}", f"{entry.title} {text}"]
        if before:
            texts.append(f"{self.publication.spelling.correct(before)} {text}")
        readings = self.readings(texts)
        return Light(
            text,
            alone,
            family=readings[0],
            title=readings[1],
            last=readings[-1],
            names=bool(self.language.terms(text)),
            in_scope=self.scope.probability(list(alone.hits), intents, alone.inside),
        )

    def readings(self, texts: Sequence[str], vectors: Floats | None = None) -> list[Reading]:
        """Each text, searched for; `vectors` has theirs, (texts, 384), if they are known."""
        index = self.publication.index
        vectors = self.encoder.encode(texts) if vectors is None else vectors
        found = index.search_many(texts, vectors, len(index))
        insides = [self.boundary.score(one) if self.boundary else 0.0 for one in vectors]
        return [Reading(hits, inside) for hits, inside in zip(found, insides, strict=True)]

    def parts(self, text: str, in_scope: bool) -> tuple[Candidate, ...]:
        """What each question of a message is about: an entry, or a need that the clinic's own facts
        answer (`bot.advice.services`); nothing if there is but one. The confidence is how likely it
        is asked, and answered so.

        Args:
            in_scope: whether the message as a whole is.
        """
        if self.multi is None or self.part_model is None:
            return ()
        tokens = self.encoder.tokens_one(text)
        found = self.multi.chances(text, tokens)
        pieces = cut(text, found, self.part_model.seam)
        if len(pieces) < 2:
            return ()
        read = replace(self.read(text, pieces), several=self.multi.score(tokens))
        if self.services is not None:
            read = with_services(read, self.services, self.part_model.service)
        ranked = rank(read, self.part_model.readings)
        chances = self.part_model.chances(read, ranked)
        if any(read.served) and not in_scope and not self._rest_is_in_scope(read):
            told = zip(read.served, chances, strict=True)
            chances = [chance if service else 0.0 for service, chance in told]
        parts: list[Candidate] = []
        for service, row, chance in zip(read.served, ranked, chances, strict=True):
            best = (
                (Candidate(service.need, round(service.odds, 4), 0.0, 0.0),)
                if service
                else self._shown(self._hits(row)[:1])
            )
            parts += [replace(one, confidence=round(chance, 4)) for one in best]
        return tuple(parts)

    def _rest_is_in_scope(self, read: Read) -> bool:
        """Whether a message is in scope without what it asks of the clinic, for whose sake it is
        not as a whole.
        """
        assert self.services is not None
        pieces = zip(read.pieces, read.served, strict=True)
        rest = " ".join(piece.text for piece, service in pieces if not service)
        if not rest:
            return False
        vectors = self.encoder.encode([rest])
        ((hits, inside),) = [(list(r.hits), r.inside) for r in self.readings([rest], vectors)]
        (outside,) = self.services.outside(vectors)
        return self.scope.probability(hits, outside, inside) >= self.least

    def read(self, text: str, pieces: Sequence[Piece]) -> Read:
        """The pieces of a message, read against what is live."""
        index = self.publication.index

        def score(texts: Sequence[str], vectors: Floats) -> Floats:
            scores: Floats = index.scores(texts, vectors).blended
            return scores / index.temperature

        families = [id_.partition("/")[0] for id_ in index.entry_ids]
        return read(text, pieces, self.language.terms, self.encoder.encode, score, families)

    def _hits(self, logs: Floats) -> list[Hit]:
        """All entries by the logarithms of their chances, (n,), likeliest first."""
        ids = self.publication.index.entry_ids
        return [
            Hit(ids[entry], float(logs[entry]), 0.0, "", 0.0, float(np.exp(logs[entry])))
            for entry in np.argsort(-logs, kind="stable")
        ]

    def _search(
        self, text: str, vector: Floats | None, intents: Intents = ()
    ) -> tuple[list[Hit], float]:
        """All entries, nearest first, and the chance that the text is in scope."""
        index = self.publication.index
        vector = self.encoder.encode_one(text) if vector is None else vector
        hits = index.search(text, vector, limit=len(index))
        inside = self.boundary.score(vector) if self.boundary else 0.0
        return hits, self.scope.probability(hits, intents, inside)

    def _shown(self, hits: Sequence[Hit]) -> tuple[Candidate, ...]:
        shown = self.publication.knowledge.shown_on(date.today())
        best = islice((hit for hit in hits if hit.entry_id in shown), LIMIT)
        return tuple(map(_candidate, best))


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
