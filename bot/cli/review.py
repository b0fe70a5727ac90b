"""``advisor review``: what visitors asked and got no answer to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.missing import Group

SHOWN = 5
"""Wordings of a group on the terminal; the page has them all."""


def review(
    html: Annotated[Path | None, typer.Option(help="Write a page instead of printing.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many groups are printed.")] = 20,
) -> None:
    """List what was not answered, grouped by likeness, the most frequent first."""
    from bot.knowledge.encode import Encoder
    from bot.knowledge.missing import groups
    from bot.knowledge.weights import EncoderError
    from bot.store.session import StoreError
    from bot.store.unanswered import list_unanswered

    settings = Settings.from_env()
    try:
        messages = list_unanswered(open_store(settings))
        found = groups(messages, Encoder.load(settings.encoder_dir)) if messages else []
    except (StoreError, EncoderError) as error:
        raise Failure(str(error)) from None
    if html is not None:
        _write(html, found)
    elif found:
        _print(found, limit)
    else:
        typer.echo("Every question was answered.")


def _print(found: list[Group], limit: int) -> None:
    console = Console()
    for group in found[:limit]:
        nearest = f"nearest {group.nearest} ({group.score:.2f})" if group.nearest else "none near"
        console.print(f"[bold]{len(group.messages):4}[/bold]  {nearest}  {', '.join(group.kinds)}")
        for text in group.wordings[:SHOWN]:
            console.print(f"        {escape(text)}")
        if len(group.wordings) > SHOWN:
            console.print(f"        and {len(group.wordings) - SHOWN} more")
    if len(found) > limit:
        console.print(f"{len(found) - limit} more groups: --limit {len(found)}, or --html FILE.")


def _write(path: Path, found: list[Group]) -> None:
    from bot.knowledge.missing_report import html

    try:
        path.write_text(html(found), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {path}. Open it in a browser.", err=True)
