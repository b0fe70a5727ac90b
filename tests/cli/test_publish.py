from __future__ import annotations

import json
from pathlib import Path

import bot.lean  # noqa: F401  # before Rasa

import pytest
from sqlalchemy import insert

from bot.advice.route import QUESTION
from bot.advice.understanding import KEY, Understanding
from bot.cli.failure import Failure
from bot.conversations import EVENTS, Conversations
from bot.knowledge.encode import Encoder
from bot.knowledge.live import Live
from bot.settings import Settings
from bot.store.session import engine_for
from tests.cli.conftest import Run
from tests.knowledge.folder import ENTRY
from tests.nlu.lives import OneEncoder


def live_short() -> str:
    live = Live(engine_for(Settings.from_env().database_url)).current()
    return live.knowledge.entries["botox/how-long-does-it-last"].short


def edit(root: Path, old: str, new: str) -> None:
    path = root / "botox" / "how-long-does-it-last.md"
    path.write_text(ENTRY.replace(old, new))


def test_edit_is_live_after_publishing(run: Run, folder: Path) -> None:
    assert run("publish", "--yes").exit_code == 0
    edit(folder, "Most people", "Many people")
    result = run("publish", "--yes", "--note", "softer", "--author", "AB")
    assert (result.exit_code, "3 entries" in result.stdout) == (0, True)
    assert live_short().startswith("Many people")


def test_same_content_says_that_there_is_nothing_to_do(run: Run) -> None:
    run("publish", "--yes")
    result = run("publish")
    assert result.exit_code == 0
    assert "Nothing to do" in result.stdout


def test_errors_are_printed_and_nothing_changes(run: Run, folder: Path) -> None:
    run("publish", "--yes")
    edit(folder, "Most people", "We guarantee that most people")
    result = run("publish", "--yes")
    assert result.exit_code == 1
    assert "[short answer] 'guarantee' promises a result." in result.stdout
    assert live_short().startswith("Most people")


def test_without_yes_it_shows_the_changes_and_needs_somebody_to_ask(
    run: Run,
    folder: Path,
) -> None:
    run("publish", "--yes")
    edit(folder, "Most people", "Many people")
    (folder / "retinol" / "how-to-start.md").rename(folder / "retinol" / "begin.md")
    edit_related = (folder / "botox" / "how-long-does-it-last.md").read_text()
    (folder / "botox" / "how-long-does-it-last.md").write_text(
        edit_related.replace("retinol/how-to-start", "retinol/begin")
    )
    result = run("publish")
    assert isinstance(result.exception, Failure)
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["changed", "botox/how-long-does-it-last", "(short,", "related)"],
        ["new", "retinol/begin"],
        ["removed", "retinol/how-to-start"],
    ]
    assert live_short().startswith("Most people")


def test_database_that_cannot_be_reached_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run("publish", "--yes")
    assert isinstance(result.exception, Failure)
    assert "DATABASE_URL" in str(result.exception) and "\n" not in str(result.exception)


def test_no_knowledge_at_all_is_reported(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "nowhere"))
    result = run("publish", "--yes")
    assert result.exit_code == 1
    assert "no such folder" in result.stdout


def test_it_shows_which_answers_to_earlier_questions_would_change(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What visitors wrote is redacted, and nothing is published before somebody has said yes."""
    monkeypatch.setattr(Encoder, "load", lambda _folder, _threads=1: OneEncoder())
    run("publish", "--yes")
    database = Settings.from_env().database_url
    Conversations(database)
    found = Understanding(intent=QUESTION, intents=((QUESTION, 1.0),)).to_json()
    data = {
        "text": "how long does botox last, my mail is jane@mail.example",
        "parse_data": {KEY: found},
    }
    values = {"sender_id": "a", "type_name": "user", "timestamp": 1.0, "data": json.dumps(data)}
    with engine_for(database).begin() as connection:
        connection.execute(insert(EVENTS).values(**values))
    edit(folder, "Most people", "Many people")
    result = run("publish")
    assert isinstance(result.exception, Failure)  # nobody sits there to be asked
    assert "changed  botox/how-long-does-it-last  (short)" in result.stdout
    assert "last 1 questions" in result.stdout
    assert "jane" not in result.stdout
    assert live_short().startswith("Most people")
