"""Measures the check for red flags by itself: the rules, without a model.

python bench/safety.py
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console

from bench import report
from bench.figures import Aim, Spread
from bot.advice.safety import EARLIER, Safety
from bot.nlu.alarm_examples import FOLDER

MESSAGES = 1000
LENGTHS = (300, 2_000, 4_000, 16_000)
"""Characters of messages that are made of several."""
LONG = 20
"""Messages of each such length."""


def main() -> None:
    """Messages of ``data/alarms``, alone and with others before them, and long ones."""
    console = Console(width=100)
    chance = random.Random(1)
    lines = [
        line
        for path in sorted(FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    texts = [json.loads(line)["text"] for line in chance.sample(lines, MESSAGES)]
    alone = _spread(texts)
    spreads = {
        "a message": alone,
        f"with {EARLIER} before it": _spread(texts, [chance.sample(texts, EARLIER) for _ in texts]),
    }
    for length in LENGTHS:
        long = [". ".join(chance.sample(texts, 300))[:length] for _ in range(LONG)]
        spreads[f"of {length:,} characters"] = _spread(long)
    report.print_checks(console, spreads)
    *_, before, longest = (spread.cpu or 0 for spread in spreads.values())
    report.print_aims(
        console,
        [
            Aim("a message, p95", alone.p95, 2, "ms"),
            Aim("with two before it, mean", spreads[f"with {EARLIER} before it"].cpu or 0, 2, "ms"),
            Aim("16,000 characters / four of 4,000", longest / before / 4, 1.2, "x"),
        ],
    )


def _spread(texts: Sequence[str], earlier: Sequence[Sequence[str]] = ()) -> Spread:
    safety = Safety.builtin()
    safety.check(texts[0])
    took = []
    cpu = time.process_time()
    for text, before in zip(texts, earlier or [()] * len(texts), strict=True):
        begin = time.perf_counter()
        safety.check(text, before)
        took.append(time.perf_counter() - begin)
    return Spread.of(took, time.process_time() - cpu)


if __name__ == "__main__":
    main()
