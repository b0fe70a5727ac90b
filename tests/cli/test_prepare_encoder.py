"""``advisor prepare-encoder`` says that it is done, or in one line why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.failure import Failure
from bot.cli.prepare_encoder import prepare_encoder
from bot.knowledge.weights import verify


def test_it_prepares_the_folder_of_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And can be run again."""
    monkeypatch.setenv("ENCODER_DIR", str(tmp_path / "encoder"))
    prepare_encoder()
    prepare_encoder()
    verify(tmp_path / "encoder")
    assert str(tmp_path / "encoder") in capsys.readouterr().out


def test_a_failure_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is in the way of the folder."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ENCODER_DIR", str(tmp_path / "file"))
    with pytest.raises(Failure, match="ENCODER_DIR") as caught:
        prepare_encoder()
    assert "\n" not in str(caught.value)
