"""``advisor history``: what was published when, and by whom."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings


def history(
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
) -> None:
    """List the publications, newest first; the first is live."""
    from bot.store.records import StoreError, list_publications

    try:
        publications = list_publications(open_store(Settings.from_env()), limit)
    except StoreError as error:
        raise Failure(str(error)) from None
    if not publications:
        raise Failure("nothing is published yet: run `advisor publish`.")
    table = Table("", "digest", "published (UTC)", "by", "note")
    for place, one in enumerate(publications):
        table.add_row(
            "live" if place == 0 else "",
            one.digest[:12],
            f"{one.created_at:%Y-%m-%d %H:%M:%S}",
            escape(one.author),
            escape(one.note),
        )
    Console().print(table)
