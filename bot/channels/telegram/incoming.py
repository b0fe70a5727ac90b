"""What of an update concerns us, and nothing else of it: no name, number, place or file is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType

ALLOWED = ["message", "edited_message", "callback_query"]
"""The kinds of updates that Telegram is asked for."""


class What(str, Enum):
    """What a visitor did."""

    TEXT = "text"
    PRESS = "press"
    MEDIA = "media"
    """A photo, a voice message, a file, a contact, a place: anything that is not words."""
    EDIT = "edit"
    GROUP = "group"
    """Spoke to the bot where others read along."""
    NOTHING = "nothing"
    """Nothing that was said to us."""


@dataclass(frozen=True)
class Incoming:
    """One update."""

    update_id: int
    what: What
    chat_id: int = 0
    message_id: int = 0
    """Of the message written, or of the one whose button was pressed."""
    text: str = ""
    """The words, or those below a photo; in a group without the bot's name."""
    query_id: str = ""
    """Of a pressed button, to tell Telegram that it was noticed."""
    button: str = ""
    album: str = ""
    """What photos that were sent together have in common."""

    @property
    def private(self) -> bool:
        """Whether nobody else reads along."""
        return self.what not in (What.GROUP, What.NOTHING)

    def to_json(self) -> str:
        """The form kept in the ledger until it is answered."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Incoming:
        """The inverse of `to_json`."""
        data = json.loads(text)
        return cls(**{**data, "what": What(data["what"])})


@dataclass(frozen=True)
class Me:
    """The bot, as others see it."""

    id: int
    username: str = ""
    """Empty until Telegram has told it; then only replies are known to be for us in a group."""


class UnreadableUpdateError(ValueError):
    """An update is not of the form that Telegram promises."""


def update_id_of(data: object) -> int:
    """The number of an update.

    Raises:
        UnreadableUpdateError: it has none, so it cannot even be remembered.
    """
    number = data.get("update_id") if isinstance(data, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise UnreadableUpdateError("an update without a number")
    return number


def read(data: Mapping[str, Any], me: Me) -> Incoming:
    """What an update says.

    Raises:
        UnreadableUpdateError: nobody knows.
    """
    number = update_id_of(data)
    try:
        update = Update.de_json(dict(data))
        query, message = update.callback_query, update.edited_message or update.message
        if query is not None:
            return _press(number, query.id, query.data, query.message)
        if message is None:
            return Incoming(number, What.NOTHING)
        return _message(number, message, me, edited=update.edited_message is not None)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        # The words of the error may be the visitor's.
        raise UnreadableUpdateError(type(error).__name__) from None


def _press(number: int, query_id: str, data: str | None, message: Any) -> Incoming:
    if message is None or message.chat.type != ChatType.PRIVATE:
        return Incoming(number, What.NOTHING, query_id=query_id)
    return Incoming(
        number,
        What.PRESS,
        message.chat.id,
        message.message_id,
        query_id=query_id,
        button=data or "",
    )


def _message(number: int, message: Message, me: Me, edited: bool) -> Incoming:
    chat, text = message.chat, message.text or message.caption or ""
    if message.from_user is not None and message.from_user.is_bot:
        return Incoming(number, What.NOTHING)
    if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        if edited or not _addressed(message, me):
            return Incoming(number, What.NOTHING)
        said = text.replace(f"@{me.username}", " ").strip()
        return Incoming(number, What.GROUP, chat.id, message.message_id, said)
    if chat.type != ChatType.PRIVATE or not (message.text or message.effective_attachment):
        return Incoming(number, What.NOTHING)  # channels; "pinned a message" and the like
    what = What.EDIT if edited else What.TEXT if message.text else What.MEDIA
    album = message.media_group_id or ""
    return Incoming(number, what, chat.id, message.message_id, text, album=album)


def _addressed(message: Message, me: Me) -> bool:
    """Whether a message in a group is for the bot: names it, commands it or replies to it."""
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == me.id:
        return True
    name = f"@{me.username}".lower() if me.username else None
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    for entity, words in entities.items():
        if entity.type == MessageEntity.MENTION and words.lower() == name:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and words.lower().endswith(name or " "):
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == me.id:
            return True
    return False
