"""TF-IDF of words and pairs of words that two texts share, and logistic regression (scikit-learn).

What is out of scope is a class beside the labels. C is the one of three that finds most of the
held-out texts' labels (or, without any, most in three folds): the default of 1 is far too small for
classes of few short texts.
"""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline

from bench.peers.task import Answer, Ask, Asked, Task, contest

OUTSIDE = ""
"""The class of what is out of scope; no label is empty."""
STRENGTHS = (1.0, 10.0, 100.0)
FOLDS = 3


def learn(task: Task) -> Ask:
    """Fit with each C, and keep the best."""
    texts = [text for text, _ in (*task.known, *task.outside)]
    classes = [label for _, label in task.known] + [OUTSIDE] * len(task.outside)
    tests = [(text, label) for text, label in task.held_out if label is not None]
    models = [_model(strength, task.seed) for strength in STRENGTHS]
    if tests:
        model = max((one.fit(texts, classes) for one in models), key=lambda one: _right(one, tests))
    else:
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=task.seed)
        best = max(models, key=lambda one: cross_val_score(one, texts, classes, cv=folds).mean())
        model = best.fit(texts, classes)
    names = list(model.classes_)
    outside = names.index(OUTSIDE) if OUTSIDE in names else None

    def ask(message: Asked) -> Answer:
        chances = model.predict_proba([message.text])[0]
        inside = chances if outside is None else np.delete(chances, outside)
        labels = [name for name in names if name != OUTSIDE]
        order = np.argsort(-inside, kind="stable")[:3]
        ranked = tuple((labels[one], float(inside[one])) for one in order)
        return Answer(ranked, float(inside.max() if outside is None else 1 - chances[outside]))

    return ask


def _model(strength: float, seed: int) -> Pipeline:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(C=strength, max_iter=1000, random_state=seed))


def _right(model: Pipeline, tests: list[tuple[str, str]]) -> float:
    """The share of texts that are given their label."""
    found = model.predict([text for text, _ in tests])
    return float(np.mean([one == label for one, (_, label) in zip(found, tests, strict=True)]))


if __name__ == "__main__":
    contest(learn)
