"""Measures what is understood, beside what else could be used for it. `make bench-peers` runs it.

python bench/understanding.py [--wordings N] [MESSAGES.jsonl ...] [--public FOLDER] [--sample N]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import typer
from rich.console import Console

from bench.peers import known, sets
from bench.peers.arena import OTHERS, PRODUCT, SEARCH, SELECTOR, Absent, Contestant, run
from bench.peers.score import Row, rows
from bench.peers.sets import Expected
from bench.peers.table import print_table
from bench.peers.task import Task
from bench.serving import BenchError
from bot.cli.failure import Failure
from bot.settings import ROOT

OWN = tuple(
    ROOT / "tests" / "understanding" / name
    for name in ("messages.jsonl", "single.jsonl", "out_of_scope.jsonl")
)
EVERYBODY = (PRODUCT, SEARCH, SELECTOR, *OTHERS)
WITHOUT_ANSWERS = (SEARCH, *OTHERS)
"""Who can learn from labels that are no more than that."""
WIDTH = 170


def main(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[MESSAGES.jsonl]...", help="Further messages, a table for each."),
    ] = None,
    public: Annotated[
        list[Path] | None,
        typer.Option(help="A folder of labelled CSV files to compare on instead of our messages."),
    ] = None,
    outside: Annotated[str, typer.Option(help="The label there that means out of scope.")] = "oos",
    sample: Annotated[
        int | None, typer.Option(min=2, help="Learn from so many sentences of each label there.")
    ] = None,
    asks: Annotated[
        int | None, typer.Option(min=1, help="Ask so many in scope there, and as many outside.")
    ] = None,
    wordings: Annotated[
        int | None, typer.Option(min=0, help="Learn from so many wordings of each entry.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Contestants by module: product, search, tfidf ...")
    ] = None,
    seed: Annotated[int, typer.Option(help="For samples, typos and training.")] = 0,
) -> None:
    """Let everybody learn the same, ask them the same, and print the tables."""
    console = Console(width=WIDTH)
    begin = time.perf_counter()
    try:
        if public:
            for folder in public:
                task, messages = sets.public(folder, outside, sample, asks, seed)
                who = [one for one in WITHOUT_ANSWERS if not only or one.module in only]
                _compare(console, task, [(_named(folder, sample), messages)], who)
        else:
            parts = [("tests/understanding", sets.own(OWN))]
            parts += [(path.name, sets.own([path])) for path in files or ()]
            task = known.task((), wordings, seed)
            who = [one for one in EVERYBODY if not only or one.module in only]
            _compare(console, task, parts, who)
    except (BenchError, Failure) as error:
        Console(stderr=True).print(f"bench: {error}", markup=False)
        sys.exit(1)
    console.print(
        f"{time.perf_counter() - begin:.0f} s; {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f} at the end.",
        highlight=False,
    )


def _named(folder: Path, sample: int | None) -> str:
    return folder.name if sample is None else f"{folder.name}, {sample} a label"


def _compare(
    console: Console,
    task: Task,
    parts: Sequence[tuple[str, list[Expected]]],
    contestants: Sequence[Contestant],
) -> None:
    """One table for each part, of one run of each contestant.

    Raises:
        BenchError: one has failed; the tables of the others are printed before.
    """
    doubled = [(name, clean, sets.with_typos(clean, task.seed)) for name, clean in parts]
    asked = [one.asked for _, clean, typos in doubled for one in (*clean, *typos)]
    task = replace(task, asked=tuple(asked))
    console.print(
        f"Learned from {len(task.known)} texts of {len({label for _, label in task.known})} labels"
        f" and {len(task.outside)} out of scope; thresholds from {len(task.held_out)} others.\n",
        highlight=False,
    )
    tables: list[list[Row]] = [[] for _ in parts]
    absent: list[str] = []
    failures: list[BenchError] = []
    for contestant in contestants:
        began = time.perf_counter()
        try:
            result = run(contestant, task)
        except Absent as error:
            absent.append(str(error))
            continue
        except BenchError as error:
            absent.append(f"{contestant.name}: it failed")
            failures.append(error)
            continue
        took = time.perf_counter() - began
        Console(stderr=True).print(f"{contestant.name}: {took:.0f} s", markup=False)
        start = 0
        for lines, (_, clean, typos) in zip(tables, doubled, strict=True):
            end = start + len(clean) + len(typos)
            lines.extend(rows(contestant.name, task, result.part(start, end), clean, typos))
            start = end
    for (name, clean, _), lines in zip(doubled, tables, strict=True):
        print_table(console, name, clean, lines, absent)
    if failures:
        raise BenchError("\n".join(map(str, failures)))


if __name__ == "__main__":
    typer.run(main)
