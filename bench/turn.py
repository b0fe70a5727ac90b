"""Measures a turn over HTTP, and what the process takes. `make bench` runs it.

python bench/turn.py [--quick]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Annotated

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import typer
from rich.console import Console

from bench import measure, report
from bench.figures import Aim
from bench.messages import Messages
from bench.serving import BenchError, Home, Took, started
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge
from bot.knowledge.publish import publish
from bot.knowledge.read import read
from bot.settings import Settings
from bot.store.session import engine_for, migrate

CONCURRENT = (1, 4, 16)


def main(
    quick: Annotated[bool, typer.Option(help="Fewer of everything; one minute.")] = False,
) -> None:
    """Measure on servers of our own, with a database of our own; nothing of yours is touched."""
    console = Console(width=100)
    begin = time.perf_counter()
    load = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory(prefix="advisor-bench-") as folder:
            _measure(Home(Path(folder)), console, quick)
    except BenchError as error:
        Console(stderr=True).print(f"bench: {error}", markup=False)
        sys.exit(1)
    console.print(
        f"{time.perf_counter() - begin:.0f} s; {os.cpu_count()} processors, "
        f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after.",
        highlight=False,
    )


def _measure(home: Home, console: Console, quick: bool) -> None:
    encoder = Encoder.load(Settings.from_env().encoder_dir)
    knowledge, publishing = _publish(home, encoder)
    messages = Messages.of(knowledge)
    training = home.run("bot.cli", "train")
    starts = []
    for _ in range(1 if quick else 3):
        with started(home, ["bot.cli", "serve"]) as server:
            starts.append(server.ready_after)
    start = sorted(starts, key=lambda took: took.wall_s)[len(starts) // 2]
    with (
        started(home, ["bench.advisor_server"]) as server,
        started(home, ["bench.echo_server", "{port}"]) as bare,
    ):
        fresh, _ = server.memory_mb()
        turns = measure.turns(server, bare, encoder, messages, 40 if quick else 240)
        report.print_turns(console, turns)
        lengths = measure.lengths(server, messages)
        report.print_lengths(console, lengths)
        rates = [
            measure.throughput(server, messages, count, 2.0 if quick else 10.0)
            for count in CONCURRENT
        ]
        report.print_rates(console, rates)
        now, peak = server.memory_mb()
    rows = [
        (f"publishing {len(knowledge.entries)} entries", _seconds(publishing)),
        ("advisor train", _seconds(training)),
        (f"advisor serve until ready, median of {len(starts)}", _seconds(start)),
        ("resident memory when ready", f"{fresh:.0f} MB"),
        ("resident memory after all turns", f"{now:.0f} MB"),
        ("highest resident memory", f"{peak:.0f} MB"),
    ]
    report.print_process(console, rows)
    bare_ms = turns.encoder.p50 + turns.echo.p50
    report.print_aims(
        console,
        [
            Aim("answer p50 / (encoder p50 + echo p50)", turns.answer.p50 / bare_ms, 3, "x"),
            Aim("turn 200 / turn 50", lengths[200].p50 / lengths[50].p50, 1.2, "x"),
            Aim("turn 500 / turn 50", lengths[500].p50 / lengths[50].p50, 1.2, "x"),
            Aim(
                "turns a second, best of 1, 4, 16", max(r.per_second for r in rates), 40, "/s", True
            ),
            Aim("highest resident memory", peak, 450, "MB"),
            Aim("start-up", start.wall_s, 12, "s"),
            Aim("training", training.wall_s, 20, "s"),
        ],
    )


def _publish(home: Home, encoder: Encoder) -> tuple[Knowledge, Took]:
    """Publish unchecked: whether the knowledge is sound is for `advisor check` to say."""
    engine = engine_for(home.database_url)
    migrate(engine)
    begin, cpu = time.perf_counter(), time.process_time()
    knowledge, _ = read(Settings.from_env().knowledge_dir)
    publish(engine, knowledge, encoder, "the benchmark", "", date.today())
    engine.dispose()
    return knowledge, Took(time.perf_counter() - begin, time.process_time() - cpu)


def _seconds(took: Took) -> str:
    return f"{took.wall_s:.1f} s, {took.cpu_s:.1f} s of CPU"


if __name__ == "__main__":
    typer.run(main)
