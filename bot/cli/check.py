"""``advisor check``: every problem of every knowledge file at once."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.failure import Failure
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.advice.safety import Safety
    from bot.knowledge.build import Built
    from bot.knowledge.embed import Vectors
    from bot.knowledge.entry import Knowledge, Sign, Urgency
    from bot.knowledge.problem import Problem
    from bot.knowledge.read import Reading


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
    from bot.knowledge.check import check as all_problems
    from bot.knowledge.problem import has_errors
    from bot.knowledge.read import read_folder

    settings = Settings.from_env()
    chosen = _choose(paths or [], settings.knowledge_dir)
    reading = read_folder(settings.knowledge_dir)
    built = None if fast else build_search(settings, reading.knowledge, published_vectors(settings))
    problems = all_problems(
        reading, date.today(), built=built, fires=sign_fires, all_overlaps=overlaps
    )
    if report is not None:
        _write_report(report, reading, problems, built)
    problems = [problem for problem in problems if _is_chosen(problem, chosen)]
    show(problems)
    if has_errors(problems):
        raise typer.Exit(1)


def _write_report(
    path: Path, reading: Reading, problems: list[Problem], built: Built | None
) -> None:
    from bot.knowledge.report import html, rows

    clinic = reading.knowledge.clinic
    page = html(
        rows(reading, problems, date.today(), built),
        date.today(),
        clinic.name if clinic is not None else "the clinic",
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {path}. Open it in a browser.", err=True)


def show(problems: list[Problem]) -> None:
    """Print problems, two lines each."""
    for problem in problems:
        typer.echo(problem.format())


def build_search(settings: Settings, knowledge: Knowledge, known: Vectors) -> Built:
    """The search over the knowledge, with a spinner on stderr while it is computed.

    Raises:
        Failure: the encoder is not ready.
    """
    from bot.knowledge.build import build
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.weights import EncoderError

    try:
        with Console(stderr=True).status("Searching with every question ..."):
            return build(knowledge, Encoder.load(settings.encoder_dir, cores()), known)
    except EncoderError as error:
        raise Failure(f"{error} (`advisor check --fast` works without it.)") from None


def sign_fires(id_: str, urgency: Urgency, sign: Sign, text: str) -> bool:
    """Whether a sign fires on a text, by the check that visitors' messages go through.

    Raises:
        ValueError: a phrase of the sign cannot be read.
    """
    *earlier, last = text.split(">>")  # what the visitor wrote before, then the message
    return bool(_safety(id_, urgency, sign).check(last, earlier))


@cache
def _safety(id_: str, urgency: Urgency, sign: Sign) -> Safety:
    from bot.advice.safety import Safety

    return Safety({id_: (urgency, (sign,))})


def published_vectors(settings: Settings) -> Vectors:
    """Vectors of what is live; none without a usable database, which checking does not need."""
    from bot.knowledge.embed import NO_VECTORS
    from bot.knowledge.publish import known_vectors
    from bot.store.session import StoreError, engine_for

    try:
        return known_vectors(engine_for(settings.database_url))
    except StoreError:
        return NO_VECTORS


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


def _is_chosen(problem: Problem, chosen: list[str]) -> bool:
    return not chosen or any(
        problem.path == one or problem.path.startswith(one + "/") for one in chosen
    )
