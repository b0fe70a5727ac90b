from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Engine

from bot.store.session import StoreError, engine_for, migrate, session, writing
from bot.store.tables import metadata, publications


def test_engine_is_the_same_for_the_same_address(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    assert engine_for(url) is engine_for(url)
    assert engine_for(url) is not engine_for(f"sqlite:///{tmp_path / 'b.db'}")


def test_sqlite_waits_for_writers_and_lets_readers_by(tmp_path: Path) -> None:
    with engine_for(f"sqlite:///{tmp_path / 'deep' / 'a.db'}").connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_only_a_hasty_commit_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    """Whatever the same connection was used for before."""
    engine = engine_for(f"sqlite:///{tmp_path / 'a.db'}")
    waits = []
    for hasty in (False, True, False):
        with writing(engine, hasty=hasty) as opened:
            waits.append(opened.execute(text("PRAGMA synchronous")).scalar_one())
    with engine.connect() as connection, connection.begin():
        waits.append(connection.execute(text("PRAGMA synchronous")).scalar_one())
    normal, full = 1, 2
    assert waits == [full, normal, full, full]


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "",
        "mysql://host/db",
        "sqlit:///x.db",
        "postgresql+nodriver://host/db",
        "postgresql://host:port/db",
    ],
)
def test_wrong_address_is_one_line_with_an_example(url: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL") as caught:
        engine_for(url)
    assert "\n" not in str(caught.value)
    assert "sqlite:///" in str(caught.value)


def test_server_that_does_not_answer_is_one_line_without_the_password() -> None:
    engine = engine_for("postgresql://somebody:geheim@127.0.0.1:1/db")
    with pytest.raises(StoreError) as caught:
        migrate(engine)
    assert "127.0.0.1" in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("this is not a database, but long enough to look at" * 50)
    with pytest.raises(StoreError, match="not a database"):
        migrate(engine_for(f"sqlite:///{tmp_path / 'a.db'}"))


def test_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="folder"):
        engine_for(f"sqlite:///{tmp_path / 'file' / 'deep' / 'a.db'}")


def test_missing_tables_are_said_so(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="lacks the advisor's tables"),
        session(engine_for(f"sqlite:///{tmp_path / 'a.db'}")) as opened,
    ):
        opened.execute(select(publications.c.id))


def test_migrated_tables_are_those_of_the_code(database: Engine) -> None:
    migrate(database)  # again: nothing to do
    names = set(inspect(database).get_table_names())
    assert {"publications", "advisor_schema_version"} <= names
    with database.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "advisor_schema_version"}
        )
        differences = [str(one) for one in compare_metadata(context, metadata)]
    assert [one for one in differences if "sqlite_sequence" not in one] == []


def test_migration_leaves_the_tables_of_others_alone(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id INTEGER)"))
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of somebody else')"))
    migrate(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert kept == "of somebody else"


def test_processes_that_start_at_once_all_migrate(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path / 'a.db'}")
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(engine)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert "publications" in inspect(engine).get_table_names()


def test_failure_while_writing_leaves_the_database_as_it_was(database: Engine) -> None:
    def fail() -> None:
        with writing(database) as opened:
            opened.execute(text("DELETE FROM advisor_schema_version"))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    with session(database) as opened:
        rows = opened.execute(text("SELECT count(*) FROM advisor_schema_version")).scalar_one()
    assert rows == 1
