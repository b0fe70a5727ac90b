"""Writes what `fit.py` learns from: each wording with its entry, each example with its intent.

Usage: ``python tools/adapter/wordings.py FILE``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.advice.route import QUESTION
from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.read import read
from bot.nlu.tuning import intent_examples
from bot.settings import ROOT, Settings


def wordings() -> list[tuple[str, str]]:
    """``(label, text)`` pairs; test questions are left out, for they judge the result."""
    knowledge, _ = read(Settings.from_env().knowledge_dir)
    entries = ready(knowledge)
    pairs = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
    intents = intent_examples(ROOT / "data" / "nlu")
    return pairs + [
        (intent, text)
        for intent, texts in intents.items()
        for text in texts
        if intent != QUESTION  # whose examples are those of the entries
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(wordings(), ensure_ascii=False), encoding="utf-8")
