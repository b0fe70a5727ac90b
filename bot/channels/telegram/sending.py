"""Sends a rendered reply, and does not give up while somebody may still be reached.

Whatever says that Telegram is away (no network, 502, a cut connection) is tried again for ever with
longer and longer waits. A chat that is gone ends the sending quietly.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.telegram.client import BEFORE_LEAVING, Client, is_gone, is_unreadable
from bot.channels.telegram.render import File, Part, Picture, Rendered, Words

logger = logging.getLogger(__name__)

TYPING_AFTER_S = 0.3
TYPING_EVERY_S = 4.5
"""Telegram shows it for five seconds."""
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Send = Callable[[Words, str | None], Awaitable[Message]]


@dataclass(frozen=True)
class _Leaving:
    """Notes one part of a reply as sent when it leaves."""

    note: Callable[[int], None]
    number: int


@contextlib.contextmanager
def _watched(leaving: _Leaving | None) -> Iterator[None]:
    """Note a part that is sent inside as sent when it leaves, and take that back if it fails."""
    if leaving is None:
        yield
        return
    token = BEFORE_LEAVING.set(lambda: leaving.note(leaving.number + 1))
    try:
        yield
    except TelegramError:
        leaving.note(leaving.number)
        raise
    finally:
        BEFORE_LEAVING.reset(token)


class ChatGoneError(Exception):
    """Nobody can be told anything in this chat."""


class Sender:
    """Sends to any chat."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._later: set[asyncio.Task[None]] = set()

    async def send(
        self,
        chat_id: int,
        rendered: Rendered,
        keyboard: InlineKeyboardMarkup | None,
        *,
        urgent: bool = False,
        already: int = 0,
        note: Callable[[int], None] = lambda sent: None,
    ) -> int | None:
        """Send what of a reply is not sent yet.

        Args:
            already: how many of its parts were sent before, by a process that was stopped.
            note: is told how many are sent. Of a text that is right before it leaves, so that a
                process that is killed does not send it twice; it is taken back when the text does
                not arrive. Of what is urgent, or large, it is afterwards: better twice than never.

        Returns:
            The number of the message that the buttons are below, if there are any.

        Raises:
            ChatGoneError: nobody is there.
        """
        last, message = len(rendered.parts) - 1, None
        for number, part in enumerate(rendered.parts):
            if number < already:
                continue
            markup = keyboard if number == last else None
            ahead = isinstance(part, Words) and not urgent
            leaving = _Leaving(note, number) if ahead else None
            message = await self._part(chat_id, part, markup, urgent, leaving)
            if not ahead and number != last:
                note(number + 1)
        return message.message_id if message is not None and keyboard is not None else None

    async def _part(
        self,
        chat_id: int,
        part: Part,
        keyboard: InlineKeyboardMarkup | None,
        urgent: bool,
        leaving: _Leaving | None,
    ) -> Message | None:
        common: dict[str, Any] = {
            "chat_id": chat_id,
            "reply_markup": keyboard,
            "rate_limit_args": urgent,
        }

        def words(text: Words) -> Send:
            return lambda shown, mode: self._client.send_message(
                text=shown.html if mode else shown.plain,
                parse_mode=mode,
                link_preview_options=NO_PREVIEW,
                **common,
            )

        match part:
            case Words():
                return await self._readable(words(part), part, leaving)
            case Picture():
                try:
                    return await self._readable(
                        lambda shown, mode: self._client.send_photo(
                            photo=InputFile(part.png, "chart.png"),
                            caption=shown.html if mode else shown.plain,
                            parse_mode=mode,
                            **common,
                        ),
                        part.caption,
                        quiet=True,
                    )
                except BadRequest:  # no picture, then: its caption says the same
                    return await self._readable(words(part.caption), part.caption)
            case File():
                return await self._readable(
                    lambda shown, mode: self._client.send_document(
                        document=InputFile(part.content, part.name),
                        caption=shown.html if mode else shown.plain,
                        parse_mode=mode,
                        **common,
                    ),
                    part.caption,
                )

    async def _readable(
        self, send: Send, shown: Words, leaving: _Leaving | None = None, quiet: bool = False
    ) -> Message | None:
        """Send as HTML, or plain where Telegram cannot read that.

        Raises:
            BadRequest: Telegram refuses it either way, and `quiet` is set.
        """
        try:
            try:
                return await self._until_done(lambda: send(shown, ParseMode.HTML), leaving)
            except BadRequest as error:
                if not is_unreadable(error):
                    raise
                logger.error("Telegram could not read a message's HTML; it is sent plain")
                return await self._until_done(lambda: send(shown, None), leaving)
        except BadRequest as error:
            if quiet:
                raise
            logger.error("Telegram refuses a message: %s", error.message)
            return None

    async def _until_done(
        self, call: Callable[[], Awaitable[Message]], leaving: _Leaving | None
    ) -> Message:
        wait = FIRST_WAIT_S
        while True:
            try:
                with _watched(leaving):
                    return await call()
            except RetryAfter:
                continue  # the pacer makes it wait
            except TelegramError as error:
                if is_gone(error):
                    raise ChatGoneError from None
                if isinstance(error, BadRequest):
                    raise
                logger.warning(
                    "sending failed with %s; again in %.1f s", type(error).__name__, wait
                )
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    @contextlib.asynccontextmanager
    async def typing(self, chat_id: int) -> AsyncIterator[None]:
        """Show that somebody writes, once it takes longer than `TYPING_AFTER_S`."""
        task = asyncio.ensure_future(self._type(chat_id))
        try:
            yield
        finally:
            task.cancel()

    async def _type(self, chat_id: int) -> None:
        await asyncio.sleep(TYPING_AFTER_S)
        while True:
            with contextlib.suppress(TelegramError):  # a courtesy
                await self._client.send_chat_action(chat_id, ChatAction.TYPING)
            await asyncio.sleep(TYPING_EVERY_S)

    def notice_press(self, query_id: str) -> None:
        """Tell Telegram that a press has arrived, so that its button stops waiting."""
        self._meanwhile(self._client.answer_callback_query(query_id))

    def remove_keyboard(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off a message: they were used, or newer ones have come."""
        self._meanwhile(
            self._client.edit_message_reply_markup(chat_id, message_id, reply_markup=None)
        )

    def _meanwhile(self, call: Awaitable[Any]) -> None:
        """Do what nobody waits for and what may fail: an old press, buttons that are gone."""

        async def do() -> None:
            with contextlib.suppress(TelegramError):
                await call

        task = asyncio.ensure_future(do())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def inline(rows: tuple[tuple[tuple[str, str], ...], ...]) -> InlineKeyboardMarkup | None:
    """Rows of (label, id) as a keyboard; None for no buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=id_) for label, id_ in row] for row in rows]
    )


def link_button(label: str, url: str) -> InlineKeyboardMarkup:
    """A keyboard of one button that opens an address."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])
