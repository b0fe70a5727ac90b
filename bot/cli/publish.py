"""``advisor publish``: makes the knowledge files live."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.check import build_search, show, sign_fires
from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

    from bot.knowledge.live import Publication
    from bot.knowledge.publish import Changes


def publish(
    note: Annotated[str, typer.Option(help="Why, in a few words; stands in the history.")] = "",
    author: Annotated[
        str | None, typer.Option(help="Who answers for it; default: your user name.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Check the knowledge files and make them live, for the next message of every process."""
    settings = Settings.from_env()
    publication = publish_folder(
        settings,
        open_store(settings),
        note=note,
        author=author or user_name(),
        confirm=None if yes else _ask,
    )
    if publication.is_new:
        typer.echo(f"Published {publication.name}: {len(publication.knowledge.entries)} entries.")
    else:
        typer.echo(f"Nothing to do: {publication.name}, which is live, has the same content.")


def publish_folder(
    settings: Settings,
    engine: Engine,
    *,
    note: str,
    author: str,
    confirm: Callable[[Changes], None] | None = None,
) -> Publication:
    """Check the knowledge folder and publish it; on any error nothing changes.

    Args:
        confirm: is shown what would change, and raises to stop it.

    Raises:
        typer.Exit: there are errors, which have been printed.
        Failure: the encoder or the database cannot be used, or there is nothing to publish.
    """
    from bot.knowledge.check import check
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.live import Live, NothingPublished
    from bot.knowledge.problem import has_errors
    from bot.knowledge.publish import PublishError, changes, known_vectors
    from bot.knowledge.publish import publish as make_live
    from bot.knowledge.read import read_folder
    from bot.store.session import StoreError

    reading = read_folder(settings.knowledge_dir)
    try:
        built = build_search(settings, reading.knowledge, known_vectors(engine))
        problems = check(reading, date.today(), built=built, fires=sign_fires)
        show(problems)
        if has_errors(problems):
            Console(stderr=True).print("Nothing was published; what was live stays live.")
            raise typer.Exit(1)
        try:
            live = Live(engine).current()
        except NothingPublished:
            live = None
        changed = changes(live, reading.knowledge)
        if confirm is not None and changed:
            confirm(changed)
        return make_live(
            engine,
            reading.knowledge,
            Encoder.load(settings.encoder_dir, cores()),
            author,
            note,
            date.today(),
            built=built,
        )
    except (PublishError, StoreError) as error:
        raise Failure(str(error)) from None


def user_name() -> str:
    """Who is at the keyboard, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "unknown"


def _ask(changed: Changes) -> None:
    for word, ids in (
        ("new", changed.added),
        ("changed", changed.changed),
        ("removed", changed.removed),
        ("changed", ("clinic.yml",) if changed.clinic else ()),
        ("changed", ("terms.yml",) if changed.terms else ()),
        ("changed", ("screening.yml",) if changed.screening else ()),
    ):
        for id_ in ids:
            typer.echo(f"  {word:8} {id_}")
    if not sys.stdin.isatty():
        raise Failure("there is nobody to ask whether to publish this: add --yes.")
    typer.confirm("Publish this?", abort=True)
