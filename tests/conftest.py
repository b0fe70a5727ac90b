"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import bot.lean  # noqa: F401  # before Rasa

import pytest

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.advisor import Advisor
    from bot.knowledge.live import Publication

SECRET = "a-key-of-the-tests-of-32-characters"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The default settings on a database of this test alone.

    The encoder and trained models stay in ``var/``: both are known by what they were made from.
    """
    return Settings(database_url=f"sqlite:///{tmp_path / 'advisor.db'}", secret_key=SECRET)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of the whole product: the real knowledge is published and the real model trained,
    once a session and nowhere near ``var/``. Do not publish into this database: copy it.

    The knowledge is published unchecked: whether it is sound is for `advisor check` to say.
    """
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.live import live
    from bot.knowledge.publish import publish
    from bot.knowledge.read import read
    from bot.store.session import engine_for, migrate
    from bot.training import train

    home = tmp_path_factory.mktemp("whole")
    settings = Settings(
        database_url=f"sqlite:///{home / 'advisor.db'}",
        model_dir=home / "models",
        secret_key=SECRET,
        turn_timeout_s=20.0,  # a busy machine must not turn answers into apologies
    )
    engine = engine_for(settings.database_url)
    migrate(engine)
    knowledge, _ = read(settings.knowledge_dir)
    encoder = Encoder.load(settings.encoder_dir, cores())
    publish(engine, knowledge, encoder, "the tests", "", date.today())
    with pytest.MonkeyPatch.context() as patch:
        # What is made by Rasa or rasa-sdk takes no argument of ours and asks the environment.
        patch.setenv("DATABASE_URL", settings.database_url)
        live.cache_clear()
        live()
        train(settings)
        yield settings  # a test may clear what is cached: it is made again from the same address
    live.cache_clear()


@pytest.fixture(scope="session")
def publication(whole: Settings) -> Publication:
    """What is live in `whole`."""
    from bot.knowledge.live import live

    return live().current()


@pytest.fixture(scope="session")
def advisor(whole: Settings) -> Advisor:
    """The whole road without HTTP, its conversations in memory."""
    from bot.advisor import Advisor

    return Advisor.load(replace(whole), in_memory=True)
