from __future__ import annotations

from pathlib import Path

from bot.cli.failure import Failure
from tests.cli.conftest import Run
from tests.knowledge.folder import ENTRY


def test_newest_publication_comes_first_and_is_live(run: Run, folder: Path) -> None:
    run("publish", "--yes", "--author", "AB", "--note", "the [first] one")
    path = folder / "botox" / "how-long-does-it-last.md"
    path.write_text(ENTRY.replace("Most people", "Many people"))
    run("publish", "--yes", "--author", "CD", "--note", "the second")
    lines = [line for line in run("history").stdout.splitlines() if "the " in line]
    assert len(lines) == 2
    assert "live" in lines[0] and "CD" in lines[0] and "the second" in lines[0]
    assert "live" not in lines[1] and "AB" in lines[1] and "the [first] one" in lines[1]
    assert "the [first]" not in run("history", "--limit", "1").stdout


def test_nothing_published_is_a_failure(run: Run) -> None:
    assert "advisor publish" in str(run("history").exception)
    assert isinstance(run("history").exception, Failure)
