"""``advisor live``: what the bot answers from right now."""

from __future__ import annotations

from datetime import date

import typer

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings


def live() -> None:
    """Print the live publication: digest, time, author, note, and how many entries are shown."""
    from bot.knowledge.live import Live, NothingPublished

    try:
        publication = Live(open_store(Settings.from_env())).current()
    except NothingPublished as error:
        raise Failure(str(error)) from None
    shown = publication.knowledge.shown_on(date.today())
    typer.echo(f"{publication.name}  {publication.created_at:%Y-%m-%d %H:%M:%S} UTC")
    typer.echo(f"by {publication.author}: {publication.note or 'no note'}")
    typer.echo(f"{len(shown)} entries are shown to visitors of {publication.clinic.name}.")
