"""``advisor rasa ...``: the ``rasa`` command, without TensorFlow."""

from __future__ import annotations

import sys

import typer


def rasa(context: typer.Context) -> None:
    """Pass everything on to the `rasa` command."""
    import bot.lean  # noqa: F401  # its import is its effect

    from rasa.__main__ import main

    sys.argv = ["rasa", *context.args]
    main()
