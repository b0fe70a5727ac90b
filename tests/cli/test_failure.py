from __future__ import annotations

import sys

import pytest

from bot.cli import main
from bot.cli.failure import Failure


def ended(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str]:
    """Status and stderr of a command that fails so."""

    def fail() -> None:
        raise failure

    monkeypatch.setattr(main, "app", fail)
    monkeypatch.setattr(sys, "argv", ["advisor"])
    with pytest.raises(SystemExit) as caught:
        main.run()
    return caught.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    ["plain", "with [brackets] and [/b]", "long " * 60, "Straße 😭", "50 % of {what}", "a:1: [b]"],
)
def test_a_failure_is_printed_word_for_word_on_one_line(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rich would take brackets for markup, and break long lines."""
    assert ended(Failure(words), monkeypatch, capsys) == (1, f"advisor: {words}\n")


def test_an_error_that_nobody_expected_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError):
        ended(ZeroDivisionError(), monkeypatch, capsys)
