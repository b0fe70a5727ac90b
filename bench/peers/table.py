"""Prints what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from rich.console import Console
from rich.table import Table

from bench.peers.score import Row
from bench.peers.sets import Expected

COLUMNS = (
    "ranked @1",
    "@3",
    "shown @1",
    "@3",
    "refused outside",
    "refused inside",
    "ECE",
    "2 typos: ranked @1",
    "shown @1",
    "training CPU s",
    "ms",
    "CPU ms",
)
SURE = 1.96
"""Standard errors of a 95 % interval."""


def print_table(
    console: Console,
    title: str,
    expected: Sequence[Expected],
    rows: Sequence[Row],
    absent: Sequence[str],
) -> None:
    """One line for each way of answering, and one for each contestant that could not take part."""
    inside = sum(one.in_scope for one in expected)
    table = Table(
        title=f"{title}: {inside} in scope, {len(expected) - inside} out of scope",
        title_justify="left",
    )
    table.add_column("", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(row.name, *_cells(row))
    console.print(table)
    for why in absent:
        console.print(f"Not measured: {why}.", markup=False, highlight=False)
    widest = SURE * sqrt(0.25 / max(inside, 1))
    console.print(
        f"Shares of {inside} messages that differ by less than {100 * widest:.0f} points may differ"
        " by chance.\n",
        highlight=False,
    )


def _cells(row: Row) -> tuple[str, ...]:
    clean, typos = row.clean, row.typos
    return (
        _percent(clean.ranked_1),
        _percent(clean.ranked_3),
        _percent(clean.shown_1),
        _percent(clean.shown_3),
        _percent(clean.refused_outside),
        _percent(clean.refused_inside),
        f"{100 * clean.ece:.1f}",
        _lost(clean.ranked_1, typos.ranked_1),
        _lost(clean.shown_1, typos.shown_1),
        f"{row.training_cpu_s:.0f}",
        f"{row.ms:.1f}",
        f"{row.cpu_ms:.1f}",
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


def _lost(before: float, after: float) -> str:
    return f"{100 * (after - before):+.1f}"
