"""Takes conversations out of the database: at a visitor's wish, and when retention ends."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import delete, false, func, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.store.events import SESSION_STARTED, events
from bot.store.session import writing
from bot.store.tables import feedback, telegram_updates, unanswered
from bot.store.updates import erase_waiting, purge_waiting

DAY_S = 86_400

OURS = (unanswered, feedback)
"""Tables of ours that hold something of a conversation, with its id and ``created_at``."""


def erase_conversation(engine: Engine, conversation: str) -> int:
    """Erase all that a conversation left in the database.

    On SQLite the freed pages are overwritten and the write-ahead log is emptied, so the words
    cannot be read from the files either (the log only once no other process is reading).

    Returns:
        How many events there were; 0 for an unknown conversation.

    Raises:
        StoreError: the database cannot be used; nothing was erased.
    """

    def waiting(opened: Session) -> None:
        erase_waiting(opened, conversation, time.time())

    ours = [table.c.conversation == conversation for table in OURS]
    return _erase(engine, events.c.sender_id == conversation, ours, waiting)


def rewrite_conversation(
    engine: Engine,
    conversation: str,
    change: Callable[[str, dict[str, Any]], dict[str, Any] | None],
) -> int:
    """Put other content in place of some events of a conversation. How many there are, and their
    order, stays: Rasa counts them. The content of before cannot be read from the files either, as
    with `erase_conversation`.

    Args:
        change: gets the type and the content of an event, and gives its new content; with None
            it stays as it is.

    Returns:
        How many events were changed.

    Raises:
        StoreError: the database cannot be used; nothing was changed.
    """
    changed = 0
    with writing(engine) as opened:
        connection = opened.connection()
        if not inspect(connection).has_table(events.name):
            return 0
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        mine = select(events).where(events.c.sender_id == conversation)
        for row in opened.execute(mine).all():
            content = change(row.type_name, json.loads(row.data))
            if content is not None:
                new = update(events).where(events.c.id == row.id).values(data=json.dumps(content))
                opened.execute(new)
                changed += 1
    if engine.dialect.name == "sqlite" and changed:
        _empty_log(engine)
    return changed


def purge_older_than(engine: Engine, days: int, now: float | None = None) -> int:
    """Erase what is older than `days` days. Safe while conversations go on.

    A conversation with nothing newer goes as a whole. Of one that goes on, only what came before
    its latest session start goes: Rasa counts the events of the current session to find the new
    ones, and sessions are ended after a day (`bot.channels.rotation`), so nothing stays behind.

    Returns:
        How many events were erased.

    Raises:
        StoreError: the database cannot be used; nothing was erased.
    """
    limit = (time.time() if now is None else now) - days * DAY_S
    ended = (
        select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(func.max(events.c.timestamp) < limit)
    )
    other = events.alias("other")
    session_start = (
        select(func.max(other.c.timestamp))
        .where(other.c.sender_id == events.c.sender_id, other.c.type_name == SESSION_STARTED)
        .scalar_subquery()
    )
    past = (events.c.timestamp < limit) & (events.c.timestamp < session_start)

    def waiting(opened: Session) -> None:
        purge_waiting(opened, limit)

    moment = datetime.fromtimestamp(limit, timezone.utc)
    ours = [unanswered.c.created_at < moment, false()]  # feedback goes with its events
    # One statement: between two, a session could start and move the line.
    return _erase(engine, events.c.sender_id.in_(ended) | past, ours, waiting)


def _erase(
    engine: Engine, condition: object, ours: Sequence[object], waiting: Callable[[Session], None]
) -> int:
    """Erase the events of a condition, of each table in `OURS` the rows of its own, and by
    `waiting` what a channel has not answered yet.

    Returns:
        How many events there were.
    """
    on_sqlite = engine.dialect.name == "sqlite"
    with writing(engine) as opened:
        connection = opened.connection()
        tables = set(inspect(connection).get_table_names())
        if on_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        if telegram_updates.name in tables:
            waiting(opened)
        rows = 0
        for table, its_condition in zip(OURS, ours, strict=True):
            if table.name in tables:  # `advisor ask` keeps its conversations apart from them
                rows += int(opened.execute(delete(table).where(its_condition)).rowcount)
        erased = 0
        if events.name in tables:  # before Rasa's first start there is nothing to erase
            if feedback.name in tables:
                # It points at positions, which change where a conversation loses its beginning.
                theirs = select(events.c.sender_id).where(condition)
                opened.execute(delete(feedback).where(feedback.c.conversation.in_(theirs)))
            erased = int(opened.execute(delete(events).where(condition)).rowcount)
    if on_sqlite and (erased or rows):
        _empty_log(engine)
    return erased


def _empty_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        pass  # another process reads just now; SQLite's next checkpoint does it
    finally:
        connection.close()
