"""``advisor receipt``: what each answer of a conversation was made of, and who answers for it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.receipt import Receipt


def receipt(
    conversation: Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.")],
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Also show what the visitor wrote.")
    ] = False,
) -> None:
    """List the entries, publication, author and sources behind each answer of a conversation."""
    from bot.receipt import receipts
    from bot.store.session import StoreError

    try:
        found = list(receipts(open_store(Settings.from_env()), conversation))
    except StoreError as error:
        raise Failure(str(error)) from None
    if not found:
        raise Failure(
            f"there is no conversation {conversation!r}: it was erased, or is past RETENTION_DAYS."
        )
    console = Console(soft_wrap=True)
    for one in found:
        _show(console, one, with_text)


def _show(console: Console, one: Receipt, with_text: bool) -> None:
    at = datetime.fromtimestamp(one.at, timezone.utc)
    lines = [f"{one.number}. {at:%Y-%m-%d %H:%M:%S} UTC  {one.kind}"]
    if with_text:
        lines.append(f"   visitor:     {' '.join(one.text.split())}")
    if one.entries:
        lines.append(f"   entries:     {', '.join(one.entries)}")
    if one.publication:
        by = f", by {one.author}: {one.note or 'no note'}" if one.author else ""
        lines.append(f"   publication: {one.publication}{by}")
    lines += [f"   source:      {source}" for source in one.sources]
    console.print("\n".join(lines), markup=False, highlight=False)
