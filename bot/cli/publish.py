"""``advisor publish``: makes the knowledge files live."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.check import show, working
from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

    from bot.desk import Examined
    from bot.knowledge.live import Publication


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
    confirm: Callable[[], None] | None = None,
) -> Publication:
    """Check the knowledge folder and publish it; on any error nothing changes.

    Args:
        confirm: is asked when what would change has been shown, and raises to stop it.

    Raises:
        typer.Exit: there are errors, which have been printed.
        Failure: the encoder or the database cannot be used, or there is nothing to publish.
    """
    from bot.desk import Desk, live_or_none
    from bot.knowledge.publish import PublishError, changes
    from bot.store.session import StoreError

    desk = Desk(settings)
    try:
        with working():
            found = desk.calibrated(desk.examine())
        show(found.problems)
        if not found.is_sound:
            Console(stderr=True).print("Nothing was published; what was live stays live.")
            raise typer.Exit(1)
        live = live_or_none(engine)
        if confirm is not None and changes(live, found.reading.knowledge):
            _show_changes(engine, live, found, settings)
            confirm()
        return desk.publish(engine, found, author, note)
    except (PublishError, StoreError) as error:
        raise Failure(str(error)) from None


def user_name() -> str:
    """Who is at the keyboard, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "unknown"


def _show_changes(
    engine: Engine, live: Publication | None, found: Examined, settings: Settings
) -> None:
    from bot.knowledge.difference import differences
    from bot.knowledge.entry import Knowledge
    from bot.knowledge.publish import published_form

    before = Knowledge() if live is None else live.knowledge
    for one in differences(before, published_form(found.reading.knowledge)):
        fields = f"  ({', '.join(field.name for field in one.fields)})" if one.fields else ""
        typer.echo(f"  {one.change.value:8} {one.id}{fields}")
    if live is not None:
        _show_preview(engine, live, found, settings)


def _show_preview(engine: Engine, live: Publication, found: Examined, settings: Settings) -> None:
    from bot.store.events import USER, latest

    if found.built is None or next(latest(engine, USER), None) is None:
        return  # nobody has asked anything yet, and what follows takes some seconds to load
    from bot.knowledge.encode import Encoder
    from bot.preview import as_draft, preview

    with Console(stderr=True).status("Asking again what visitors asked last ..."):
        draft = as_draft(found.reading.knowledge, found.built)
        seen = preview(engine, live, draft, Encoder.load(settings.encoder_dir))
    typer.echo(
        f"Of the last {seen.asked} questions, {len(seen.otherwise)} would be answered otherwise:"
        if seen.otherwise
        else f"The last {seen.asked} questions would be answered by the same entries."
    )
    for one in seen.otherwise:
        typer.echo(f"  {one.text}\n      {one.before} -> {one.after}")
    for id_, count in seen.reworded:
        typer.echo(f"  {id_}, with its new words, answers {count} of them")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise Failure("there is nobody to ask whether to publish this: add --yes.")
    typer.confirm("Publish this?", abort=True)
