"""Our search and our decision of what is in scope, alone, on any labelled texts.

`bot.knowledge.search` over the texts as an entry's questions, with the weights of
`bot.knowledge.blend`; the intent classifier, the border and the scope model fitted on the texts as
`bot.nlu.tuning` fits them. There is no spelling correction, no safety rule and no routing. Answers
count where there are any, as ours have; then the encoder has its adapter too, which was fitted on
our wordings. On anybody else's texts it is the published one.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.peers.task import Answer, Ask, Asked, Task, contest
from bot.advice.route import QUESTION
from bot.knowledge.adapter import NO_ADAPTER
from bot.knowledge.answers import Answers
from bot.knowledge.asked import Asked as Known
from bot.knowledge.encode import Encoder, encoder_folder
from bot.knowledge.leftout import LeftOut, calibrate
from bot.knowledge.search import Floats, SearchIndex
from bot.nlu.boundary import Boundary
from bot.nlu.intent_classifier import EVERY, IntentModel, fit
from bot.nlu.logistic import Standard
from bot.nlu.scope import Scope, features
from bot.nlu.tuning import STRENGTH


def learn(task: Task) -> Ask:
    """Fit index, classifier, border and scope model."""
    encoder = Encoder.load(encoder_folder(), adapter=None if task.answers else NO_ADAPTER)
    index = _index(task, encoder)
    if not task.outside:
        return lambda message: _answer(index, message.text, encoder.encode_one(message.text))
    intents, boundary = _outside(task, index, encoder)
    scope = _scope(task, index, intents, boundary, encoder)

    def ask(message: Asked) -> Answer:
        vector = encoder.encode_one(message.text)
        hits = index.search(message.text, vector, len(index))
        inside = scope.probability(hits, intents.ranking(vector), boundary.score(vector))
        return Answer(tuple((hit.entry_id, hit.confidence) for hit in hits[:3]), inside)

    return ask


def _answer(index: SearchIndex, text: str, vector: Floats) -> Answer:
    hits = index.search(text, vector, 3)
    return Answer(tuple((hit.entry_id, hit.confidence) for hit in hits), hits[0].confidence)


def _index(task: Task, encoder: Encoder) -> SearchIndex:
    """Calibrated on texts that are left out, as publishing does it."""
    gists = encoder.encode([one.gist for one in task.answers])
    answers = Answers(
        gists={one.label: vector for one, vector in zip(task.answers, gists, strict=True)},
        texts={one.label: one.whole for one in task.answers},
    )
    pairs = [(label, text) for text, label in task.known]
    index = SearchIndex.fit(pairs, encoder.encode([text for text, _ in task.known]), answers)
    return calibrate(index, LeftOut.of(index).scores)


def _outside(task: Task, index: SearchIndex, encoder: Encoder) -> tuple[IntentModel, Boundary]:
    """The two models that learn what is out of scope."""
    owners = tuple(index.entry_ids[owner] for owner in index.owners)
    outside = encoder.encode([text for text, _ in task.outside])
    other = encoder.encode([text for text, _ in task.other])
    questions = index.vectors[::EVERY]
    names = [QUESTION] * len(questions)
    names += [name for _, name in task.outside] + [name for _, name in task.other]
    intents = fit(np.concatenate([questions, outside, other]), names, STRENGTH)
    return intents, Boundary.fit(Known({}, owners, index.questions, index.vectors), outside)


def _scope(
    task: Task, index: SearchIndex, intents: IntentModel, boundary: Boundary, encoder: Encoder
) -> Scope:
    """Fitted on the held-out texts, as `advisor tune` does it."""
    texts = [text for text, _ in task.held_out]
    vectors = encoder.encode(texts)
    found = index.search_many(texts, vectors, len(index))
    rows = np.array(
        [
            features(hits, intents.ranking(vector), boundary.score(vector))
            for hits, vector in zip(found, vectors, strict=True)
        ]
    )
    standard = Standard.of(rows)
    truth = [label is not None for _, label in task.held_out]
    model = LogisticRegression(class_weight="balanced").fit(standard.scaled(rows), truth)
    return Scope(standard.logistic(model.coef_[0], model.intercept_[0]))


if __name__ == "__main__":
    contest(learn)
