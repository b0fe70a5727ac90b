from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import training
from bot.cli import serve
from bot.cli.failure import Failure
from bot.cli.main import app
from bot.settings import Settings
from bot.training import TrainingError, model_path
from tests.processes import free_port


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was asked to be trained, where training is only pretended."""
    monkeypatch.setenv("MODEL_DIR", str(tmp_path))
    made: list[Path] = []

    def pretend(settings: Settings, on_step: Callable[[str], None]) -> Path:
        on_step("IntentClassifier")
        path = model_path(settings)
        path.write_bytes(b"a model")
        made.append(path)
        return path

    monkeypatch.setattr(training, "train", pretend)
    return made


def train(*words: str) -> Result:
    return CliRunner().invoke(app, ["train", *words])


def test_it_trains_and_says_how_long_it_took(asked: list[Path]) -> None:
    result = train()
    assert result.exit_code == 0
    assert len(asked) == 1
    assert "100%" in result.stdout or "done" in result.stdout
    assert "Trained in " in result.stdout


def test_a_model_that_fits_is_left_alone_unless_forced(asked: list[Path]) -> None:
    train()
    result = train()
    assert "up to date" in result.stdout
    assert len(asked) == 1
    train("--force")
    assert len(asked) == 2


def test_training_files_that_make_no_model_are_a_failure(
    asked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise TrainingError("The model could not be trained: data/nlu/x.yml, line 3")

    monkeypatch.setattr(training, "train", fail)
    result = train()
    assert isinstance(result.exception, Failure)
    assert "data/nlu/x.yml, line 3" in str(result.exception)
    assert "Trained" not in result.stdout


def test_serving_trains_first_where_no_model_fits(
    asked: list[Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, whose memory is not the server's."""
    served: list[list[Path]] = []

    def pretend(words: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert words[:3] == [sys.executable, "-m", "bot.cli"]
        return subprocess.CompletedProcess(words, train(*words[4:]).exit_code)

    monkeypatch.setattr(serve.subprocess, "run", pretend)
    monkeypatch.setattr("bot.server.serve", lambda *_: served.append(list(asked)))
    monkeypatch.setenv("PORT", str(free_port()))
    for _ in range(2):
        result = CliRunner().invoke(app, ["serve"])
        assert result.exit_code == 0, result.output
    assert served == [asked, asked]
    assert len(asked) == 1


def test_without_a_model_nothing_is_served(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("PORT", str(free_port()))
    failed = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(serve.subprocess, "run", lambda *_, **__: failed)
    result = CliRunner().invoke(app, ["serve"])
    assert isinstance(result.exception, Failure)
    assert "model" in str(result.exception)
