"""Kills a Telegram bot again and again, and counts what its visitors got.

python bench/telegram.py [--updates 10000 --chats 200 --kills 10] [--mode polling|webhook]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

# In place of this folder, in which this file would be taken for the package `telegram`.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bot.lean  # noqa: F401  # its import is its effect

import typer
from rich.console import Console
from rich.table import Table

from bench.telegram_run import Outcome, Plan, run
from tests.channels.small_agent import train


def main(
    updates: Annotated[int, typer.Option(help="How many updates.")] = 10_000,
    chats: Annotated[int, typer.Option(help="From how many chats.")] = 200,
    kills: Annotated[int, typer.Option(help="How often the process is killed.")] = 10,
    mode: Annotated[str, typer.Option(help="polling, webhook, or both.")] = "both",
) -> None:
    """Measure on a bot of our own against a stand-in for Telegram, all on 127.0.0.1."""
    console = Console(width=100)
    modes = ("polling", "webhook") if mode == "both" else (mode,)
    with tempfile.TemporaryDirectory(prefix="advisor-bench-") as folder:
        model = train(Path(folder))
        outcomes = {}
        for each in modes:
            start = time.perf_counter()
            outcomes[each] = run(Plan(each, updates, chats, kills), model, Path(folder) / each)
            console.print(f"{each}: {time.perf_counter() - start:.0f} s", highlight=False)
    _print(console, outcomes)
    console.print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.", highlight=False)


def _print(console: Console, outcomes: dict[str, Outcome]) -> None:
    table = Table("", *outcomes, title="A bot that is killed")
    rows = [
        ("updates", "updates"),
        ("of these brought twice or more", "repeated"),
        ("of these brought out of order", "reordered"),
        ("killed with -9", "kills"),
        ("answered", "answered"),
        ("not answered", "lost"),
        ("answered twice", "twice"),
        ("  taken by Telegram while its process was killed", "twice_at_a_kill"),
        ("chats with answers out of order", "disordered"),
        ("answers a second", "per_second"),
        ("an update taken in by an idle bot, median, ms", "accepted_ms"),
    ]
    for label, name in rows:
        table.add_row(label, *(_shown(getattr(outcome, name)) for outcome in outcomes.values()))
    console.print(table)


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}"


if __name__ == "__main__":
    typer.run(main)
