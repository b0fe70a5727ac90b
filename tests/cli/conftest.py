"""The verbs of the knowledge room on a folder of their own; the others on the real knowledge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.advisor import Advisor
from bot.cli.check import check
from bot.cli.diff import diff
from bot.cli.history import history
from bot.cli.live import live
from bot.cli.main import app as everything
from bot.cli.publish import publish
from bot.cli.receipt import receipt
from bot.cli.rollback import rollback
from bot.knowledge.encode import Encoder
from tests.knowledge.folder import WordEncoder, write

Run = Callable[..., Result]

app = typer.Typer()
for verb in (check, diff, history, live, publish, receipt, rollback):
    app.command()(verb)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sound knowledge folder, an empty database, and an encoder that needs no model."""
    root = write(tmp_path)
    monkeypatch.setenv("KNOWLEDGE_DIR", str(root))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'advisor.db'}")
    monkeypatch.setenv("KEPT_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(Encoder, "load", lambda _folder, _threads=1: WordEncoder())
    return root


@pytest.fixture
def run(folder: Path) -> Run:
    """``run("check", "--fast")`` as at a keyboard where nobody sits."""
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def ask(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``ask("eval", "FILE")``: a verb of `advisor`, on the advisor of the whole test session."""
    for verb in ("ask", "chat", "eval"):
        monkeypatch.setattr(f"bot.cli.{verb}.load_advisor", lambda _settings: advisor)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(everything, list(words), input=typed)

    return call
