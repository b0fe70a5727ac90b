"""Computes what `bot.nlu.parts` reads, from the messages of ``data/several``.

Seams, and how much a message reads like several questions, are those of a model that has not seen
it, and it is judged by numbers that were fitted to others. What is made of seams, and which entry a
part is about, is learned from the fifth of the messages that the encoder's adapter was not shown
(`bot.knowledge.adapter.kept_back`). Nearly a quarter have one question and look as if they
had more: they say how clear a part has to be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict

from bot.advice.services import INTENT_OF
from bot.knowledge.encode import Tokens
from bot.nlu.logistic import Standard, rounded
from bot.nlu.multi_question import fit
from bot.nlu.parts import (
    READINGS,
    PartModel,
    Piece,
    Read,
    cut,
    evidence,
    features,
    rank,
    with_services,
)
from bot.nlu.seams import Seam
from bot.nlu.service_parts import ServiceParts
from bot.nlu.several_examples import Several

MISSED = 0.08
"""The share of the seams that we accept not to see: the policy behind `PartModel.seam`. A cut too
many can still be mended, by not answering a part by itself; one that is missing cannot. At 0.2 and
0.05 fewer messages were answered whole, and at 0.12 and 0.06 no more."""
NEEDLESS = 0.12
"""Of the messages with one question the share that may be given a second answer: the policy behind
`Thresholds.several`. They were written to look as if they had several, most of them by authors who
knew what had been told apart before. Of the 20 in ``looks_like_several.jsonl`` of the tests one is
given a second answer, and 8 of ``single.jsonl``, at 0.1 as at 0.12; one of the 90 messages with
several is answered whole at 0.12 that is not at 0.1."""
SERVED = 0.01
"""Of the pieces that ask nothing of the clinic the share that we accept to answer with its opening
hours and the like: the policy behind `PartModel.service`. Many of them speak of the clinic in
passing, and were written to."""
FOLDS = 5
SMOOTHING = 1e-3
"""Keeps the weights of the readings small: they say nearly the same."""

Reader = Callable[[str, Sequence[Piece]], Read]


@dataclass(frozen=True)
class TunedParts:
    """The numbers, and what they achieve on messages they were not fitted to."""

    model: PartModel
    several: float
    """From this chance on a part is answered."""
    answered: float
    """Of the messages with several questions that can be answered, the share of which all are, each
    by its part. A message all of whose parts one entry answers counts as missed, and what nobody
    asked for is not counted: it says nothing of a way to give more answers."""
    needless: float
    """The share of the messages with one question that get a second answer."""
    served: float
    """Of the parts that only the clinic's own facts answer, the share that is found to be such."""


def tune_parts(
    messages: Sequence[Several],
    tokens: Sequence[Tokens],
    others: Sequence[Tokens],
    reader: Reader,
    entry_ids: Sequence[str],
    judges: Sequence[bool],
    services: ServiceParts,
) -> TunedParts:
    """Fit the weights of the readings where questions begin as a person says, and what is answered
    where the seams are.

    Args:
        tokens: of each message, and `others`, of texts with one question
            (`bot.nlu.multi_question.lone`).
        judges: whether a message may say how well seams and entries are found; the encoder has
            learned from the others, which only help to learn where questions begin.
        reader: reads the pieces of a message (`bot.nlu.parts.read`).
        entry_ids: of the entries in the order of its scores.
        services: which has not seen the messages that judge.
    """
    known = held_out(messages, tokens, others)
    seams = [one.seams for one, judge in zip(known, judges, strict=True) if judge]
    scores = [one.several for one, judge in zip(known, judges, strict=True) if judge]
    messages = [message for message, judge in zip(messages, judges, strict=True) if judge]
    least = _least(messages, seams)
    readings = _weigh(messages, reader, entry_ids)
    found = [
        (number, replace(reader(message.text, pieces), several=scores[number]))
        for number, message in enumerate(messages)
        if len(pieces := cut(message.text, seams[number], least)) > 1
    ]
    service = _clearly(messages, found, services)
    rows, by_entry, by_clinic = [], [], []
    for number, plain in found:
        one = with_services(plain, services, service)
        ranked = rank(one, readings)
        for clinic, entry, row in zip(
            one.served, ranked.argmax(axis=1), evidence(one, ranked), strict=True
        ):
            if clinic:
                by_clinic.append((number, clinic.need))
            else:
                rows.append(row)
                by_entry.append((number, entry_ids[entry]))
    owners = [number for number, _ in by_entry]
    right = np.array([_asks(messages[number], entry) for number, entry in by_entry])
    table = np.array(rows)
    standard = Standard.of(table)
    scaled = standard.scaled(table)
    model = LogisticRegression()
    folds = GroupKFold(FOLDS)
    chances = cross_val_predict(
        model, scaled, right, groups=owners, cv=folds, method="predict_proba"
    )[:, 1]
    model.fit(scaled, right)
    given = _Given(
        messages,
        [*by_entry, *by_clinic],
        np.concatenate([chances, np.ones(len(by_clinic))]),
        frozenset((*entry_ids, *INTENT_OF)),
    )
    several = given.threshold()
    return TunedParts(
        PartModel(
            round(least, 4),
            round(service, 4),
            rounded(readings),
            standard.logistic(model.coef_[0], model.intercept_[0]),
        ),
        several,
        given.answered(several),
        given.needless(several),
        given.served(),
    )


@dataclass(frozen=True)
class Seen:
    """What a model says of a message."""

    seams: list[Seam]
    several: float
    """How much it reads like one with several questions."""


def held_out(
    messages: Sequence[Several], tokens: Sequence[Tokens], others: Sequence[Tokens] = ()
) -> list[Seen]:
    """What is said of each message by a model that has not seen it."""
    found = [Seen([], 0.0)] * len(messages)
    for seen, unseen in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(messages))):
        model = fit([messages[i] for i in seen], [tokens[i] for i in seen], others)
        for i in unseen:
            found[i] = Seen(model.chances(messages[i].text, tokens[i]), model.score(tokens[i]))
    return found


def _least(messages: Sequence[Several], seams: Sequence[Sequence[Seam]]) -> float:
    """The chance that all but `MISSED` of the seams have."""
    chances = [
        next((one.chance for one in found if one.start >= start), 0.0)
        for message, found in zip(messages, seams, strict=True)
        for start in message.starts[1:]
    ]
    return float(np.quantile(chances, MISSED))


def _weigh(messages: Sequence[Several], reader: Reader, entry_ids: Sequence[str]) -> list[float]:
    """The weights with which the entry that a part asks for is likeliest: a conditional logit
    (McFadden 1974) over the entries, on parts as a person cut them.
    """
    from scipy.optimize import minimize

    tables, asked = [], []
    for message in messages:
        if len(message.texts) > 1:
            seams = [Seam(start, 1.0) for start in message.starts[1:]]
            pieces = cut(message.text, seams, 0.5)
            if len(pieces) == len(message.texts):
                tables += list(features(reader(message.text, pieces)))
                asked += [[id_ in needs for id_ in entry_ids] for needs in message.needs]
    known = np.array([any(row) for row in asked])
    table, truth = np.array(tables)[known], np.array(asked)[known]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = table @ weights.astype(np.float32)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        wanted = powers * truth
        total, right = powers.sum(axis=1), np.maximum(wanted.sum(axis=1), 1e-12)
        value = float(np.log(total / right).mean() + SMOOTHING * weights @ weights)
        error = powers / total[:, None] - wanted / right[:, None]
        slope = np.einsum("pe,per->r", error, table, optimize=True) / len(table)
        return value, slope + 2 * SMOOTHING * weights

    start = np.full(len(READINGS), 1 / len(READINGS))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B")
    return [float(weight) for weight in fitted.x]


def _asks(message: Several, id_: str) -> bool:
    """Whether a message with several questions asks for this among others."""
    return len(message.needs) > 1 and any(id_ in needs for needs in message.needs)


def _clearly(
    messages: Sequence[Several], found: Sequence[tuple[int, Read]], services: ServiceParts
) -> float:
    """The odds that all but `SERVED` of the pieces have at most, of messages that ask nothing of
    the clinic.
    """
    odds = [
        one.odds
        for number, read in found
        if not any(needs & INTENT_OF.keys() for needs in messages[number].needs)
        for one in services.likeliest(read.vectors)
    ]
    return float(np.quantile(odds, 1 - SERVED)) if odds else 0.0


@dataclass(frozen=True)
class _Given:
    """What is answered from a threshold on."""

    messages: Sequence[Several]
    parts: Sequence[tuple[int, str]]
    """The message of each part, and what answers it best."""
    chances: NDArray[np.float64]
    known: frozenset[str]
    """All entries, and what the clinic answers of itself."""

    def entries(self, threshold: float) -> list[set[str]]:
        """Of each message; none where they are not two."""
        given: list[set[str]] = [set() for _ in self.messages]
        for (owner, entry), chance in zip(self.parts, self.chances, strict=True):
            if chance >= threshold:
                given[owner].add(entry)
        return [entries if len(entries) > 1 else set() for entries in given]

    def served(self) -> float:
        """Of what only the clinic answers beside another question, the share that is found."""
        asked = [
            bool(needs & {id_ for owner, id_ in self.parts if owner == number})
            for number, message in enumerate(self.messages)
            for needs in message.needs
            if len(message.needs) > 1 and needs <= INTENT_OF.keys()
        ]
        return _share(asked)

    def needless(self, threshold: float) -> float:
        given = zip(self.messages, self.entries(threshold), strict=True)
        return _share([bool(entries) for message, entries in given if len(message.needs) == 1])

    def answered(self, threshold: float) -> float:
        given = zip(self.messages, self.entries(threshold), strict=True)
        return _share(
            [
                all(entries & needs for needs in message.needs)
                for message, entries in given
                if len(message.needs) > 1 and all(needs & self.known for needs in message.needs)
            ]
        )

    def threshold(self) -> float:
        """The lowest that gives second answers to no more than `NEEDLESS`."""
        rising = np.unique(np.round(self.chances, 4))
        return float(next((one for one in rising if self.needless(one) <= NEEDLESS), 1.0))


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
