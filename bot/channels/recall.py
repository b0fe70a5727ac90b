"""What a process remembers of its conversations beside the record, and only in memory.

The last texts, so that a sign of an emergency that comes in pieces is found where the record is not
read: when it is gone, and where a limit protects it. And that urgent advice was given without a
turn, until the record knows: what the visitor says next must not be taken as if nothing had been.
A restart forgets both.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from bot.advice.safety import EARLIER

T = TypeVar("T")

CONVERSATIONS = 2_000
TEXTS = 2 * EARLIER + 1
"""Of each conversation: a message that waits for its turn has the ones before it, whatever came in
meanwhile."""
LONGEST = 2_000
"""Characters of a text that are kept, of its end. With the numbers above it is 20 MB at most."""


class Recall:
    """The conversations heard last; the longest unheard are forgotten beyond `size`."""

    def __init__(self, size: int = CONVERSATIONS) -> None:
        self._size = size
        self._texts: OrderedDict[str, list[tuple[str, str]]] = OrderedDict()
        self._alarms: OrderedDict[str, bool] = OrderedDict()

    def heard(self, conversation: str, message_id: str, text: str) -> None:
        """Remember a text; one that is sent again keeps its place."""
        texts = self._texts.pop(conversation, [])
        if all(known != message_id for known, _ in texts):
            texts.append((message_id, text[-LONGEST:]))
        self._put(self._texts, conversation, texts[-TEXTS:])

    def earlier(self, conversation: str, message_id: str = "") -> list[str]:
        """The visitor's last texts before this message, oldest first."""
        texts = self._texts.get(conversation, [])
        ids = [known for known, _ in texts]
        end = ids.index(message_id) if message_id in ids else len(texts)
        return [text for _, text in texts[:end]][-EARLIER:]

    def alarm(self, conversation: str) -> bool:
        """Remember that urgent advice was given outside the record.

        Returns:
            Whether that is news: False until the conversation has had a turn again.
        """
        news = conversation not in self._alarms
        self._put(self._alarms, conversation, self._alarms.pop(conversation, False))
        return news

    def is_owed(self, conversation: str) -> bool:
        """Whether there is urgent advice that the record does not know of."""
        return self._alarms.get(conversation) is False

    def recorded(self, conversation: str) -> None:
        """The record knows of the advice now."""
        if conversation in self._alarms:
            self._alarms[conversation] = True

    def turned(self, conversation: str) -> None:
        """The conversation has a turn, so that advice after it is news again."""
        if self._alarms.get(conversation):
            del self._alarms[conversation]

    def forget(self, conversation: str) -> None:
        """Forget everything of a conversation that was erased."""
        self._texts.pop(conversation, None)
        self._alarms.pop(conversation, None)

    def forget_texts(self, conversation: str) -> None:
        """Forget what was typed, as answers about habits are erased."""
        self._texts.pop(conversation, None)

    def _put(self, where: OrderedDict[str, T], conversation: str, value: T) -> None:
        where[conversation] = value
        if len(where) > self._size:
            where.popitem(last=False)
