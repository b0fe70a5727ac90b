"""What tests of several rooms share."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import bot.lean  # noqa: F401  # before Rasa

import httpx
import pytest
from httpx._transports import default as transports

from bot.settings import ROOT, VAR, Settings, database_in_environment

if TYPE_CHECKING:
    from bot.advisor import Advisor
    from bot.knowledge.build import Built
    from bot.knowledge.live import Publication

SECRET = "a-key-of-the-tests-of-32-characters"
MADE = VAR / "tests"
"""What the last test session published and trained."""


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """Each client of httpx reads all certificates first, 30 ms, and everything here is HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transports, "create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The default settings on a database of this test alone.

    The encoder and trained models stay in ``var/``: both are known by what they were made from.
    """
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'advisor.db'}",
        kept_dir=tmp_path / "kept",
        secret_key=SECRET,
    )


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of the whole product: the real knowledge is published and the real model trained,
    apart from what `make run` made. Do not publish into this database: copy it.

    The knowledge is published unchecked: whether it is sound is for `advisor check` to say.
    """
    home = tmp_path_factory.mktemp("whole")
    with _alone():
        shutil.copytree(_made(tmp_path_factory.mktemp("made")), home, dirs_exist_ok=True)
    settings = replace(_settings_in(home), turn_timeout_s=20.0)  # busy machines answer late
    with pytest.MonkeyPatch.context() as patch:
        # What is made by Rasa or rasa-sdk takes no argument of ours and asks the environment.
        patch.setenv("DATABASE_URL", settings.database_url)
        yield settings


@contextmanager
def _alone() -> Iterator[None]:
    """While one worker makes what all share, the others wait for it."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _settings_in(home: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{home / 'advisor.db'}",
        model_dir=home / "models",
        kept_dir=home / "kept",
        secret_key=SECRET,
    )


def _made(folder: Path) -> Path:
    """Where the database and the model are, made in `folder` unless they were made before of the
    same files; then it is some seconds instead of a minute or two.
    """
    from bot.knowledge import kept as what_was_computed
    from bot.knowledge.build import build
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.publish import publish
    from bot.knowledge.read import read
    from bot.store.session import engine_for, migrate
    from bot.training import train

    kept = MADE / _fingerprint()
    if kept.is_dir():
        return kept
    settings = _settings_in(folder)
    engine = engine_for(settings.database_url)
    migrate(engine)
    knowledge, _ = read(settings.knowledge_dir)
    encoder = Encoder.load(settings.encoder_dir, cores())
    built = build(knowledge, encoder)
    what_was_computed.save(settings.kept_dir, built)
    publish(engine, knowledge, encoder, "the tests", "", date.today(), built=built)
    engine.dispose()
    with database_in_environment(settings.database_url):
        train(settings)
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir(parents=True)
    whole = MADE / f"part-{os.getpid()}"
    shutil.copytree(folder, whole)
    whole.rename(kept)
    return kept


def _fingerprint() -> str:
    """Of everything that the database and the model are made from."""
    from bot.training import model_path

    rooms = [ROOT / "knowledge", *(ROOT / "bot" / room for room in ("knowledge", "store"))]
    files = [path for room in rooms for path in room.rglob("*") if "__pycache__" not in path.parts]
    digest = hashlib.sha256(model_path(Settings()).name.encode())
    others = ("bot/advice/normalise.py", "requirements.lock", "tests/conftest.py")
    for path in sorted([*files, *(ROOT / name for name in others)]):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def publication(whole: Settings) -> Publication:
    """What is live in `whole`."""
    from bot.knowledge.live import live

    return live().current()


@pytest.fixture(scope="session")
def built(whole: Settings, publication: Publication) -> Built:
    """What was computed for `publication`, with the scores of what was left out."""
    from bot.knowledge import kept
    from bot.knowledge.build import Built

    earlier = kept.load(whole.kept_dir)
    assert earlier.index is not None
    assert earlier.index.asked.digest == publication.index.asked.digest
    return Built(earlier.index, earlier.vectors, earlier.left_out)


@pytest.fixture(scope="session")
def advisor(whole: Settings) -> Advisor:
    """The whole road without HTTP, its conversations in memory."""
    from bot.advisor import Advisor

    return Advisor.load(replace(whole), in_memory=True)
