"""What visitors thought of answers, for staff."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.store.session import session
from bot.store.tables import feedback

DOWN, UP = -1, 1


@dataclass(frozen=True)
class Thumbs:
    """How often visitors judged the answers that an entry's words were in."""

    entry: str
    down: int
    up: int


def thumbs(engine: Engine) -> list[Thumbs]:
    """Of each judged entry, most thumbs down first.

    Raises:
        StoreError: the database cannot be used.
    """
    down: Counter[str] = Counter()
    up: Counter[str] = Counter()
    with session(engine) as opened:
        for entries, value in opened.execute(select(feedback.c.entries, feedback.c.value)):
            (down if value == DOWN else up).update(json.loads(entries))
    found = [Thumbs(id_, down[id_], up[id_]) for id_ in down.keys() | up.keys()]
    return sorted(found, key=lambda one: (-one.down, one.up, one.entry))
