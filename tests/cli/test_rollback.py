from __future__ import annotations

from pathlib import Path

from bot.cli.failure import Failure
from bot.settings import Settings
from bot.store.records import list_publications
from bot.store.session import engine_for
from tests.cli.conftest import Run
from tests.knowledge.folder import ENTRY


def digests() -> list[str]:
    return [one.digest for one in list_publications(engine_for(Settings.from_env().database_url))]


def publish_two(run: Run, folder: Path) -> None:
    run("publish", "--yes")
    path = folder / "botox" / "how-long-does-it-last.md"
    path.write_text(ENTRY.replace("Most people", "Many people"))
    run("publish", "--yes")


def test_it_goes_back_to_the_one_before(run: Run, folder: Path) -> None:
    publish_two(run, folder)
    result = run("rollback", "--author", "AB")
    assert result.exit_code == 0
    newest, second, first = digests()
    assert newest == first != second
    assert first[:12] in result.stdout
    assert "rollback to" in run("history").stdout


def test_it_goes_to_a_digest(run: Run, folder: Path) -> None:
    publish_two(run, folder)
    first = digests()[1]
    assert run("rollback", first[:12]).exit_code == 0
    assert digests()[0] == first


def test_what_is_not_there_is_a_failure_and_changes_nothing(run: Run, folder: Path) -> None:
    assert isinstance(run("rollback").exception, Failure)
    publish_two(run, folder)
    before = digests()
    result = run("rollback", "000000000000")
    assert isinstance(result.exception, Failure)
    assert "advisor history" in str(result.exception)
    assert digests() == before
