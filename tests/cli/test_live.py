"""What is live is told in three lines."""

from __future__ import annotations

from pathlib import Path

from bot.cli.failure import Failure
from tests.cli.conftest import Run


def test_the_newest_publication_is_told(run: Run, folder: Path) -> None:
    """Its digest is the one that the history calls live."""
    run("publish", "--yes", "--author", "AB", "--note", "the first")
    told = run("live").stdout
    assert "by AB: the first" in told
    assert told.split()[0] in run("history").stdout
    entries = len(list(folder.glob("*/*.md")))
    assert f"{entries} entries are shown" in told


def test_nothing_published_is_a_failure(run: Run) -> None:
    """It says what to do."""
    failure = run("live").exception
    assert isinstance(failure, Failure)
    assert "advisor publish" in str(failure)
