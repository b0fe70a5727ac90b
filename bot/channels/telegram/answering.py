"""Answers one update: finds out what it asks for, has it answered, sends the answer."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from telegram import InlineKeyboardMarkup

from bot.advice.reply import Button, Kind, Notice, Reply
from bot.channels import guard as guards
from bot.channels.guard import Guard, GuardSource
from bot.channels.plain import has_words
from bot.channels.telegram import commands
from bot.channels.telegram.client import Client
from bot.channels.telegram.commands import CHANNEL
from bot.channels.telegram.incoming import Incoming, What
from bot.channels.telegram.render import Pages, Rendered, no_pages, render
from bot.channels.telegram.sending import ChatGoneError, Sender, inline, link_button
from bot.channels.token import Tokens
from bot.channels.turn import Turn, Turns
from bot.store.session import StoreError
from bot.store.updates import Updates, WaitingUpdate

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 2
"""More would only make each slower, and all of them run into the turn timeout."""

REMEMBERED = 1_000
ALARMS = (Kind.EMERGENCY, Kind.URGENT)


PagesOf = Callable[[str], Pages]
"""Gives, for a conversation, what gives its documents: each is for its own visitor alone."""


class Conversations:
    """Turns chat numbers into conversation ids that cannot be turned back."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"telegram", "sha256")

    def of(self, chat_id: int) -> str:
        """The conversation of a chat: the same one for ever, and told to nobody."""
        digest = hmac.digest(self._key, str(chat_id).encode(), "sha256")
        return f"{CHANNEL}-{base64.b32encode(digest).decode().rstrip('=').lower()[:40]}"


class Answering:
    """Answers updates with `Turns`, or with the guard alone."""

    def __init__(
        self,
        turns: Turns,
        guard: GuardSource,
        client: Client,
        sender: Sender,
        ledger: Updates,
        conversations: Conversations,
        tokens: Tokens,
        pages: PagesOf,
    ) -> None:
        """Take everything that an answer may need."""
        self._turns = turns
        self._guard_source = guard
        self._client = client
        self._sender = sender
        self._ledger = ledger
        self._conversations = conversations
        self._tokens = tokens
        self._pages = pages
        self._room = asyncio.Semaphore(TURNS_AT_ONCE)
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._ahead: dict[int, asyncio.Task[bool]] = {}

    async def answer(self, waiting: WaitingUpdate, incoming: Incoming) -> int | None:
        """Answer an update that has waited for its turn.

        Returns:
            The message that shows the answer's buttons; None for an answer without.
        """
        conversation = waiting.conversation
        urgent = self.urgent(incoming)
        shown = self._shown_keyboard(conversation)
        async with self._sender.typing(incoming.chat_id), self._place(urgent is not None):
            reply, rendered = await self._rendered(conversation, incoming)
        if reply is None:
            return shown
        pressed = incoming.message_id if incoming.what is What.PRESS else None
        for message_id in filter(None, {shown, pressed}):
            self._sender.remove_keyboard(incoming.chat_id, message_id)
        if waiting.ahead or await self._went_ahead(incoming.update_id):
            return None
        keyboard = self._keyboard(conversation, incoming, rendered)

        def note(sent: int) -> None:
            with contextlib.suppress(StoreError):  # then a part may come twice after a kill
                self._ledger.note_sent(waiting.update_id, sent)

        try:
            keyboard_in = await self._sender.send(
                incoming.chat_id,
                rendered,
                keyboard,
                urgent=urgent is not None or reply.kind in ALARMS,
                already=waiting.sent,
                note=note,
            )
        except ChatGoneError:
            return None
        return None if incoming.what is What.GROUP else keyboard_in

    def urgent(self, incoming: Incoming) -> Reply | None:
        """The advice on an emergency in an update; None if there is none."""
        if incoming.what is What.NOTHING or not incoming.text:
            return None
        earlier: list[str] = []
        if incoming.what is not What.GROUP:
            conversation = self._conversations.of(incoming.chat_id)
            earlier = self._turns.recall.earlier(conversation, str(incoming.update_id))
        return self._guard.urgent(incoming.text, earlier)

    def heard(self, incoming: Incoming) -> None:
        """Remember what is said, before its turn comes: it may be a part of an emergency."""
        if incoming.what in (What.TEXT, What.MEDIA) and incoming.text:
            conversation = self._conversations.of(incoming.chat_id)
            self._turns.recall.heard(conversation, str(incoming.update_id), incoming.text)

    def go_ahead(self, incoming: Incoming, advice: Reply) -> None:
        """Send urgent advice now, past all that waits before it in the chat. The update keeps its
        turn, which then only records it.
        """
        task = asyncio.ensure_future(self._send_ahead(incoming, advice))
        self._ahead[incoming.update_id] = task
        if len(self._ahead) > REMEMBERED:
            self._ahead.pop(next(iter(self._ahead)))

    async def without_ledger(self, incoming: Incoming) -> bool:
        """Answer with the guard alone, when an update cannot be written down.

        Returns:
            Whether it was answered.
        """
        if incoming.what in (What.NOTHING, What.EDIT) and self.urgent(incoming) is None:
            return True
        return await self._send_alone(incoming, self._stand_in(incoming, look=False))

    def _stand_in(self, incoming: Incoming, *, look: bool = True) -> Reply:
        if incoming.what is What.GROUP:
            return self._guard.reply(incoming.text)
        conversation = self._conversations.of(incoming.chat_id)
        id_ = str(incoming.update_id)
        return self._turns.stand_in(conversation, incoming.text, id_, look=look)

    async def _send_ahead(self, incoming: Incoming, advice: Reply) -> bool:
        sent = await self._send_alone(incoming, advice)
        if sent:
            with contextlib.suppress(StoreError):
                self._ledger.note_ahead(incoming.update_id)
        return sent

    async def _send_alone(self, incoming: Incoming, reply: Reply) -> bool:
        rendered = render(reply, self._guard.wording, no_pages)
        try:
            urgent = reply.kind in ALARMS
            await self._sender.send(incoming.chat_id, rendered, None, urgent=urgent)
        except ChatGoneError:
            pass
        return True

    async def _went_ahead(self, update_id: int) -> bool:
        task = self._ahead.pop(update_id, None)
        return task is not None and await task

    async def _rendered(
        self, conversation: str, incoming: Incoming
    ) -> tuple[Reply | None, Rendered]:
        """The reply, and what to send for it; the guard's where something fails on the way."""
        try:
            reply = await self._reply(conversation, incoming)
            if reply is None:
                return None, Rendered(())
            if reply.forget:
                notice = Notice(self._guard.wording.say("telegram_erased"))
                reply = replace(reply, blocks=(*reply.blocks[:1], notice, *reply.blocks[1:]))
            return reply, render(reply, self._guard.wording, self._pages(conversation))
        except Exception as error:  # noqa: BLE001  # whatever fails, the visitor gets an answer
            logger.error("an answer failed with %s, the guard answers", type(error).__name__)
            reply = self._stand_in(incoming)
            return reply, render(reply, self._guard.wording, no_pages)

    async def _reply(self, conversation: str, incoming: Incoming) -> Reply | None:
        id_ = str(incoming.update_id)
        match incoming.what:
            case What.TEXT:
                return (await self._text(conversation, incoming, id_)).reply
            case What.PRESS:
                return (await self._press(conversation, incoming, id_)).reply
            case What.MEDIA:
                return await self._media(conversation, incoming, id_)
            case What.EDIT:
                return self._edited(conversation, incoming)
            case What.GROUP:
                return self.urgent(incoming) or self._guard.say("telegram_group", turn=1)
            case _:
                return None

    async def _text(self, conversation: str, incoming: Incoming, id_: str) -> Turn:
        command = commands.parse(incoming.text)
        if command is None or self.urgent(incoming) is not None:
            return await self._turns.text(conversation, incoming.text, id_, CHANNEL)
        name = commands.meant(command)
        return await commands.carry_out(name, self._turns, lambda: self._guard, conversation, id_)

    async def _press(self, conversation: str, incoming: Incoming, id_: str) -> Turn:
        try:
            offered = self._turns.history.buttons(conversation)
            button = self._tokens.button(conversation, incoming.button, offered)
        except StoreError:
            return Turn(self._stand_in(incoming, look=False), recorded=False, repeated=False)
        if button is None:
            return self._turns.expired(conversation)
        turn = await self._turns.press(conversation, button.action, button.label, id_, CHANNEL)
        if turn.reply.kind in ALARMS or not turn.recorded:
            return turn
        # The buttons go, and Telegram shows nowhere else which of them was pressed.
        pressed = Notice(self._guard.wording.say("telegram_pressed", label=button.label))
        return replace(turn, reply=replace(turn.reply, blocks=(pressed, *turn.reply.blocks)))

    async def _media(self, conversation: str, incoming: Incoming, id_: str) -> Reply | None:
        """Say that only words are read, and answer those below a photo. Of an album only the photo
        with the words, or else the first, is answered.
        """
        if has_words(incoming.text):
            turn = await self._turns.text(conversation, incoming.text, id_, CHANNEL)
            if turn.reply.kind in ALARMS or self.urgent(incoming) is not None:
                return turn.reply
            notice = Notice(self._guard.wording.say("telegram_only_words"))
            return replace(turn.reply, blocks=(notice, *turn.reply.blocks))
        if incoming.album and not self._is_first_of(incoming.album):
            return None
        return self._turns.say(conversation, "telegram_only_words").reply

    def _edited(self, conversation: str, incoming: Incoming) -> Reply | None:
        """An edited message is not answered again, but where it tells of an emergency now, which
        nothing said before did.
        """
        advice = self.urgent(incoming)
        if advice is None:
            return None
        try:
            said = self._turns.history.earlier(conversation, 10)
        except StoreError:
            said = []
        if any(self._guard.urgent(text, sure=True) is not None for text in said):
            return None
        self._turns.advised(conversation)
        return advice

    def _is_first_of(self, album: str) -> bool:
        first = album not in self._albums
        self._albums[album] = None
        if len(self._albums) > REMEMBERED:
            self._albums.popitem(last=False)
        return first

    def _keyboard(
        self, conversation: str, incoming: Incoming, rendered: Rendered
    ) -> InlineKeyboardMarkup | None:
        if incoming.what is What.GROUP:
            label = self._guard.wording.say("telegram_group_button")
            return link_button(label, f"https://t.me/{self._client.username}?start=group")

        def opaque(button: Button) -> tuple[str, str]:
            return button.label, self._tokens.button_id(conversation, button.action)

        return inline(tuple(tuple(map(opaque, row)) for row in rendered.rows))

    def _shown_keyboard(self, conversation: str) -> int | None:
        try:
            return self._ledger.keyboard(conversation)
        except StoreError:
            return None

    @contextlib.asynccontextmanager
    async def _place(self, urgent: bool) -> AsyncIterator[None]:
        """A place among the turns that are made at once; an emergency needs none."""
        if urgent:
            yield
        else:
            async with self._room:
                yield

    @property
    def _guard(self) -> Guard:
        return guards.current(self._guard_source)
