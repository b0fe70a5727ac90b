"""``advisor check``: every problem of every knowledge file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.failure import Failure
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.desk import Examined
    from bot.knowledge.problem import Problem


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders to report on; all of them if none is named."),
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Leave out the search for stolen questions.")
    ] = False,
    overlaps: Annotated[
        bool, typer.Option("--overlaps", help="List every question that finds another entry.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Also write a page about every entry, for signing off.")
    ] = None,
) -> None:
    """Report every problem of the knowledge files, with its line; say nothing if all is well."""
    from bot.desk import Desk
    from bot.knowledge.problem import has_errors

    settings = Settings.from_env()
    chosen = _choose(paths or [], settings.knowledge_dir)
    only = None if report is not None else _entries(chosen, settings.knowledge_dir)
    desk = Desk(settings)
    with working():
        found = desk.examine(fast=fast, overlaps=overlaps, only=only)
    if report is not None:
        _write_report(report, found)
    problems = [problem for problem in found.problems if _is_chosen(problem, chosen)]
    show(problems)
    if has_errors(problems):
        raise typer.Exit(1)


@contextmanager
def working() -> Iterator[None]:
    """A spinner on stderr while something is computed; expected errors are said in one line.

    Raises:
        Failure: the encoder is not ready, or the files do not stop changing.
    """
    from bot.knowledge.readings import ChangingError
    from bot.knowledge.weights import EncoderError

    try:
        with Console(stderr=True).status("Checking ..."):
            yield
    except EncoderError as error:
        raise Failure(f"{error} (`advisor check --fast` works without it.)") from None
    except ChangingError as error:
        raise Failure(str(error)) from None


def _write_report(path: Path, found: Examined) -> None:
    from bot.knowledge.report import html, rows

    clinic = found.reading.knowledge.clinic
    page = html(
        rows(found.reading, found.problems, date.today(), found.built),
        date.today(),
        clinic.name if clinic is not None else "the clinic",
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {path}. Open it in a browser.", err=True)


def show(problems: Iterable[Problem]) -> None:
    """Print problems, two lines each."""
    for problem in problems:
        typer.echo(problem.format())


def _choose(paths: list[Path], folder: Path) -> list[str]:
    """The chosen paths as problems name them."""
    chosen = []
    for path in paths:
        if not path.exists():
            raise Failure(f"there is no file or folder {path}.")
        try:
            relative = path.resolve().relative_to(folder.resolve())
        except ValueError:
            raise Failure(f"{path} is not in the knowledge folder {folder}.") from None
        chosen.append((Path(folder.name) / relative).as_posix())
    return chosen


def _entries(chosen: list[str], folder: Path) -> frozenset[str] | None:
    """The ids of the answers among the chosen files; None if everything has to be looked at."""
    from bot.knowledge.wordings import FOLDER as WORDINGS

    files = [Path(one).relative_to(folder.name) for one in chosen]
    if not files or any(file.suffix not in (".md", ".txt") for file in files):
        return None
    ids = (file.with_suffix("").as_posix() for file in files)
    return frozenset(id_.removeprefix(f"{WORDINGS}/") for id_ in ids)


def _is_chosen(problem: Problem, chosen: list[str]) -> bool:
    return not chosen or any(
        problem.path == one or problem.path.startswith(one + "/") for one in chosen
    )
