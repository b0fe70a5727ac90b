"""The nearest text in meaning: best cosine over the vectors of all-MiniLM-L6-v2 as it is published,
without our adapter.

A message is in scope as far as it is nearer to a text that is known than to one that is out of
scope. The cosine itself is the confidence.
"""

from __future__ import annotations

import numpy as np

from bench.peers.task import Answer, Ask, Asked, Task, contest
from bot.knowledge.adapter import NO_ADAPTER
from bot.knowledge.encode import Encoder, encoder_folder
from bot.knowledge.groups import Groups


def learn(task: Task) -> Ask:
    """Encode all texts."""
    encoder = Encoder.load(encoder_folder(), adapter=NO_ADAPTER)
    known = sorted(task.known, key=lambda pair: pair[1])
    labels = sorted({label for _, label in known})
    owners = np.array([labels.index(label) for _, label in known])
    groups = Groups(owners)
    vectors = encoder.encode([text for text, _ in known])
    outside = encoder.encode([text for text, _ in task.outside])

    def ask(message: Asked) -> Answer:
        vector = encoder.encode_one(message.text)
        best = groups.mean_of_best((vectors @ vector)[None, :], 1)[0]
        order = np.argsort(-best, kind="stable")[:3]
        ranked = tuple((labels[one], max(float(best[one]), 0.0)) for one in order)
        nearest_outside = float((outside @ vector).max()) if len(outside) else 0.0
        return Answer(ranked, float(best[order[0]]) - nearest_outside)

    return ask


if __name__ == "__main__":
    contest(learn)
