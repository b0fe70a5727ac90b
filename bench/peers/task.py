"""What a contestant is given and what it gives back, as JSON files.

Only the standard library is needed here: a contestant may run in an environment without ours.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_INTRA_OP_PARALLELISM_THREADS",
    "TF_INTER_OP_PARALLELISM_THREADS",
)
"""The variables that hold libraries to one thread."""


@dataclass(frozen=True)
class Asked:
    """One message, with those before it in its conversation."""

    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """The answer that a label stands for."""

    label: str
    gist: str
    """Its title and first sentences."""
    whole: str


@dataclass(frozen=True)
class Task:
    """What is learned from and what is asked then. Of no message asked is the truth told."""

    known: tuple[tuple[str, str], ...]
    """Texts with the label (the id of the entry) that answers them."""
    outside: tuple[tuple[str, str], ...]
    """Texts that are out of scope, with the name of their intent."""
    held_out: tuple[tuple[str, str | None], ...]
    """Texts for choosing thresholds, with their label; None is out of scope."""
    asked: tuple[Asked, ...]
    other: tuple[tuple[str, str], ...] = ()
    """Texts of further intents that a bot serves: small talk, opening hours."""
    answers: tuple[Written, ...] = ()
    """None where labels are no more than that."""
    wordings: int | None = None
    """How many wordings of an entry are learned from; None: all."""
    seed: int = 0

    @classmethod
    def read(cls, path: Path) -> Task:
        """What `write` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        data["asked"] = tuple(Asked(one["text"], tuple(one["context"])) for one in data["asked"])
        data["answers"] = tuple(Written(**one) for one in data["answers"])
        for name in ("known", "outside", "held_out", "other"):
            data[name] = tuple((text, label) for text, label in data[name])
        return cls(**data)

    def write(self, path: Path) -> None:
        """As JSON, in ASCII."""
        path.write_text(json.dumps(asdict(self)), encoding="ascii")


@dataclass(frozen=True)
class Answer:
    """What a contestant makes of one message."""

    ranked: tuple[tuple[str, float], ...]
    """The best three labels with the confidence that the contestant has in each."""
    inside: float
    """Higher where the message is likelier to be in scope; comparable within a contestant."""
    kind: str | None = None
    """What it would do by itself (answer, decline or another `bot.advice.reply.Kind`); None where
    a threshold has to be chosen for it first."""
    shown: tuple[str, ...] = ()
    """The labels that it would show then, first the one it answers with."""


@dataclass(frozen=True)
class Result:
    """All that one contestant gives back."""

    held_out: tuple[Answer, ...]
    asked: tuple[Answer, ...]
    training_s: float
    training_cpu_s: float
    wall_s: tuple[float, ...]
    """Seconds for each message asked, one after another."""
    cpu_s: tuple[float, ...]
    """The same in processor time, which other work on the machine does not make longer."""

    @classmethod
    def read(cls, path: Path) -> Result:
        """What `write` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        for name in ("held_out", "asked"):
            data[name] = tuple(_answer(one) for one in data[name])
        for name in ("wall_s", "cpu_s"):
            data[name] = tuple(data[name])
        return cls(**data)

    def write(self, path: Path) -> None:
        """As JSON, in ASCII."""
        path.write_text(json.dumps(asdict(self)), encoding="ascii")

    def part(self, start: int, end: int) -> Result:
        """The same for some of the messages asked."""
        here = slice(start, end)
        return replace(
            self, asked=self.asked[here], wall_s=self.wall_s[here], cpu_s=self.cpu_s[here]
        )


def _answer(data: dict[str, Any]) -> Answer:
    ranked = tuple((label, float(confidence)) for label, confidence in data["ranked"])
    return Answer(ranked, float(data["inside"]), data["kind"], tuple(data["shown"]))


Ask = Callable[[Asked], Answer]


def contest(learn: Callable[[Task], Ask]) -> None:
    """A contestant's whole life: ``python -m bench.peers.NAME TASK RESULT``.

    Args:
        learn: learns from a task and returns what answers a message.
    """
    task = Task.read(Path(sys.argv[1]))
    begin, cpu = time.perf_counter(), time.process_time()
    ask = learn(task)
    training_s, training_cpu_s = time.perf_counter() - begin, time.process_time() - cpu
    held_out = tuple(ask(Asked(text)) for text, _ in task.held_out)
    asked, wall_s, cpu_s = _timed(ask, task.asked)
    Result(held_out, asked, training_s, training_cpu_s, wall_s, cpu_s).write(Path(sys.argv[2]))


def _timed(
    ask: Ask, messages: Sequence[Asked]
) -> tuple[tuple[Answer, ...], tuple[float, ...], tuple[float, ...]]:
    answers, walls, cpus = [], [], []
    for message in messages:
        begin, cpu = time.perf_counter(), time.process_time()
        answers.append(ask(message))
        walls.append(time.perf_counter() - begin)
        cpus.append(time.process_time() - cpu)
    return tuple(answers), tuple(walls), tuple(cpus)
