"""The task that the knowledge files set: the same texts and examples for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.peers.task import Asked, Task, Written
from bot.advice.route import QUESTION
from bot.advice.understanding import OUTSIDE
from bot.cli.tune import OUTSIDE as TUNING_MESSAGES
from bot.knowledge.answers import gist, whole
from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.entry import Knowledge
from bot.knowledge.read import read
from bot.nlu.tuning import intent_examples
from bot.settings import ROOT, Settings


def knowledge(wordings: int | None) -> Knowledge:
    """The knowledge files.

    Args:
        wordings: how many of each entry are kept; None: all.
    """
    every, _ = read(Settings.from_env().knowledge_dir)
    if wordings is None:
        return every
    entries = {
        id_: replace(entry, wordings=entry.wordings[:wordings])
        for id_, entry in every.entries.items()
    }
    return replace(every, entries=entries)


def task(asked: Sequence[Asked], wordings: int | None, seed: int) -> Task:
    """Learn what the product learns from, choose thresholds on what `advisor tune` chooses them on
    (the entries' test questions and the messages kept for it), and answer `asked`.
    """
    entries = ready(knowledge(wordings))
    examples = intent_examples(ROOT / "data" / "nlu")
    lines = TUNING_MESSAGES.read_text(encoding="utf-8").splitlines()
    outside = [line for line in lines if line.strip() and not line.startswith("#")]
    tests = [(text, id_) for id_, entry in entries.items() for text in entry.test_questions]
    return Task(
        known=tuple((t, id_) for id_, entry in entries.items() for t in indexed_texts(entry)),
        outside=tuple((t, name) for name in OUTSIDE for t in examples.get(name, ())),
        held_out=(*tests, *((text, None) for text in outside)),
        asked=tuple(asked),
        other=tuple(
            (t, name)
            for name, texts in examples.items()
            if name not in (QUESTION, *OUTSIDE)  # a question is what the entries have
            for t in texts
        ),
        answers=tuple(Written(id_, gist(one), whole(one)) for id_, one in entries.items()),
        wordings=wordings,
        seed=seed,
    )
