"""``advisor diff``: what two publications say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.difference import Difference, FieldDifference


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A digest of `advisor history`.")],
    after: Annotated[
        str | None, typer.Argument(metavar="B", help="Another; without it, what is live.")
    ] = None,
) -> None:
    """Show what publication B says otherwise than A: [-words that went-] {+words that came+}."""
    from bot.knowledge.difference import differences
    from bot.knowledge.publish import PublishError, knowledge_of, named
    from bot.store.records import StoreError, list_publications

    engine = open_store(Settings.from_env())
    try:
        old = named(engine, before)
        new = named(engine, after) if after else list_publications(engine, 1)[0]
        found = differences(knowledge_of(engine, old), knowledge_of(engine, new))
    except (PublishError, StoreError) as error:
        raise Failure(str(error)) from None
    console = Console(soft_wrap=True)
    console.print(f"{old.digest[:12]} -> {new.digest[:12]}", style="bold")
    if not found:
        console.print("They say the same.")
    for one in found:
        console.print(shown(one))


def shown(difference: Difference) -> Text:
    """One entry's line, and the fields that differ below it; readable without colours too."""
    text = Text(f"{difference.change.value:8} {difference.id}", style="bold")
    for field in difference.fields:
        text.append(f"\n  {field.name}: ", style="not bold cyan")
        text.append_text(_field(field))
    return text


def _field(field: FieldDifference) -> Text:
    from bot.knowledge.difference import Change, words

    text = Text(style="not bold")
    if len(field.before) == len(field.after) == 1:
        for change, piece in words(field.before[0], field.after[0]):
            _append(text, change, piece)
        return text
    for line in field.before:
        if line not in field.after:
            text.append("\n    ")
            _append(text, Change.REMOVED, line)
    for line in field.after:
        if line not in field.before:
            text.append("\n    ")
            _append(text, Change.NEW, line)
    if set(field.before) == set(field.after):
        text.append("in another order")
    return text


def _append(text: Text, change: object, piece: str) -> None:
    from bot.knowledge.difference import Change

    if change is Change.REMOVED:
        text.append(f"[-{piece}-]", style="not bold red")
    elif change is Change.NEW:
        text.append(f"{{+{piece}+}}", style="not bold green")
    else:
        text.append(piece)
