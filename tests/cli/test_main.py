"""Expected failures are one clear line on stderr and status 1; `advisor` alone tells its verbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from bot.cli.main import app, run

Advisor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def advisor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Advisor:
    """``advisor("publish", "--yes")``: status, stdout and stderr of the console script."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["advisor", *words])
        with pytest.raises(SystemExit) as ended:
            run()
        printed = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0 if code is None else 1), *printed

    return call


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'advisor.db'}")
    monkeypatch.setenv("MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "nowhere"))


def one_line(stderr: str) -> str:
    """The one line that a failure is."""
    (line,) = stderr.splitlines()
    assert line.startswith("advisor: ")
    return line


NEEDS_A_DATABASE = [("serve",), ("chat",), ("ask", "hi"), ("tune",), ("forget", "x"), ("history",)]


@pytest.mark.parametrize("words", NEEDS_A_DATABASE)
@pytest.mark.parametrize(
    "url",
    [
        "mysql://nobody@localhost/x",
        "just words",
        "postgresql://nobody@127.0.0.1:1/none",
        "sqlite:////dev/null/advisor.db",
        "sqlite:////",
    ],
)
def test_a_wrong_database_is_one_line(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], url: str
) -> None:
    """Whatever needs it, and however it is wrong."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("PORT", "5999")
    status, _, stderr = advisor(*words)
    assert status == 1
    line = one_line(stderr)
    assert "database" in line.lower()


def test_a_password_in_the_address_is_not_shown(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/none")
    _, stdout, stderr = advisor("history")
    assert "hunter2" not in stdout + stderr


@pytest.mark.parametrize("words", [("chat",), ("ask", "hi"), ("tune",)])
def test_nothing_published_says_what_to_run(advisor: Advisor, words: tuple[str, ...]) -> None:
    status, _, stderr = advisor(*words)
    assert status == 1
    assert "advisor publish" in one_line(stderr)


def test_no_knowledge_at_all_stops_serving_before_it_begins(advisor: Advisor) -> None:
    """With the folder that was looked in."""
    status, stdout, stderr = advisor("serve")
    assert status == 1
    assert "nowhere" in stdout
    assert "Nothing was published" in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "70000"), ("TURN_TIMEOUT", "soon"), ("RETENTION_DAYS", "0")]
)
def test_a_wrong_setting_is_named_with_a_valid_value(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    status, _, stderr = advisor("history")
    assert status == 1
    line = one_line(stderr)
    assert name in line and value in line and f"{name}=" in line


@pytest.mark.parametrize("words", [("pubish",), ("ask", "--jsn", "x"), ("eval",)])
def test_what_is_no_verb_or_option_is_told_without_a_traceback(
    advisor: Advisor, words: tuple[str, ...]
) -> None:
    status, _, stderr = advisor(*words)
    assert status == 2
    assert "Traceback" not in stderr


def test_alone_it_lists_every_verb(advisor: Advisor) -> None:
    _, stdout, stderr = advisor("--help")
    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group
    assert set(verbs) == {
        "ask",
        "chat",
        "check",
        "diff",
        "eval",
        "forget",
        "history",
        "live",
        "new",
        "prepare-encoder",
        "publish",
        "receipt",
        "rasa",
        "review",
        "rollback",
        "serve",
        "staff-password",
        "train",
        "tune",
    }
    assert all(verb in stdout + stderr for verb in verbs)


@pytest.mark.parametrize("verb", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]  # a group
def test_every_verb_says_what_it_is_for(verb: str) -> None:
    command = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]  # a group
    assert command.help and command.help.strip()
