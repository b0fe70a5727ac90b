from __future__ import annotations

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from bot.cli.failure import Failure
from bot.cli.main import app
from bot.settings import Settings
from bot.store.session import engine_for, migrate
from bot.store.unanswered import NewUnanswered, add_unanswered


def review(*words: str) -> Result:
    return CliRunner().invoke(app, ["review", *words])


def ask(*texts: str) -> None:
    engine = engine_for(Settings.from_env().database_url)
    migrate(engine)
    for text in texts:
        add_unanswered(engine, NewUnanswered("web-1", "decline", text, "botox/cost", 0.31, "a"))


def test_without_messages_it_says_so(folder: Path) -> None:
    assert "Every question was answered." in review().stdout


def test_alike_messages_are_counted_together_with_their_nearest_entry(folder: Path) -> None:
    ask("do you do [bold]lashes", "do you do [bold]lashes", "can i bring my dog")
    lines = review().stdout.splitlines()
    assert lines[0].split() == ["2", "nearest", "botox/cost", "(0.31)", "decline"]
    assert lines[1].strip() == "do you do [bold]lashes"
    assert "dog" not in review("--limit", "1").stdout


def test_the_page_is_written_and_a_place_that_cannot_be_is_told(
    folder: Path, tmp_path: Path
) -> None:
    ask("can i bring my dog")
    assert review("--html", str(tmp_path / "missing.html")).exit_code == 0
    assert "can i bring my dog" in (tmp_path / "missing.html").read_text()
    failure = review("--html", str(tmp_path / "no" / "folder.html")).exception
    assert isinstance(failure, Failure) and "folder.html" in str(failure)
