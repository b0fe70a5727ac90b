"""Rasa's ResponseSelector alone, in the same pipeline: which answer it would choose.

DIET beside it takes most of the time of training. Without it nothing but the confidence in the
answer says whether a message is in scope.
"""

from __future__ import annotations

from bench.peers.stock_rasa import learn as learn_all
from bench.peers.task import Ask, Task, contest


def learn(task: Task) -> Ask:
    """Train on what the entries answer."""
    return learn_all(task, intents=False)


if __name__ == "__main__":
    contest(learn)
