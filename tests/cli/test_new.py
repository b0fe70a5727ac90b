from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.failure import Failure
from bot.cli.main import app
from bot.settings import ROOT


@pytest.fixture
def knowledge(folder: Path) -> Path:
    template = (ROOT / "knowledge" / "_template.md").read_text(encoding="utf-8")
    (folder / "_template.md").write_text(template, encoding="utf-8")
    return folder


def new(id_: str) -> Result:
    return CliRunner().invoke(app, ["new", id_])


def test_file_is_made_and_the_next_steps_are_said(knowledge: Path) -> None:
    result = new("botox/swimming-afterwards")
    assert result.exit_code == 0
    path = knowledge / "botox" / "swimming-afterwards.md"
    assert path.exists()
    assert str(path) in result.stdout
    assert "advisor check" in result.stdout
    assert "advisor ask --draft" in result.stdout


def test_what_is_wrong_is_one_line(knowledge: Path) -> None:
    result = new("botx/swimming")
    assert isinstance(result.exception, Failure)
    assert "Did you mean 'botox'?" in str(result.exception)
