"""``advisor new``: begins an entry from the template."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from bot.cli.failure import Failure
from bot.settings import Settings


def new(
    id_: Annotated[
        str, typer.Argument(metavar="FAMILY/NAME", help="For example botox/swimming-afterwards.")
    ],
) -> None:
    """Make the file of a new answer from the template, as a draft."""
    from bot.knowledge.template import TemplateError, new_entry

    settings = Settings.from_env()
    try:
        path = new_entry(settings.knowledge_dir, id_, date.today())
    except TemplateError as error:
        raise Failure(str(error)) from None
    id_ = id_.removesuffix(".md")
    typer.echo(
        f"Wrote {path}. Open it and replace what it says; then:\n"
        f"  advisor check {path}\n"
        f'  advisor ask --draft "a question that it answers"\n'
        f"It stays a draft, which visitors never see, until you set its status to 'sourced'."
    )
