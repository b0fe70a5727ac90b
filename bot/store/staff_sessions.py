"""Who is logged in on the staff page, in the database: a session ends for every process at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from bot.store.session import session, writing
from bot.store.tables import staff_sessions


@dataclass(frozen=True)
class StaffSession:
    """One browser that is logged in."""

    token: str
    """A keyed hash of the cookie."""
    name: str
    """Who it is, as they said themselves; the author of what they publish."""
    csrf: str
    """What every form of this session has to bring along."""
    expires_at: datetime


def open_session(engine: Engine, new: StaffSession, now: datetime) -> None:
    """Keep a new session, and forget those that have ended.

    Raises:
        StoreError: the database cannot be used; nothing was written.
    """
    with writing(engine) as opened:
        opened.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= now))
        opened.execute(insert(staff_sessions).values(**vars(new)))


def find_session(engine: Engine, token: str, now: datetime) -> StaffSession | None:
    """The session with this hash; None if there is none, or it has ended.

    Raises:
        StoreError: the database cannot be used.
    """
    columns = [staff_sessions.c[name] for name in StaffSession.__dataclass_fields__]
    query = select(*columns).where(
        staff_sessions.c.token == token, staff_sessions.c.expires_at > now
    )
    with session(engine) as opened:
        row = opened.execute(query).one_or_none()
    return None if row is None else StaffSession(*row)


def close_session(engine: Engine, token: str) -> None:
    """End a session; an unknown one is no error.

    Raises:
        StoreError: the database cannot be used.
    """
    with writing(engine) as opened:
        opened.execute(delete(staff_sessions).where(staff_sessions.c.token == token))
