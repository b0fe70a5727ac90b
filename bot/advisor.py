"""The whole road for one process, without HTTP: what `advisor ask`, `chat` and `eval` talk to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import bot.lean  # noqa: F401  # its import is its effect

from rasa.core.agent import Agent

from bot.advice.reply import Reply
from bot.advice.understanding import KEY, Understanding
from bot.agent import load_agent
from bot.channels.turn import Turns
from bot.live_guard import live_guard
from bot.settings import Settings


@dataclass(frozen=True)
class Advisor:
    """An agent with the one road to it."""

    agent: Agent
    turns: Turns

    @classmethod
    def load(cls, settings: Settings, in_memory: bool = True) -> Advisor:
        """Load model and encoder; takes some seconds.

        Raises:
            NoModelError: nothing is trained.
        """
        agent = load_agent(settings, live_guard, in_memory=in_memory)
        return cls(agent, Turns(agent, settings, live_guard, for_staff=not in_memory))

    async def ask(self, text: str, context: Sequence[str] = ()) -> tuple[Reply, Understanding]:
        """The reply to a message in a fresh conversation, after the messages of `context`."""
        conversation = f"ask-{uuid.uuid4().hex}"
        for earlier in context:
            await self.turns.text(conversation, earlier, uuid.uuid4().hex, "ask")
        turn = await self.turns.text(conversation, text, uuid.uuid4().hex, "ask")
        tracker = await self.agent.tracker_store.retrieve(conversation)
        message = tracker.latest_message if tracker is not None else None
        found = message.parse_data.get(KEY) if message is not None else None
        await self.turns.erase(conversation)  # a long file must not fill the memory
        return turn.reply, Understanding.from_json(found)
