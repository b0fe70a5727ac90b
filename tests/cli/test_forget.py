from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from bot.advisor import Advisor
from bot.cli.failure import Failure
from bot.cli.main import app
from bot.settings import Settings
from bot.store.session import engine_for


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'forget.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def forget(conversation: str) -> Result:
    return CliRunner().invoke(app, ["forget", "--", conversation])


async def test_every_trace_of_a_conversation_goes(
    whole: Settings, url: str, tmp_path: Path
) -> None:
    """And only of that one; its words are not in the files either."""
    shutil.copy(whole.database_url.removeprefix("sqlite:///"), tmp_path / "forget.db")
    advisor = Advisor.load(replace(whole, database_url=url), in_memory=False)
    for visitor in ("me", "other"):
        words = f"does the {visitor}secret hurt"
        await advisor.turns.text(visitor, words, uuid.uuid4().hex, "test")
    result = forget("me")
    assert result.exit_code == 0
    assert "Erased" in result.stdout
    with engine_for(url).connect() as connection:
        left = connection.execute(text("SELECT DISTINCT sender_id FROM events")).scalars().all()
    assert left == ["other"]
    files = b"".join(path.read_bytes() for path in tmp_path.glob("forget.db*"))
    assert b"othersecret" in files
    assert b"mesecret" not in files
    assert isinstance(forget("me").exception, Failure)


@pytest.mark.parametrize("conversation", ["nobody", "", "%", "' OR 1=1 --", "--help me"])
def test_an_unknown_conversation_is_named(url: str, conversation: str) -> None:
    """Also in a database that has never seen one."""
    result = forget(conversation)
    assert isinstance(result.exception, Failure)
    assert repr(conversation) in str(result.exception)
    assert "nothing was erased" in str(result.exception)
