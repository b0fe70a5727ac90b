"""Computes what `bot.nlu.scope`, `bot.nlu.parts` and `bot.advice.decide` read.

In scope are the entries' own `test_questions`, which search never sees; out of scope are the
messages of ``data/tune/out_of_scope.txt``, which the classifier never sees. Probabilities come
from five folds, so a message never judges itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.advice.understanding import OUTSIDE
from bot.knowledge.adapter import kept_back
from bot.knowledge.asked import asked
from bot.knowledge.encode import Encoder
from bot.knowledge.live import Publication
from bot.nlu.alarm_examples import is_alarm
from bot.nlu.alarm_tuning import tune_alarms
from bot.nlu.boundary import Boundary
from bot.nlu.finder import Finder
from bot.nlu.follow_examples import Borrowed, read_follow_ups, seen, talk
from bot.nlu.follow_tuning import tune_follow
from bot.nlu.intent_classifier import EVERY, fit
from bot.nlu.logistic import Standard
from bot.nlu.multi_question import lone
from bot.nlu.parts_tuning import tune_parts
from bot.nlu.scope import Scope, features
from bot.nlu.service_parts import learn
from bot.nlu.several_examples import read_several

DOUBTED = 0.002
"""The share of right answers that we accept to ask back about: the policy behind `sure`. It is
small because an answer brings along what else was likely meant, so asking back gains little; of
251 messages as visitors write them, over half of those below 0.2 had the right entry first."""
DECLINED = 0.02
"""The share of questions that we accept to decline at most, whatever else is let in for it: who is
declined goes away, and who is answered beside the point can ask again. Policy behind `in_scope`."""
STRENGTH = 30.0
"""The classifier's C in ``config.yml``."""


@dataclass(frozen=True)
class Tuned:
    """What two files of `bot.advice` hold, and where it comes from."""

    data: dict[str, Any]
    """``thresholds.json``, with the figures it rests on."""
    words: dict[str, Any]
    """``doubt_words.json``."""


def tune(
    publication: Publication, encoder: Encoder, nlu: Path, outside: Sequence[str], today: date
) -> Tuned:
    """Fit on what is live.

    Args:
        nlu: the folder of intent examples.
        outside: messages that are about nothing of ours.
    """
    examples = intent_examples(nlu)
    names = [name for name, texts in examples.items() for _ in texts]
    texts = [text for texts in examples.values() for text in texts]
    questions = publication.index.vectors[::EVERY]
    intents = fit(encoder.encode(texts), names, STRENGTH, questions)
    entries = publication.knowledge.shown_on(today)
    tests = [(id_, text) for id_, entry in entries.items() for text in entry.test_questions]
    messages = [text for _, text in tests] + list(outside)
    vectors = encoder.encode(messages)
    hits = publication.index.search_many(messages, vectors, len(publication.index))
    beyond = [text for intent in OUTSIDE for text in examples.get(intent, ())]
    boundary = Boundary.fit(asked(), encoder.encode(beyond))
    rows = np.array(
        [
            features(found, intents.ranking(vector), boundary.score(vector))
            for found, vector in zip(hits, vectors, strict=True)
        ]
    )
    truth = np.array([1] * len(tests) + [0] * len(outside))
    standard = Standard.of(rows)
    scaled = standard.scaled(rows)
    model = LogisticRegression(class_weight="balanced")
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    chances = cross_val_predict(model, scaled, truth, cv=folds, method="predict_proba")[:, 1]
    model.fit(scaled, truth)
    in_scope = min(_fairest(chances, truth), float(np.quantile(chances[truth == 1], DECLINED)))
    right = [
        h[0].confidence
        for (id_, _), h in zip(tests, hits[: len(tests)], strict=True)
        if h and h[0].entry_id == id_
    ]
    sure = float(np.quantile(right, DOUBTED))
    scope = Scope(standard.logistic(model.coef_[0], model.intercept_[0]))
    finder = Finder.of(publication, encoder, scope, boundary)
    ids = publication.index.entry_ids
    several = read_several()
    judges = [kept_back(message.text) for message in several]
    parts = tune_parts(
        several,
        encoder.tokens([message.text for message in several]),
        encoder.tokens(lone(publication.index.questions)),
        finder.read,
        ids,
        judges,
        learn(
            [message for message, judge in zip(several, judges, strict=True) if not judge],
            encoder.encode(texts),
            names,
            questions,
            encoder.encode,
        ),
    )
    borrowed = Borrowed(
        talk(examples, encoder.encode(texts), intents, STRENGTH, questions),
        seen(outside, encoder, intents),
        seen([text for _, text in tests], encoder, intents),
        intents,
    )
    alarming = {id_ for id_, entry in entries.items() if is_alarm(entry)}
    harmless = [text for id_, text in tests if id_ not in alarming]
    alarms = tune_alarms(encoder, publication.spelling.correct, [*harmless, *outside])
    follow = tune_follow(finder, read_follow_ups(), borrowed, (in_scope, sure))
    origin = {
        "computed_on": today.isoformat(),
        "computed_by": "advisor tune",
        "publication": publication.digest,
    }
    return Tuned(
        {
            **origin,
            "questions_in_scope": len(tests),
            "messages_out_of_scope": len(outside),
            "hit_at_1": round(len(right) / len(tests), 4),
            "questions_declined": round(float((chances[truth == 1] < in_scope).mean()), 4),
            "out_of_scope_declined": round(float((chances[truth == 0] < in_scope).mean()), 4),
            "in_scope": round(in_scope, 4),
            "sure": round(sure, 4),
            "several": round(parts.several, 4),
            "several_all_answered": round(parts.answered, 4),
            "clinic_facts_found": round(parts.served, 4),
            "needless_second_answers": round(parts.needless, 4),
            **alarms.numbers(),
            "goes_on": round(follow.goes_on, 4),
            "follow_ups_found": round(follow.found, 4),
            "follow_ups_declined": round(follow.declined, 4),
            "talk_taken_for_follow_ups": round(follow.mistaken, 4),
            "scope": asdict(scope),
            "follow": asdict(follow.model),
            "parts": asdict(parts.model),
        },
        {**origin, **asdict(alarms.words)},
    )


def _fairest(chances: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The threshold at which the shares rightly kept and rightly declined add up to most (Youden's
    J). The test questions are terser than what visitors write, of whom fewer are declined.
    """
    candidates = np.unique(chances)
    kept = [
        (chances[truth == 1] >= c).mean() + (chances[truth == 0] < c).mean() for c in candidates
    ]
    return float(candidates[int(np.argmax(kept))])


def intent_examples(folder: Path) -> Mapping[str, list[str]]:
    """The examples of each intent in a folder of Rasa NLU files."""
    examples: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        for item in data["nlu"]:
            lines = (line.strip() for line in item["examples"].splitlines())
            texts = [line.removeprefix("-").strip() for line in lines if line]
            examples.setdefault(item["intent"], []).extend(texts)
    return examples
