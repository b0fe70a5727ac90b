"""``advisor train``: trains the model, with a progress bar."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.cli.failure import Failure
from bot.settings import Settings


def train(
    force: Annotated[bool, typer.Option(help="Train even if the model is up to date.")] = False,
) -> None:
    """Train the model, unless it already fits the present files."""
    from bot.training import model_path

    settings = Settings.from_env()
    if model_path(settings).exists() and not force:
        Console().print("The model is up to date.")
        return
    train_with_progress(settings)


def train_with_progress(settings: Settings) -> Path:
    """Train while a bar moves, component by component.

    Raises:
        Failure: the training files do not make a model.
    """
    from bot.training import TrainingError
    from bot.training import train as train_model

    start = time.monotonic()
    console = Console(file=sys.stdout)  # the one of now: training redirects it
    with Progress(
        SpinnerColumn(),
        TextColumn("Training: {task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        task = progress.add_task("reading the examples", total=None)

        def on_step(name: str) -> None:
            progress.update(task, description=f"{name} is done")

        try:
            path = train_model(settings, on_step)
        except TrainingError as error:
            raise Failure(str(error)) from None
        progress.update(task, total=1, completed=1, description="done")
    console.print(f"Trained in {time.monotonic() - start:.0f} s.")
    return path
