"""The one road from a channel into Rasa and back: every channel takes it, and nobody goes around.

`Turns` promises an answer to every message, within the turn timeout plus the time of one look at
the text; no second turn for a message that is sent again; and that what is typed is no command.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.advice.answer import ALARMS
from bot.advice.reply import Reply
from bot.advice.safety import EARLIER
from bot.advice.understanding import RedFlag, flags_of
from bot.channels import guard as guards
from bot.channels import rotation, unanswered
from bot.channels.answers import erase_answers
from bot.channels.guard import GuardSource
from bot.channels.history import History, engine_of
from bot.channels.plain import clean, has_words, shield
from bot.channels.recall import Recall
from bot.settings import Settings
from bot.store.erase import DAY_S, erase_conversation
from bot.store.events import prepare
from bot.store.session import StoreError, when_free

logger = logging.getLogger(__name__)

MAX_TEXT = 2_000
"""Characters of one message that are read. Stock Rasa holds its server 5.7 s over 120 kB; these are
four minutes of fast typing, and more than the encoder's 256 tokens can take in."""

LOCK_POLL_S = 0.02
"""How often a waiting message looks whether its turn has come; Rasa's own second is felt."""

PRESS = "press_button"
"""The intent of a pressed button; its rule does what ``metadata["action"]`` says."""
PRESS_OF = {"screen": "press_screening", "summary": "press_summary"}
"""The intents of buttons whose actions have a rule of their own, by the verb of the action."""


@dataclass(frozen=True)
class Turn:
    """The answer to one message."""

    reply: Reply
    recorded: bool
    """Whether message and answer are in the conversation, and come back after a reload."""
    repeated: bool
    """Whether the answer was given before, to the same message."""
    position: int | None = None
    """Where the answer stands in the conversation, from 1; None if it is not recorded."""


class Turns:
    """Handles messages with an agent whose conversations are in an SQL database."""

    def __init__(
        self, agent: Agent, settings: Settings, guard: GuardSource, *, for_staff: bool = True
    ) -> None:
        """Take the agent, its model loaded.

        Args:
            guard: or a function that gives the one for the live publication.
            for_staff: whether unanswered messages are kept for them.

        Raises:
            TypeError: the agent does not keep its conversations in an SQL database.
            StoreError: that database cannot be used.
        """
        self.agent = agent
        self.history = History(engine_of(agent))
        prepare(self.history.engine)
        self._timeout_s = settings.turn_timeout_s
        self._keep_s = settings.retention_days * DAY_S
        self._guard = guard
        self._for_staff = for_staff
        self.recall = Recall()
        self._running: set[asyncio.Future[Any]] = set()

    async def text(self, conversation: str, text: str, message_id: str, channel: str) -> Turn:
        """Answer what a visitor typed. It never raises."""
        readable = clean(text)
        self.recall.heard(conversation, message_id, readable)
        if len(readable) > MAX_TEXT:
            return self._aside(conversation, text, "too_long", message_id, limit=f"{MAX_TEXT:,}")
        if not has_words(readable):
            return self._aside(conversation, text, "nothing_to_read", message_id)
        message = _message(conversation, shield(readable), message_id, channel)
        return await self._finish(self._turn(message, readable))

    async def press(
        self, conversation: str, action: str, label: str, message_id: str, channel: str
    ) -> Turn:
        """Do what a button of ours says. It never raises.

        Args:
            action: from `Button.action`, looked up by the channel and never the client's own word.
        """
        message = _message(conversation, label, message_id, channel)
        intent = {"name": PRESS_OF.get(action.partition(":")[0], PRESS), "confidence": 1.0}
        message.parse_data = {"intent": intent, "entities": [], "text": label}
        message.metadata = {"action": action}
        return await self._finish(self._turn(message, ""))

    async def intend(
        self, conversation: str, intent: str, label: str, message_id: str, channel: str
    ) -> Turn:
        """Do what a command of ours stands for. It never raises.

        Args:
            intent: of the domain, from the channel's own table and never the client's own word.
        """
        message = _message(conversation, shield(label), message_id, channel)
        found = {"name": intent, "confidence": 1.0}
        message.parse_data = {"intent": found, "entities": [], "text": shield(label)}
        return await self._finish(self._turn(message, ""))

    def expired(self, conversation: str) -> Turn:
        """The answer to a button that the conversation does not have."""
        return self._aside(conversation, "", "button_expired")

    def say(self, conversation: str, name: str, **values: str) -> Turn:
        """One sentence of ``responses.yml``, without a turn."""
        return self._aside(conversation, "", name, **values)

    def urgent(self, conversation: str, text: str, message_id: str) -> Reply | None:
        """The advice on an emergency in a message that may not have a turn, by the guard alone and
        without a look at the database; None if there is none.
        """
        self.recall.heard(conversation, message_id, clean(text))
        earlier = self.recall.earlier(conversation, message_id)
        reply = guards.current(self._guard).urgent(text, earlier)
        if reply is not None:
            self.advised(conversation)
        return reply

    def stand_in(
        self, conversation: str, text: str, message_id: str, *, look: bool = True
    ) -> Reply:
        """The guard's reply in place of a turn, from all that is known of the message.

        Args:
            look: whether the database may be asked; not where it has just failed.
        """
        known: Iterable[RedFlag] = ()
        try:
            known = self.history.flags(conversation, message_id) if look else ()
        except Exception as error:  # noqa: BLE001  # nobody stands in for what stands in
            _log(error)
            look = False
        if not look:
            return self._failed(conversation, text, message_id, look=False).reply
        return self._failed(conversation, text, message_id, known=known).reply

    def advised(self, conversation: str) -> None:
        """Urgent advice was given outside the record: the next turn comes after an emergency, and
        the record learns of it as soon as it can.
        """
        if self.recall.alarm(conversation):
            task = asyncio.ensure_future(self._tell_record(conversation))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def erase(self, conversation: str) -> int:
        """Erase a conversation, once a turn that may be under way has ended.

        Returns:
            How many events there were.

        Raises:
            StoreError: the database cannot be used; nothing was erased.
            LockError: the conversation stays locked.
        """
        async with self._locked(conversation):
            return await when_free(lambda: self._erase(conversation))

    def _aside(
        self, conversation: str, text: str, name: str, message_id: str = "", **values: str
    ) -> Turn:
        """An answer without a turn: nothing is recorded, and the same message has the same one."""
        guard = guards.current(self._guard)
        reply = guard.urgent(text, self._earlier(conversation, message_id))
        if reply is not None:
            self.advised(conversation)
        else:
            owed = self.recall.is_owed(conversation)
            turn = self._turns_so_far(conversation, message_id)
            reply = guard.say(name, turn, alarm=owed, **values)
        return Turn(reply, recorded=False, repeated=False)

    async def _finish(self, turn: Coroutine[Any, Any, Turn]) -> Turn:
        """Let a turn end even when its visitor has gone: it may be one that erases."""
        task = asyncio.ensure_future(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _turn(self, message: UserMessage, text: str) -> Turn:
        try:
            return await asyncio.wait_for(self._once(message, text), self._timeout_s)
        except Exception as error:  # noqa: BLE001  # whatever fails, the visitor gets an answer
            _log(error)
            made = _last_reply(message.output_channel.messages)
            if made is not None and made.kind in ALARMS:  # only its record failed
                self.advised(message.sender_id)
                return Turn(made, recorded=False, repeated=False)
            # What took too long may have been the database.
            look = not isinstance(error, StoreError | asyncio.TimeoutError)
            return self._failed(message.sender_id, text, message.message_id, look=look)

    def _failed(
        self,
        conversation: str,
        text: str,
        message_id: str,
        *,
        look: bool = True,
        known: Iterable[RedFlag] = (),
    ) -> Turn:
        """The guard's answer.

        Args:
            look: whether the database may be asked for what was said before.
        """
        recalled = self.recall.earlier(conversation, message_id)
        earlier = self._earlier(conversation, message_id) if look else recalled
        turn = self._turns_so_far(conversation, message_id) if look else 0
        owed = self.recall.is_owed(conversation)
        guard = guards.current(self._guard)
        reply = guard.reply(text, earlier, turn, known=known, alarm=owed)
        if reply.kind in ALARMS:
            self.advised(conversation)
        return Turn(reply, recorded=False, repeated=False)

    async def _tell_record(self, conversation: str) -> None:
        """Have the record begin anew as after an emergency, in which no question waits."""
        try:
            async with self._locked(conversation):
                await asyncio.wait_for(self._record_alarm(conversation), self._timeout_s)
        except Exception as error:  # noqa: BLE001  # the next turn tries again
            logger.error("an alarm is not on record yet: %s", type(error).__name__)

    async def _record_alarm(self, conversation: str) -> None:
        processor = self.agent.processor
        if processor is not None and self.recall.is_owed(conversation):
            self.history.standing(conversation)  # raises where Rasa's store would say nothing
            await rotation.rotate(processor, conversation, self._keep_s, alarmed=True)
            if self.history.standing(conversation).session_started is not None:
                self.recall.recorded(conversation)

    async def _once(self, message: UserMessage, text: str) -> Turn:
        conversation, message_id = message.sender_id, message.message_id
        async with self._locked(conversation):
            standing = self.history.standing(conversation, message_id)
            if standing.seen:
                return self._again(conversation, message_id, text)
            processor = self.agent.processor
            if processor is None:
                raise RuntimeError("the agent has no model")
            if self.recall.is_owed(conversation):
                await self._record_alarm(conversation)
            elif rotation.due(standing):
                await rotation.rotate(processor, conversation, self._keep_s)
            sent = await processor.handle_message(message)
            self.recall.turned(conversation)
            reply = _last_reply(sent or ())
            if reply is None:
                reply = await self._stand_in(message, standing.turns)
            if reply.forget:
                await when_free(lambda: self._erase(conversation))
                return Turn(reply, recorded=False, repeated=False)
            if reply.forget_answers:
                wording = guards.current(self._guard).wording
                self.recall.forget_texts(conversation)
                engine = self.history.engine
                await when_free(lambda: erase_answers(engine, conversation, wording))
            # Asked of the database, because Rasa's store says nothing when it cannot write.
            answer = self.history.last_answer(conversation, message_id, standing.said)
            position = answer.position if answer else None
            if answer and self._for_staff:
                # While the conversation is locked: after an erasure nothing may be kept of it.
                unanswered.remember(self.history, conversation, text, reply)
            return Turn(reply, recorded=answer is not None, repeated=False, position=position)

    def _again(self, conversation: str, message_id: str, text: str) -> Turn:
        answer = self.history.answer(conversation, message_id)
        if answer is None:  # the turn was recorded, and its process stopped before an answer was
            reply = self.stand_in(conversation, text, message_id)
            return Turn(reply, recorded=False, repeated=True)
        return Turn(answer.reply, recorded=True, repeated=True, position=answer.position)

    async def _stand_in(self, message: UserMessage, turn: int) -> Reply:
        """The guard's reply to a turn that ended without one, put on record as its answer."""
        logger.error("a turn of channel %s ended without a reply", message.input_channel)
        conversation = message.sender_id
        text = message.text if message.parse_data is None else None
        earlier = self.history.earlier(conversation, EARLIER + 1)[:-1]
        processor = self.agent.processor
        tracker = await processor.get_tracker(conversation)
        latest = tracker.latest_message
        known = flags_of(latest.parse_data) if latest is not None and text else ()
        reply = guards.current(self._guard).reply(text or "", earlier, turn, known=known)
        if reply.kind in ALARMS:
            tracker.update_with_events(_end_of_form(tracker), processor.domain)
        tracker.update(BotUttered(None, {"custom": reply.to_json()}), processor.domain)
        await processor.save_tracker(tracker)
        return reply

    def _locked(self, conversation: str) -> Any:
        # A lock lives as long as a turn may wait and run, so a killed process frees it soon.
        lifetime = 2 * self._timeout_s
        return self.agent.lock_store.lock(conversation, lifetime, LOCK_POLL_S)

    def _erase(self, conversation: str) -> int:
        store = self.agent.tracker_store
        if isinstance(store, FailSafeTrackerStore):
            spare = store._fallback_tracker_store  # its copy has to go as well
            if isinstance(spare, InMemoryTrackerStore):
                spare.store.pop(conversation, None)
        erased = erase_conversation(self.history.engine, conversation)
        self.recall.forget(conversation)
        return erased

    def _turns_so_far(self, conversation: str, message_id: str) -> int:
        """Those before this message, which may be on record itself."""
        try:
            standing = self.history.standing(conversation, message_id)
            return standing.turns - standing.seen
        except Exception as error:  # noqa: BLE001  # the answer does without it
            _log(error)
            return 0

    def _earlier(self, conversation: str, message_id: str) -> list[str]:
        """What is remembered, which the record may not have; and after a restart the record."""
        recalled = self.recall.earlier(conversation, message_id)
        if len(recalled) >= EARLIER:
            return recalled
        try:
            stored = self.history.earlier(conversation, EARLIER, but=message_id)
        except Exception as error:  # noqa: BLE001  # the answer does without it
            _log(error)
            return recalled
        return list(dict.fromkeys([*stored, *recalled]))[-EARLIER:]


def _message(conversation: str, text: str, message_id: str, channel: str) -> UserMessage:
    return UserMessage(
        text=text,
        output_channel=CollectingOutputChannel(),
        sender_id=conversation,
        input_channel=channel,
        message_id=message_id,
    )


def _end_of_form(tracker: DialogueStateTracker) -> list[Event]:
    """An emergency ends the questions about habits, whoever answers it."""
    if not tracker.active_loop_name:
        return []
    return [ActiveLoop(None), SlotSet(rotation.SCREENING, None)]


def _last_reply(sent: Iterable[Mapping[str, Any]]) -> Reply | None:
    for message in reversed(list(sent)):
        try:
            return Reply.from_json(message["custom"])
        except (KeyError, ValueError):
            continue
    return None


def _log(error: Exception) -> None:
    """Where and what failed, without the error's own words: a database's hold the visitor's."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("a turn failed with %s, the guard answers\n%s", type(error).__name__, where)
