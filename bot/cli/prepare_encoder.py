"""``advisor prepare-encoder``: find, verify and link the sentence encoder's files."""

from __future__ import annotations

import typer

from bot.cli.failure import Failure
from bot.knowledge.weights import EncoderError, prepare
from bot.settings import Settings


def prepare_encoder() -> None:
    """Make the sentence encoder ready: once after each installation, quick when done already."""
    folder = Settings.from_env().encoder_dir
    try:
        prepare(folder)
    except EncoderError as error:
        raise Failure(str(error)) from error
    typer.echo(f"The encoder is ready in {folder}.")
