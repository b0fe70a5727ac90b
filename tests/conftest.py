"""What tests of several rooms share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import bot.lean  # noqa: F401  # before Rasa

import httpx
import pytest
from httpx._transports import default as transports

from bot.settings import ROOT, Settings
from tests.made import SECRET, make, settings_in

if TYPE_CHECKING:
    from bot.advisor import Advisor
    from bot.knowledge.build import Built
    from bot.knowledge.live import Publication

FIRST = ("tests/nlu/test_tuning.py", "tests/safety/test_sets.py")
"""Of the files that need the whole product those that take longest: one that begins last keeps one
process busy while the others have nothing left to do."""

NICER = 3
"""How much nicer (os.nice) the tests are than what makes the product beside them."""

_MAKING = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs the whole product last, since that takes minutes to make."""
    late = {item.path for item in items if _needs_all(item)}
    items.sort(key=lambda item: (item.path in late, item.nodeid.split("::")[0] not in FIRST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the whole product beside the tests that do not need it, if there are several processes
    to run them. They leave it a larger share of the processors: all wait for it in the end.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None or not any(map(_needs_all, session.items)):
        return
    if worker == "gw0":
        making = [sys.executable, "-m", "tests.made"]
        session.config.stash[_MAKING] = subprocess.Popen(
            making, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    os.nice(NICER)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing running."""
    making = config.stash.get(_MAKING, None)
    if making is not None:
        making.terminate()
        making.wait()


def _needs_all(item: pytest.Item) -> bool:
    return "whole" in getattr(item, "fixturenames", ())


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
    make(home)
    settings = replace(settings_in(home), turn_timeout_s=20.0)  # busy machines answer late
    with pytest.MonkeyPatch.context() as patch:
        # What is made by Rasa or rasa-sdk takes no argument of ours and asks the environment.
        patch.setenv("DATABASE_URL", settings.database_url)
        yield settings


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
