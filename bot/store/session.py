"""Connections to the database: SQLite in a file by default, PostgreSQL by its address."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 5000
"""How long a SQLite writer waits for another one, in a thread of its own."""
LOOP_BUSY_TIMEOUT_MS = 200
"""The same on an event loop, where every visitor waits with it."""
WHEN_FREE_S = 2.0
"""How long `when_free` tries; less than a turn may take, or nobody could be told in time."""
RETRY_S = 0.02
CONNECT_TIMEOUT_S = 5
WRITER = "advisor_writer"
"""Execution option of a connection that will write: it takes the write lock at once."""
HASTY = "advisor_hasty"
"""Execution option of a connection whose commit does not wait for the disk: it outlives the process
at once, and a power cut only some moments later."""
LOCK_KEY = 0x5EED
"""PostgreSQL advisory lock that serialises our writers; any constant number does."""

_patience_ms: ContextVar[int | None] = ContextVar("patience", default=None)

T = TypeVar("T")

EXAMPLE = "sqlite:////srv/advisor.db or postgresql://user:password@host/advisor"


class StoreError(Exception):
    """The database cannot be used; the message is one line that says why and what to look at."""


@cache
def engine_for(database_url: str) -> Engine:
    """The engine of an address, the same one each time it is asked for.

    Raises:
        StoreError: the address cannot be understood, or its folder cannot be made. Whether a
            server answers shows at the first use.
    """
    try:
        url = make_url(database_url)
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        if url.get_backend_name() == "postgresql":
            return create_engine(
                url,
                future=True,
                pool_pre_ping=True,
                connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
            )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise StoreError(
            f"DATABASE_URL is not an address of a database. A valid one is {EXAMPLE}"
        ) from None
    raise StoreError(
        f"DATABASE_URL names the database {url.get_backend_name()!r}, which is not supported."
        f" A valid address is {EXAMPLE}"
    )


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        folder = Path(str(url.database)).expanduser().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder {folder} for the database cannot be made: {error.strerror}"
            ) from None
    engine = create_engine(
        url,
        future=True,
        # SQLAlchemy 1.4 opens a new connection at every use of a SQLite file; a pool keeps them.
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Python's sqlite3 begins transactions late and never for DDL; we begin them ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        # An answer that was given, and an erasure that was confirmed, outlive a power cut. It costs
        # one fsync a turn, 1 to 4 ms.
        synchronous = "NORMAL" if options.get(HASTY) else "FULL"
        connection.connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_busy_timeout_ms()}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITER) else "BEGIN")

    return engine


def _busy_timeout_ms() -> int:
    patience = _patience_ms.get()
    if patience is not None:
        return patience
    return LOOP_BUSY_TIMEOUT_MS if asyncio._get_running_loop() else BUSY_TIMEOUT_MS


async def when_free(do: Callable[[], T]) -> T:
    """Do something that writes, on the event loop: while another process holds the lock of a
    SQLite file the loop goes on, and whoever is cancelled has written nothing.

    Raises:
        StoreError, OperationalError: as `do`; because of the lock after `WHEN_FREE_S`.
    """
    end = time.monotonic() + WHEN_FREE_S
    while True:
        patience = _patience_ms.set(0)
        try:
            return do()
        except (StoreError, OperationalError) as error:
            if not _is_locked(error) or time.monotonic() > end:
                raise
        finally:
            _patience_ms.reset(patience)
        await asyncio.sleep(RETRY_S)


def _is_locked(error: BaseException) -> bool:
    cause = error.__cause__ if isinstance(error, StoreError) else error
    return isinstance(cause, OperationalError) and "database is locked" in str(cause.orig)


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """A session for reading; nothing is committed.

    Raises:
        StoreError: the database cannot be reached or lacks our tables.
    """
    with _plain_errors(engine), Session(engine, future=True) as opened:
        yield opened


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A plain connection, for what is read at every turn: a session costs more than its SELECT.

    Raises:
        StoreError: as `session`.
    """
    with _plain_errors(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, hasty: bool = False) -> Iterator[Session]:
    """A session in one transaction that waits for other writers first; commits at the end.

    What it reads cannot be changed by another publisher before it commits. Any exception
    leaves the database as it was.

    Args:
        hasty: commit without waiting for the disk, see `HASTY`.

    Raises:
        StoreError: the database cannot be reached or lacks our tables.
    """
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{WRITER: True, HASTY: hasty})
        with connection.begin():
            _wait_for_other_writers(connection)
            if hasty and engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            with Session(bind=connection, future=True) as opened:
                yield opened
                opened.flush()


def migrate(engine: Engine) -> None:
    """Brings the tables to the newest revision; safe when several processes start at once.

    Raises:
        StoreError: the database cannot be reached or refuses the change.
    """
    from alembic import command  # only this needs it, and it takes a while to load
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{WRITER: True})
        with connection.begin():
            _wait_for_other_writers(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _wait_for_other_writers(connection: Connection) -> None:
    """SQLite has taken its write lock in `begin`; PostgreSQL takes a lock till the commit."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError:
        raise StoreError(f"{_name(engine)} has no free connection. Please try again.") from None
    except DBAPIError as error:
        raise StoreError(f"{_name(engine)} cannot be used: {_reason(error)}") from error
    except SQLAlchemyError as error:
        first = str(error).splitlines()[0]
        raise StoreError(f"{_name(engine)} cannot be used: {first}") from error


def _name(engine: Engine) -> str:
    return f"the database {engine.url.render_as_string(hide_password=True)}"


def _reason(error: DBAPIError) -> str:
    text = " ".join(str(error.orig).split())
    if "no such table" in text or ("relation" in text and "does not exist" in text):
        return "it lacks the advisor's tables. Start `advisor serve` or `advisor publish` once."
    return f"{text}. Please look at DATABASE_URL."
