"""Fits `bot.nlu.follow` on the messages of ``data/follow_ups/tuned.jsonl``, and on borrowed ones
(`bot.nlu.follow_examples`), each as if it came after one of the answers there.

Whatever is said of a message was computed without it, in five folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.advice.route import MAY_GO_ON
from bot.advice.understanding import Understanding
from bot.nlu.finder import Finder
from bot.nlu.follow import Follow, Intents, Light
from bot.nlu.follow_examples import Borrowed, FollowUp
from bot.nlu.logistic import Standard, log_odds, rounded

Floats = NDArray[np.float64]

BORROWED = 0.4
"""How much one of them counts beside a message that was written as a follow-up."""
FOLDS = 5
STEADINESS = 0.03
"""How much the weights of the readings are drawn to their plain mean. With a third or a tenth of it
no more was found, and what was found was held for surer than it is."""
MISTAKEN = 0.03
"""The share of talk and wishes that we accept to take for a question: the policy behind `goes_on`.
The examples were written to be heard before any answer, and some may well ask after one."""
DECLINED = 0.02
"""The share of follow-ups that we accept to decline: as of all questions (`bot.nlu.tuning`)."""


@dataclass(frozen=True)
class TunedFollow:
    """The model and what it does on messages that it has not seen."""

    model: Follow
    goes_on: float
    found: float
    """The share of follow-ups and new subjects whose entry is first, if they are answered."""
    declined: float
    """The share of them that the threshold for what is in scope declines."""
    mistaken: float
    """The share of talk and wishes among the follow-ups' lines that is taken for a question."""


@dataclass(frozen=True)
class _Case:
    """A message after an answer."""

    light: Light
    intents: Intents
    needs: tuple[str, ...]
    is_question: bool
    is_own: bool
    """Whether it was written as a follow-up."""


def tune_follow(
    finder: Finder,
    follow_ups: Sequence[FollowUp],
    borrowed: Borrowed,
    thresholds: tuple[float, float],
) -> TunedFollow:
    """Fit on follow-ups and what is borrowed.

    Args:
        finder: without a model of follow-ups.
        thresholds: `in_scope`, with which the chance of a follow-up is compared, and `sure`.

    Raises:
        ValueError: there are no questions among the follow-ups, or nothing else.
    """
    in_scope, _ = thresholds
    cases = _cases(finder, follow_ups, borrowed, thresholds)
    asked = [case for case in cases if case.is_own and case.needs]
    if not asked or all(case.is_question for case in cases):
        raise ValueError("follow-ups need messages of either class: questions and others")
    ids = list(finder.publication.index.entry_ids)
    temperature = finder.publication.index.temperature
    views = [case.light.views() / temperature for case in asked]
    rights = [np.isin(ids, case.needs) for case in asked]
    found = _found(views, rights)

    rows = np.array([case.light.features(case.intents) for case in cases])
    truth = np.array([case.is_question for case in cases])
    own = np.array([case.is_own for case in cases])
    standard = Standard.of(rows)
    scaled = standard.scaled(rows)
    counts = np.where(own, 1.0, BORROWED)
    counts = np.where(truth, counts / counts[truth].sum(), counts / counts[~truth].sum())
    counts *= own.sum()
    regression = LogisticRegression(max_iter=5000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    odds = cross_val_predict(
        regression,
        scaled,
        truth,
        cv=folds,
        method="decision_function",
        params={"sample_weight": counts},
    )
    regression.fit(scaled, truth, sample_weight=counts)
    shift = log_odds(in_scope) - float(np.quantile(odds[own & truth], DECLINED))
    chances = 1 / (1 + np.exp(-(odds + shift)))
    looks_else = np.array([_likeliest(case.intents) in MAY_GO_ON for case in cases])
    goes_on = max(in_scope, float(np.quantile(chances[looks_else & ~truth], 1 - MISTAKEN)))
    talk = own & looks_else & ~truth
    return TunedFollow(
        Follow(
            rounded(_fit(views, rights)),
            standard.logistic(regression.coef_[0], regression.intercept_[0] + shift),
        ),
        goes_on,
        found,
        float((chances[own & truth] < in_scope).mean()),
        float((chances[talk] >= goes_on).mean()) if talk.any() else 0.0,
    )


def _cases(
    finder: Finder,
    follow_ups: Sequence[FollowUp],
    borrowed: Borrowed,
    thresholds: tuple[float, float],
) -> list[_Case]:
    """Every message that comes after an answer, those borrowed after each of them in turn."""
    cases: list[_Case] = []
    topics: list[tuple[str, str]] = []
    for one in follow_ups:
        topic = _topic(finder, one.context, thresholds)
        if topic is None:
            continue
        topics.append((topic, one.context[-1]))
        ranked: Intents = borrowed.intents.ranking(finder.encoder.encode_one(one.text))
        light = _light(finder, one.text, ranked, *topics[-1])
        cases += [_Case(each, ranked, one.needs, bool(one.needs), True) for each in light]
    if not topics:
        return cases
    others = [(text, ranked, False) for text, ranked in (*borrowed.talk, *borrowed.outside)]
    others += [(text, ranked, True) for text, ranked in borrowed.questions]
    for turn, (text, ranked, is_question) in enumerate(others):
        light = _light(finder, text, ranked, *topics[turn % len(topics)])
        cases += [_Case(each, ranked, (), is_question, False) for each in light]
    return cases


def _topic(finder: Finder, context: Sequence[str], thresholds: tuple[float, float]) -> str | None:
    """What was answered last, if anything was, after the messages of a context."""
    in_scope, sure = thresholds
    topic, before = None, ""
    for text in context:
        vector = finder.encoder.encode_one(text)
        found = finder.find(text, vector, Understanding(), topic, before)
        best = found.candidates[0] if found.candidates else None
        if best and found.in_scope >= in_scope and best.confidence >= sure:
            topic = best.entry_id
        before = text
    return topic


def _light(finder: Finder, said: str, intents: Intents, topic: str, before: str) -> list[Light]:
    """The readings of a message, if the entry of its topic is there."""
    text = finder.publication.spelling.correct(said)
    alone = finder.readings([text])[0]
    light = finder.light(text, alone, intents, topic, before)
    return [light] if light else []


def _likeliest(intents: Intents) -> str:
    return intents[0][0]


def _found(views: Sequence[Floats], rights: Sequence[Any]) -> float:
    """The share of messages whose entry is first by weights that were fitted without them."""
    hits = []
    for fold in range(FOLDS):
        known = [row for row in range(len(views)) if row % FOLDS != fold]
        weights = _fit([views[row] for row in known], [rights[row] for row in known])
        unseen = range(fold, len(views), FOLDS)
        hits += [bool(rights[row][int(np.argmax(weights @ views[row]))]) for row in unseen]
    return float(np.mean(hits))


def _fit(views: Sequence[Floats], rights: Sequence[Any]) -> Floats:
    """The weights at which it is likeliest that one of each message's right entries is meant.

    Maximises the mean log of the softmax over the entries, summed over the right ones, less
    `STEADINESS` times the squared distance of the weights from the plain mean of the readings.

    Args:
        views: of each message `Light.views`, over the temperature of the index.
        rights: of each message which entries are right, (entries,).
    """
    known = [(view, right) for view, right in zip(views, rights, strict=True) if right.any()]
    start = np.array([1 / 3, 1 / 3, 1 / 3, 0.0, 0.0])

    def loss(weights: Floats) -> tuple[float, Floats]:
        away = weights - start
        value, slope = STEADINESS * float(away @ away), 2 * STEADINESS * away
        for view, right in known:
            scores = weights @ view
            powers = np.exp(scores - scores.max())
            chances = powers / powers.sum()
            chance = max(float(chances[right].sum()), 1e-12)
            value -= np.log(chance) / len(known)
            slope -= view @ (np.where(right, chances / chance, 0.0) - chances) / len(known)
        return value, slope

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found
