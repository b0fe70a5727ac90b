"""``advisor rollback``: makes an earlier publication live again."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.cli.publish import user_name
from bot.settings import Settings


def rollback(
    digest: Annotated[
        str | None,
        typer.Argument(help="From `advisor history`; without it, the one before what is live."),
    ] = None,
    author: Annotated[
        str | None, typer.Option(help="Who answers for it; default: your user name.")
    ] = None,
) -> None:
    """Make an earlier publication live again. The knowledge files stay as they are."""
    from bot.knowledge.cores import cores
    from bot.knowledge.embed import LazyEncoder
    from bot.knowledge.publish import PublishError
    from bot.knowledge.publish import rollback as go_back
    from bot.knowledge.weights import EncoderError
    from bot.store.session import StoreError

    settings = Settings.from_env()
    encoder = LazyEncoder(settings.encoder_dir, cores())
    try:
        publication = go_back(open_store(settings), digest, author or user_name(), encoder)
    except (PublishError, StoreError, EncoderError) as error:
        raise Failure(str(error)) from None
    typer.echo(f"Published {publication.name} again: {len(publication.knowledge.entries)} entries.")
