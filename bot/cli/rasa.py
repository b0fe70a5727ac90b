"""``advisor rasa ...``: the ``rasa`` command, without TensorFlow."""

from __future__ import annotations

import sys

import typer


def rasa(context: typer.Context) -> None:
    """Pass everything on to the `rasa` command."""
    import bot.lean  # noqa: F401  # its import is its effect

    from rasa import __main__ as command

    # Rasa's own set-up of its log wants Sentry, and would undo `bot.lean`'s, which holds no texts.
    command.configure_structlog = lambda *_: None
    sys.argv = ["rasa", *context.args]
    command.main()
