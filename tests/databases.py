"""Databases with all our tables, for tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.store.session import engine_for, migrate


def migrated(folder: Path) -> Engine:
    """A new, empty one in `folder`. The tables are made once and copied, because `migrate` takes
    longer than most tests.
    """
    path = folder / "advisor.db"
    path.write_bytes(_empty())
    return engine_for(f"sqlite:///{path}")


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "advisor.db"
        engine = engine_for(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()  # the last connection to close writes the log into the file
        return path.read_bytes()
