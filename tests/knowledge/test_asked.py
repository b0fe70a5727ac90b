"""The classifier learns the same whether it is trained before or after publishing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge import asked
from bot.knowledge.asked import Asked
from bot.knowledge.encode import Encoder
from bot.knowledge.live import Live
from bot.knowledge.publish import publish
from bot.knowledge.read import read
from bot.store.session import engine_for, migrate
from tests.knowledge.folder import WordEncoder, write


def pairs(known: Asked) -> set[tuple[str, str]]:
    return set(zip(known.owners, known.texts, strict=True))


def test_the_folder_stands_in_until_something_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same texts, in whatever order."""
    folder = write(tmp_path)
    engine = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    migrate(engine)
    monkeypatch.setenv("KNOWLEDGE_DIR", str(folder))
    monkeypatch.setattr(asked, "live", lambda: Live(engine))
    monkeypatch.setattr(Encoder, "shared", WordEncoder)
    before = asked.asked()
    publish(engine, read(folder)[0], WordEncoder(), "AB", "", date.today())
    after = asked.asked()
    assert len(before.texts) == len(before.owners) == len(before.vectors) > 8
    assert pairs(before) == pairs(after)
    assert np.allclose(sorted(before.vectors.tolist()), sorted(after.vectors.tolist()))
    assert before.entries == after.entries
