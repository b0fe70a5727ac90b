"""Thumbs up and down: from a position in the conversation to the answer that was given there."""

from __future__ import annotations

import logging

from bot.channels.body import Judgement
from bot.channels.history import Answered, History
from bot.channels.refusal import Refusal
from bot.store import feedback
from bot.store.feedback import Rated
from bot.store.session import StoreError

logger = logging.getLogger(__name__)


def save(history: History, conversation: str, judgement: Judgement) -> bool:
    """Save what the visitor thinks of an answer, with the entries it was made of.

    Returns:
        Whether it was saved: not when the conversation was erased meanwhile.

    Raises:
        Refusal: 404 when there is no answer at that position of the conversation.
        StoreError: the database cannot be used.
    """
    events = history.read(conversation, judgement.position - 1, 1).events
    if not events or not isinstance(events[0], Answered):
        raise Refusal(404, "no_answer", "There is no answer at this position.")
    reply = events[0].reply
    rated = Rated(conversation, judgement.position, reply.entries, reply.publication)
    return feedback.rate(history.engine, rated, judgement.value)


def saved(history: History, conversation: str) -> dict[int, str]:
    """What the visitor thought so far, by position; empty rather than no conversation at all."""
    try:
        return feedback.ratings(history.engine, conversation)
    except StoreError:
        logger.warning("feedback cannot be read; a conversation is given back without it")
        return {}
