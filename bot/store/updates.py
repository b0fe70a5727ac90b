"""The ledger of Telegram's updates: each is handled once, by one process, in the order of its chat.

A process that takes an update in writes it down here before Telegram is told that it has it. The
process that works on a chat holds a lease on all that waits there, renewed while it lives; when it
is killed the lease runs out and another process, or its own next life, goes on. An update is done
when its answer is sent, and then its row is a number without chat or words, kept for a day so that
a second delivery is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from bot.store.session import reading, writing
from bot.store.tables import telegram_keyboards as keyboards
from bot.store.tables import telegram_updates as updates

KEPT_S = 24 * 3600
"""How long Telegram itself keeps what it could not deliver, so nothing older comes a second time.
What could not be answered in that time is dropped."""

LOOKED_BACK = 20
"""How many of the numbers before an update have to be known for it to be in order."""


@dataclass(frozen=True)
class NewUpdate:
    """An update as it comes in."""

    update_id: int
    conversation: str
    body: str


@dataclass(frozen=True)
class WaitingUpdate:
    """An update to answer."""

    update_id: int
    conversation: str
    body: str
    due_at: float
    """Not before this moment, in seconds since 1970: an earlier one may still be on its way."""
    sent: int
    """How many messages of its answer Telegram has taken."""
    ahead: bool
    """Whether urgent advice was sent at once, without waiting for what is before it."""


@dataclass(frozen=True)
class Taken:
    """What came of taking updates in."""

    new: frozenset[int]
    """The updates that were not known."""
    mine: frozenset[str]
    """The conversations of these that this process has to see to."""


class Updates:
    """The ledger as one process sees it. Each method raises StoreError when the database cannot be
    used, and has then changed nothing.
    """

    def __init__(
        self,
        engine: Engine,
        owner: str,
        lease_s: float = 15.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take what every method needs.

        Args:
            owner: a name that no other process has or had.
            lease_s: for how long a process that is killed keeps others from its updates.
        """
        self._engine = engine
        self._owner = owner
        self._lease_s = lease_s
        self._clock = clock

    @property
    def is_local(self) -> bool:
        """Whether the database is a file, which may be locked but does not hang."""
        local: bool = self._engine.dialect.name == "sqlite"
        return local

    def take(
        self, new: Iterable[NewUpdate], hold_s: float = 0.0, answered: Iterable[int] = ()
    ) -> Taken:
        """Write updates down; those that are known already change nothing.

        Args:
            hold_s: for how long one waits for those before it, where some are missing.
            answered: the ones among them that need no answer: they are only remembered.
        """
        now, no_answer = self._clock(), frozenset(answered)
        incoming = {each.update_id: each for each in new}
        with writing(self._engine) as opened:
            known = select(updates.c.update_id).where(updates.c.update_id.in_(incoming))
            for update_id in opened.execute(known).scalars():
                del incoming[update_id]
            mine: set[str] = set()
            for update_id in sorted(incoming):
                each = incoming[update_id]
                if update_id in no_answer:
                    self._insert(opened, each, now, "", 0.0, done=True)
                    continue
                due = now + hold_s if hold_s and _gap_before(opened, update_id) else now
                owner, until = self._holder(opened, each.conversation, now)
                self._insert(opened, each, due, owner, until, done=False)
                if owner == self._owner:
                    mine.add(each.conversation)
        return Taken(frozenset(incoming), frozenset(mine))

    def next(self, conversation: str) -> WaitingUpdate | None:
        """The first update that waits in a conversation of this process; None if none does."""
        query = (
            select(updates)
            .where(_waiting(conversation), updates.c.owner == self._owner)
            .order_by(updates.c.update_id)
            .limit(1)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return WaitingUpdate(
            row.update_id, row.conversation, row.body, row.due_at, row.sent, row.ahead
        )

    def note_sent(self, update_id: int, sent: int) -> None:
        """Remember how many messages of an answer Telegram has taken.

        Hastily: a process that is killed while it waited for the disk would have noted a message
        that has not left.
        """
        self._change(updates.c.update_id == update_id, hasty=True, sent=sent)

    def note_ahead(self, update_id: int) -> None:
        """Remember that urgent advice on this update was sent before its turn came."""
        self._change(updates.c.update_id == update_id, ahead=True)

    def finish(self, update_id: int, conversation: str, keyboard: int | None = None) -> None:
        """Close an update and forget what was in it.

        Args:
            keyboard: the message of the answer that shows buttons; None for one without.
        """
        done = {"done": True, "conversation": "", "body": "", "owner": "", "leased_until": 0.0}
        with writing(self._engine) as opened:
            if self._engine.dialect.name == "sqlite":  # or the words stay in the file's free space
                opened.connection().exec_driver_sql("PRAGMA secure_delete = ON")
            opened.execute(update(updates).where(updates.c.update_id == update_id).values(**done))
            opened.execute(delete(keyboards).where(keyboards.c.conversation == conversation))
            if keyboard is not None:
                row = {"message_id": keyboard, "sent_at": self._clock()}
                opened.execute(insert(keyboards).values(conversation=conversation, **row))

    def keyboard(self, conversation: str) -> int | None:
        """The message of the chat that still shows buttons; None if there is none."""
        query = select(keyboards.c.message_id).where(keyboards.c.conversation == conversation)
        with reading(self._engine) as connection:
            found: int | None = connection.execute(query).scalar_one_or_none()
            return found

    def renew(self) -> None:
        """Keep the lease on what this process works on."""
        self._change(
            and_(updates.c.owner == self._owner, updates.c.done.is_(False)),
            leased_until=self._clock() + self._lease_s,
        )

    def take_over(self) -> frozenset[str]:
        """Take a lease on all that nobody sees to, and drop what is older than a day.

        Returns:
            The conversations that this process has to see to from now on.
        """
        now = self._clock()
        left = and_(updates.c.done.is_(False), updates.c.leased_until < now)
        with writing(self._engine) as opened:
            opened.execute(delete(updates).where(updates.c.received_at < now - KEPT_S))
            found = frozenset(
                opened.execute(select(updates.c.conversation).where(left).distinct()).scalars()
            )
            if found:
                lease = {"owner": self._owner, "leased_until": now + self._lease_s}
                opened.execute(update(updates).where(left).values(**lease))
        return found

    def release(self) -> None:
        """Leave what waits to other processes at once, when this one stops."""
        self._change(updates.c.owner == self._owner, owner="", leased_until=0.0)

    def _holder(self, opened: Session, conversation: str, now: float) -> tuple[str, float]:
        """Who sees to a conversation: whoever works on it, or else this process."""
        held = (
            select(updates.c.owner, updates.c.leased_until)
            .where(_waiting(conversation), updates.c.leased_until >= now)
            .limit(1)
        )
        row = opened.execute(held).one_or_none()
        if row is not None and row.owner != self._owner:
            return str(row.owner), float(row.leased_until)
        return self._owner, now + self._lease_s

    def _insert(
        self, opened: Session, new: NewUpdate, due: float, owner: str, until: float, *, done: bool
    ) -> None:
        opened.execute(
            insert(updates).values(
                update_id=new.update_id,
                conversation="" if done else new.conversation,
                body="" if done else new.body,
                received_at=self._clock(),
                due_at=due,
                owner=owner,
                leased_until=until,
                sent=0,
                ahead=False,
                done=done,
            )
        )

    def _change(self, condition: Any, *, hasty: bool = False, **values: Any) -> None:
        with writing(self._engine, hasty=hasty) as opened:
            opened.execute(update(updates).where(condition).values(**values))


def erase_waiting(opened: Session, conversation: str, now: float) -> None:
    """Forget what waits in a conversation, and its buttons.

    What a living process works on is left: the wish to be erased is itself such an update, and
    each empties its row as soon as it is answered.
    """
    idle = or_(updates.c.leased_until < now, updates.c.owner == "")
    opened.execute(delete(updates).where(updates.c.conversation == conversation, idle))
    opened.execute(delete(keyboards).where(keyboards.c.conversation == conversation))


def purge_waiting(opened: Session, before: float) -> None:
    """Forget what came in, and what buttons were sent, before a moment."""
    opened.execute(delete(updates).where(updates.c.received_at < before))
    opened.execute(delete(keyboards).where(keyboards.c.sent_at < before))


def _waiting(conversation: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = and_(
        updates.c.conversation == conversation, updates.c.done.is_(False)
    )
    return found


def _gap_before(opened: Session, update_id: int) -> bool:
    """Whether some of the numbers just before this one have not come in."""
    before = updates.c.update_id.between(update_id - LOOKED_BACK, update_id - 1)
    known: int = opened.execute(select(func.count()).where(before)).scalar_one()
    return known < LOOKED_BACK
