"""The two kinds of database that are supported, empty and migrated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.session import engine_for, migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database; PostgreSQL only where TEST_DATABASE_URL names one to use."""
    if request.param == "sqlite":
        engine = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
        migrate(engine)
        yield engine
        return
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL database to test with")
    engine = engine_for(url)
    with engine.begin() as connection:
        for table in ("publications", "feedback", "advisor_schema_version"):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    migrate(engine)
    yield engine
    engine.dispose()
