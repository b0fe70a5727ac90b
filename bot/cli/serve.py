"""``advisor serve``: the bot with the website channel, what `make run` starts."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.cli.publish import user_name
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def serve(
    watch: Annotated[
        bool, typer.Option("--watch", help="Publish knowledge files when they are saved.")
    ] = False,
) -> None:
    """Publish and train if that has not been done yet, then serve."""
    settings = Settings.from_env()
    _need_free_port(settings)
    engine = open_store(settings)
    ensure_live(settings, engine)
    from bot.training import model_path

    if not model_path(settings).exists():
        _train_apart()
    console = Console()
    console.print("Loading the model ...")
    from bot.server import serve as run

    logging.getLogger("bot").setLevel(settings.log_level)
    if watch:
        from bot.watch import start

        start(settings, user_name())
    address = f"http://{settings.host}:{settings.port}/"
    run(settings, lambda: console.print(f"Chat on {address}  (Ctrl+C stops it)", soft_wrap=True))


def _train_apart() -> None:
    """Train in a process of its own, with which the gigabyte or two that it takes go.

    Raises:
        Failure: it did not; that process has said why.
    """
    if subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=False).returncode:
        raise Failure("Without a model nothing is served. Put right what training says above.")


def _need_free_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Failure(
                f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
                "Stop what runs there, or choose another: PORT=5006 advisor serve"
            ) from None


def ensure_live(settings: Settings, engine: Engine) -> None:
    """Make the knowledge files live if nothing is. What another version made live before an update
    is made fit for this one as it is, because the files may be ahead of it.

    Raises:
        typer.Exit: nothing is live, and the files have errors, which have been printed.
        Failure: the encoder or the database cannot be used, or there is nothing to publish.
    """
    from bot.knowledge.live import Live, NothingPublished
    from bot.store.session import StoreError

    try:
        Live(engine).current()
    except StoreError as error:
        raise Failure(str(error)) from None
    except NothingPublished:
        if not _renewed(settings, engine):
            from bot.cli.publish import publish_folder

            publish_folder(settings, engine, note="first publication", author="advisor serve")


def _renewed(settings: Settings, engine: Engine) -> bool:
    """Whether what another version had made live is live again, as it was."""
    from bot.knowledge.cores import cores
    from bot.knowledge.embed import LazyEncoder
    from bot.knowledge.publish import PublishError, UnreadableError, renew
    from bot.knowledge.weights import EncoderError
    from bot.store.session import StoreError

    try:
        with Console(stderr=True).status("Making what is live fit for this version ..."):
            return renew(engine, LazyEncoder(settings.encoder_dir, cores())) is not None
    except UnreadableError as error:
        said = f"{error} The knowledge files are published instead."
        Console(stderr=True).print(said, soft_wrap=True, markup=False)
        return False
    except (PublishError, StoreError, EncoderError) as error:
        raise Failure(str(error)) from None
