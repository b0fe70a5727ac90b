"""Ends a long session so that a turn costs the same after 500 messages as after ten.

At every turn Rasa reads back, replays and featurises the events of the current session. With a new
session every 25 messages a turn took 27 ms at turn 50, 200 and 500; without, 52, 152 and 181 ms.

Rasa's own `action_session_start` carries over *every* SlotSet of the session it ends, so each
session would begin with those of all before it. Here a session begins with one SlotSet a slot.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.advice.answer import alarm_stands
from bot.advice.reply import Kind, Reply
from bot.channels.plain import unshield
from bot.store.events import Standing

TURNS_A_SESSION = 25
"""Visitor's messages after which a session is ended; the figures above are for this number."""

SESSION_AGE_S = 86_400.0
"""A session older than a day is ended too: retention erases ended sessions (`bot.store.erase`)."""

ALARM = "alarm"
"""Under which name that metadata says whether urgent advice stands (`bot.advice.answer`)."""

SINCE = "since"
"""Under which name a slot that holds a dictionary says when it was set, in seconds since 1970."""

SCREENING = "screening"
"""The slot in which the questions about habits keep how far they have come."""

EARLIER_KEPT = 2
"""How many of the visitor's messages the new session remembers, under "earlier" in the metadata of
its `session_started` event: signs of an emergency are spread over as many (`bot.advice.safety`)."""


def due(standing: Standing, now: float | None = None) -> bool:
    """Whether the current session has to end before the next message."""
    if standing.session_started is None or not standing.session_turns:
        return False
    age = (time.time() if now is None else now) - standing.session_started
    return standing.session_turns >= TURNS_A_SESSION or age > SESSION_AGE_S


async def rotate(
    processor: MessageProcessor,
    conversation: str,
    keep_s: float = float("inf"),
    *,
    alarmed: bool = False,
) -> None:
    """Start a new session, in which a form that waits for an answer goes on waiting. Call it with
    the conversation locked, and not during a turn: this tracker is saved once and dropped, because
    saving it twice would store the old session again.

    Args:
        keep_s: what was answered about habits longer ago is not taken into the new session, so
            that retention ends for it as for the messages of its time.
        alarmed: urgent advice was given outside the record. The new session begins as after an
            emergency, and no form waits in it.
    """
    tracker = await processor.get_tracker(conversation)
    # Sets each event's time as it is applied: the store leaves out what is older than the start.
    tracker.update_with_events(_session_start(tracker, keep_s, alarmed), processor.domain)
    await processor.save_tracker(tracker)


def _session_start(tracker: DialogueStateTracker, keep_s: float, alarmed: bool) -> list[Event]:
    alarm = alarmed or alarm_stands(_kinds(tracker))
    slots = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value
        and name != SESSION_START_METADATA_SLOT
        and not _is_past(slot.value, keep_s)
        and not (alarmed and name == SCREENING)
    ]
    waits = tracker.active_loop_name and not alarmed
    form = [ActiveLoop(tracker.active_loop_name)] if waits else []
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(metadata={"earlier": _earlier(tracker), ALARM: alarm}),
        *slots,
        *form,
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _earlier(tracker: DialogueStateTracker) -> list[str]:
    """A session without messages of its own passes on those it began with."""
    texts: list[str] = []
    for event in tracker.events:
        if isinstance(event, SessionStarted):
            texts += event.metadata.get("earlier", [])
        elif isinstance(event, UserUttered) and event.text:
            texts.append(unshield(event.text))
    return texts[-EARLIER_KEPT:]


def _is_past(value: object, keep_s: float) -> bool:
    """Whether a slot says `SINCE` when it holds what it does, and that is too long ago."""
    since = value.get(SINCE) if isinstance(value, dict) else None
    return since is not None and time.time() - float(since) > keep_s


def _kinds(tracker: DialogueStateTracker) -> Iterator[Kind]:
    """Of the replies of the session that ends, the newest first; then what it began with."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and (event.data or {}).get("custom"):
            yield Reply.from_json(event.data["custom"]).kind
        elif isinstance(event, SessionStarted) and event.metadata.get(ALARM):
            yield Kind.EMERGENCY
