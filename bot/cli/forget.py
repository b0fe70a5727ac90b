"""``advisor forget``: erases one conversation."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings


def forget(
    conversation: Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.")],
) -> None:
    """Erase every trace of a conversation."""
    from bot.store.erase import erase_conversation

    erased = erase_conversation(open_store(Settings.from_env()), conversation)
    if not erased:
        raise Failure(f"There is no conversation {conversation!r}; nothing was erased.")
    typer.echo(f"Erased: {erased} events of {conversation}.")
