"""How a dialogue is written down: what the visitor does, and what is promised about the reply."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from bot.advice.reply import Button, Kind, Reply, buttons
from bot.channels.history import Said
from bot.channels.turn import Turn, Turns
from bot.knowledge.entry import Knowledge
from tests.conversations.promises import ALARMS, broken, introduces, shown


@dataclass(frozen=True)
class Press:
    """The visitor presses the button of the last reply whose action is this, or begins with it."""

    action: str


@dataclass(frozen=True)
class Promise:
    """What a reply has to be. What is not given is not looked at, except that only the first
    reply introduces the bot, and what `broken` looks for in every reply.
    """

    kind: Kind | tuple[Kind, ...]
    entries: tuple[str, ...] | None = None
    says: tuple[str, ...] = ()
    """Facts that logic puts there: a number, an address. Wording belongs to the files it is in."""
    never: tuple[str, ...] = ()
    """Regular expressions, capitals ignored, for all that is on the screen."""
    offers: tuple[str, ...] = ()
    """Actions that have a button."""


@dataclass
class Talk:
    """One conversation, through the road that every channel takes."""

    turns: Turns
    knowledge: Knowledge
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    replies: list[Reply] = field(default_factory=list)
    met: bool = False
    """Whether the bot has said what it is."""

    async def say(self, text: str, message_id: str = "") -> Turn:
        """Type a message; its reply keeps what every reply promises."""
        message_id = message_id or uuid.uuid4().hex
        return self._keep(await self.turns.text(self.id, text, message_id, "test"))

    async def press(self, button: Button) -> Turn:
        """Press a button."""
        message_id = uuid.uuid4().hex
        turn = await self.turns.press(self.id, button.action, button.label, message_id, "test")
        return self._keep(turn)

    async def hold(self, *steps: tuple[str | Press, Promise]) -> None:
        """Go through a dialogue, and name the step that breaks its promise."""
        for number, (visitor, promise) in enumerate(steps, start=1):
            met = self.met
            turn = await self._do(visitor)
            where = f"step {number}, {visitor!r}: {turn.reply}"
            alarm = turn.reply.kind in ALARMS
            assert introduces(turn.reply) == (0 if met or alarm else 1), where
            _check(promise, turn.reply, where)

    def said(self) -> list[str]:
        """What the conversation's record has of the visitor, oldest first."""
        page = self.turns.history.read(self.id, limit=1_000)
        return [event.text for event in page.events if isinstance(event, Said)]

    async def _do(self, visitor: str | Press) -> Turn:
        if isinstance(visitor, str):
            return await self.say(visitor)
        offered = [b for b in buttons(self.replies[-1]) if b.action.startswith(visitor.action)]
        assert offered, f"no button {visitor.action!r} in {buttons(self.replies[-1])}"
        return await self.press(offered[0])

    def _keep(self, turn: Turn) -> Turn:
        faults = broken(turn.reply, self.knowledge)
        assert faults == [], faults
        self.replies.append(turn.reply)
        # What is not recorded is no turn: whoever had only that has yet to be told.
        told = turn.recorded and introduces(turn.reply) > 0
        self.met = not turn.reply.forget and (self.met or told)
        return turn


def _check(promise: Promise, reply: Reply, where: str) -> None:
    kinds = promise.kind if isinstance(promise.kind, tuple) else (promise.kind,)
    assert reply.kind in kinds, where
    if promise.entries is not None:
        assert reply.entries == promise.entries, where
    for words in promise.says:
        assert words in shown(reply), (words, where)
    for pattern in promise.never:
        assert not re.search(pattern, shown(reply), re.IGNORECASE), (pattern, where)
    actions = {button.action for button in buttons(reply)}
    assert set(promise.offers) <= actions, where


def answer(*entries: str, offers: tuple[str, ...] = (), never: tuple[str, ...] = ()) -> Promise:
    """An answer, of these entries if any are named."""
    return Promise(Kind.ANSWER, entries or None, offers=offers, never=never)


def emergency(entry: str) -> Promise:
    """The advice of this entry, with the number to ring, and alone."""
    return Promise(Kind.EMERGENCY, (entry,), says=("999",))


def small_talk(*says: str, never: tuple[str, ...] = ()) -> Promise:
    """Manners."""
    return Promise(Kind.SMALLTALK, (), says=says, never=never)
