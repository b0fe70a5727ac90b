"""Gets a command its advisor, or says in one line what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from bot.cli.failure import Failure
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.advisor import Advisor


def open_store(settings: Settings) -> Engine:
    """The database, with its tables.

    Raises:
        Failure: it cannot be reached.
    """
    from bot.store.session import StoreError, engine_for, migrate

    try:
        engine = engine_for(settings.database_url)
        migrate(engine)
    except StoreError as error:
        raise Failure(str(error)) from None
    return engine


def load_advisor(settings: Settings, in_memory: bool = True) -> Advisor:
    """The advisor on what is published and trained.

    Raises:
        Failure: nothing is published, trained or prepared, or the database cannot be reached.
    """
    open_store(settings)
    from bot.advisor import Advisor
    from bot.agent import NoModelError
    from bot.knowledge.live import NothingPublished, live
    from bot.knowledge.weights import EncoderError

    with Console(stderr=True).status("Loading the model ..."):
        try:
            live(settings.database_url).current()
            return Advisor.load(settings, in_memory)
        except (NothingPublished, NoModelError, EncoderError) as error:
            raise Failure(str(error)) from None
