"""Keeps for staff, redacted, what a visitor asked and got no answer to."""

from __future__ import annotations

import logging

from bot.advice.redact import redact
from bot.advice.reply import Kind, Reply
from bot.channels.history import History
from bot.store.unanswered import NewUnanswered, add_unanswered

logger = logging.getLogger(__name__)

UNANSWERED = frozenset({Kind.UNSURE, Kind.CLARIFY, Kind.DECLINE})


def remember(history: History, conversation: str, text: str, reply: Reply) -> None:
    """Keep the message that `reply` did not answer; it never raises.

    Args:
        text: what the visitor typed; empty for a pressed button, of which nothing is kept.
    """
    if reply.kind not in UNANSWERED or not text:
        return
    try:
        found = history.last_understanding(conversation)
        best = found.candidates[0] if found.candidates else None
        new = NewUnanswered(
            conversation=conversation,
            kind=reply.kind.value,
            text=redact(text, [term.text for term in found.terms]),
            entry=best.entry_id if best else None,
            score=round(best.confidence, 4) if best else None,
            publication=reply.publication,
        )
        add_unanswered(history.engine, new)
    except Exception as error:  # noqa: BLE001  # the visitor has an answer; staff learn of the next
        logger.error("an unanswered message was not kept: %s", type(error).__name__)
