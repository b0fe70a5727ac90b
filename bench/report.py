"""Prints the figures as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from bench.figures import Aim, Spread
from bench.measure import Throughput, Turns

SPREAD = ("n", "p50 ms", "p95 ms", "p99 ms", "CPU ms")


def print_turns(console: Console, turns: Turns) -> None:
    """One turn, beside the encoder and Sanic alone."""
    bare = turns.encoder.p50 + turns.echo.p50
    rows: list[tuple[str, Spread, str]] = [
        ("an answer", turns.answer, f"{turns.answer.p50 / bare:.2f}"),
        ("small talk", turns.small_talk, f"{turns.small_talk.p50 / bare:.2f}"),
        ("encoder alone", turns.encoder, f"{turns.encoder.p50 / bare:.2f}"),
        (
            f"Sanic alone, {turns.sent} B in, {turns.received:,} B out",
            turns.echo,
            f"{turns.echo.p50 / bare:.2f}",
        ),
    ]
    _print(
        console,
        "One turn over HTTP, in a fresh conversation",
        ("", *SPREAD, "x both"),
        [(what, *_cells(spread), ratio) for what, spread, ratio in rows],
    )
    if turns.other_kinds:
        others = ", ".join(f"{count} {kind}" for kind, count in sorted(turns.other_kinds.items()))
        console.print(f"Not counted, for they were something else: {others}.\n", highlight=False)


def print_lengths(console: Console, lengths: dict[int, Spread]) -> None:
    """A turn by its place in the conversation."""
    rows = [
        (f"turn {place}", *_cells(spread), f"{spread.p50 / lengths[50].p50:.2f}")
        for place, spread in lengths.items()
    ]
    _print(
        console,
        "A turn as its conversation grows (50 turns around that one)",
        ("", *SPREAD, "x turn 50"),
        rows,
    )


def print_checks(console: Console, spreads: dict[str, Spread]) -> None:
    """The check for red flags."""
    rows = [(what, *_cells(spread)) for what, spread in spreads.items()]
    _print(console, "The check for red flags, rules alone", ("", *SPREAD), rows)


def print_rates(console: Console, rates: Sequence[Throughput]) -> None:
    """Turns a second."""
    rows = [
        (f"{r.conversations}", f"{r.per_second:.1f}", *_cells(r.spread), _times(r, rates[0]))
        for r in rates
    ]
    _print(
        console,
        "One process, three questions to one small talk",
        ("conversations at once", "turns a second", *SPREAD, "x one"),
        rows,
    )


def print_process(console: Console, rows: Sequence[tuple[str, str]]) -> None:
    """What the process takes."""
    _print(console, "The process", ("", ""), rows)


def print_aims(console: Console, aims: Sequence[Aim]) -> None:
    """What was aimed at, and whether it is kept."""
    rows = [
        (
            aim.what,
            f"{aim.value:.2f} {aim.unit}" if aim.unit == "x" else f"{aim.value:.0f} {aim.unit}",
            f"{'>=' if aim.at_least else '<='} {aim.limit:g} {aim.unit}",
            f"[green]{aim.verdict}[/]" if aim.kept else f"[bold red]{aim.verdict}[/]",
        )
        for aim in aims
    ]
    _print(console, "Aims", ("", "measured", "aim", ""), rows)


def _times(rate: Throughput, one: Throughput) -> str:
    return f"{rate.per_second / one.per_second:.2f}"


def _cells(spread: Spread) -> tuple[str, ...]:
    times = (spread.p50, spread.p95, spread.p99, spread.cpu)
    return (f"{spread.count}", *("" if time is None else f"{time:.1f}" for time in times))


def _print(
    console: Console, title: str, columns: Iterable[str], rows: Iterable[Sequence[str]]
) -> None:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print()
