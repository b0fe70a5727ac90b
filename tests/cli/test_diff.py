from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.failure import Failure
from bot.settings import Settings
from bot.store.records import list_publications
from bot.store.session import engine_for
from tests.cli.conftest import Run
from tests.knowledge.folder import ENTRY


@pytest.fixture
def digests(run: Run, folder: Path) -> list[str]:
    """Of two publications, the older first."""
    run("publish", "--yes")
    path = folder / "botox" / "how-long-does-it-last.md"
    path.write_text(
        ENTRY.replace("three to four", "three to six").replace("duration of one", "how long is one")
    )
    assert run("publish", "--yes").exit_code == 0
    engine = engine_for(Settings.from_env().database_url)
    return [one.digest[:12] for one in reversed(list_publications(engine))]


def test_words_that_went_and_came_are_marked(run: Run, digests: list[str]) -> None:
    shown = run("diff", *digests).stdout
    assert "changed  botox/how-long-does-it-last" in shown
    assert "three to [-four-]{+six+} months" in shown
    assert "[-duration of one botox session-]" in shown
    assert "{+how long is one botox session+}" in shown
    assert "retinol" not in shown


def test_the_other_way_round_and_against_what_is_live(run: Run, digests: list[str]) -> None:
    assert "[-six-]{+four+}" in run("diff", *reversed(digests)).stdout
    assert "[-four-]{+six+}" in run("diff", digests[0]).stdout
    assert "They say the same." in run("diff", digests[1]).stdout


def test_unknown_digests_are_a_failure(run: Run, digests: list[str]) -> None:
    for words in (("000000000000",), (digests[0], "zzzz"), ("",)):
        result = run("diff", *words)
        assert isinstance(result.exception, Failure)
        assert "advisor history" in str(result.exception)
