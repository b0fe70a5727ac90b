from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.advice import decide, doubt_words
from bot.cli import tune as verb
from bot.cli.failure import Failure
from bot.cli.main import app
from bot.nlu import tuning
from bot.nlu.tuning import Tuned
from bot.settings import Settings

NUMBERS = {"in_scope": 0.5, "sure": 0.1, "computed_by": "advisor tune"}
WORDS = {"weights": {"lol": 1.0}, "bias": 0.0, "least": 0.5}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "thresholds.json"
    monkeypatch.setattr(decide, "THRESHOLDS", path)
    monkeypatch.setattr(doubt_words, "FILE", tmp_path / "doubt_words.json")
    return path


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the computation, which is only pretended, was given."""
    given: list[Any] = []

    def pretend(*arguments: Any) -> Tuned:
        given.extend(arguments)
        return Tuned(NUMBERS, WORDS)

    monkeypatch.setattr(tuning, "tune", pretend)
    return given


def tune() -> Result:
    return CliRunner().invoke(app, ["tune"])


def test_what_is_computed_is_written_and_shown(
    whole: Settings, written: Path, given: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", whole.database_url)
    result = tune()
    assert result.exit_code == 0, result.exception
    assert json.loads(written.read_text()) == json.loads(result.stdout) == NUMBERS
    assert written.read_text().endswith("}\n")
    assert json.loads(written.with_name("doubt_words.json").read_text()) == WORDS


def test_comments_and_empty_lines_are_no_messages(
    whole: Settings,
    written: Path,
    given: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("# where they come from\nwhat is the capital of peru\n\n  \nhi #2\n")
    monkeypatch.setattr(verb, "OUTSIDE", outside)
    monkeypatch.setenv("DATABASE_URL", whole.database_url)
    tune()
    assert given[3] == ["what is the capital of peru", "hi #2"]


def test_nothing_published_leaves_the_numbers_as_they_are(
    tmp_path: Path, written: Path, given: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    written.write_text("as before")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    result = tune()
    assert isinstance(result.exception, Failure)
    assert "advisor publish" in str(result.exception)
    assert written.read_text() == "as before"
    assert given == []


def test_an_encoder_that_is_not_there_is_a_failure(
    whole: Settings, tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", whole.database_url)
    monkeypatch.setenv("ENCODER_DIR", str(tmp_path / "nowhere"))
    result = tune()
    assert isinstance(result.exception, Failure)
    assert "advisor prepare-encoder" in str(result.exception)
    assert not written.exists()
