"""What every action does: see the scene, let a pure function make the reply, send it off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.advice.answer import ALARMS, alarm_stands
from bot.advice.aside import Message
from bot.advice.builtin import with_alarms
from bot.advice.compose import Scene
from bot.advice.decide import UNDER_18, Thresholds
from bot.advice.interview import Interview
from bot.advice.minors import ADULT
from bot.advice.progress import Progress
from bot.advice.reply import Kind, Reply
from bot.advice.understanding import KEY, Understanding
from bot.advice.wording import Wording
from bot.knowledge.live import live

TOPIC = "topic"
TURNS = "turns"
CONDITIONS = "conditions"
ASKED = "asked"
SCREENING = "screening"
ASKED_KEPT = 30
"""How many of the entries shown last are remembered."""


@cache
def thresholds() -> Thresholds:
    """The tuned thresholds, read once a process."""
    return Thresholds.load()


def scene(tracker: Tracker) -> Scene:
    """What is live, and where in the conversation we are.

    Raises:
        NothingPublished: there is no publication, so nothing can be answered.
    """
    publication = live().current()
    knowledge = publication.knowledge
    said = (event.get("text") for event in tracker.events if event.get("event") == "user")
    today = date.today()
    return Scene(
        entries=with_alarms(knowledge.shown_on(today)),
        clinic=publication.clinic,
        wording=Wording.shared(),
        publication=publication.name,
        turn=int(tracker.get_slot(TURNS) or 0),
        visitor_words=" ".join(text for text in said if text),
        alarm=alarm_stands(_kinds(tracker)),
        conditions=tuple(tracker.get_slot(CONDITIONS) or ()),
        screening=knowledge.screening_on(today),
    )


def alarmed(tracker: Tracker) -> bool:
    """Whether the visitor was given urgent advice in this session, or late in the one before."""
    return any(kind in ALARMS for kind in _kinds(tracker))


def message(tracker: Tracker) -> Message:
    """What the visitor did."""
    action = pressed(tracker)
    text = "" if action else str(tracker.latest_message.get("text") or "")
    return Message(intent(tracker), text, action, understanding(tracker))


def interview(tracker: Tracker, waits: bool) -> Interview:
    """The questions about habits before this message; `waits` if one of them waits for it."""
    progress = Progress.from_json(tracker.get_slot(SCREENING))
    year = date.today().year
    return Interview(scene(tracker), thresholds(), progress, waits, alarmed(tracker), year)


def dated(value: dict[str, Any]) -> dict[str, Any]:
    """A slot's value that says since when, so that retention can end for it."""
    return {**value, "since": int(time.time())}


def understanding(tracker: Tracker) -> Understanding:
    """What NLU found in the visitor's last message."""
    found: dict[str, Any] | None = tracker.latest_message.get(KEY)
    return Understanding.from_json(found)


def pressed(tracker: Tracker) -> str:
    """The action of the button that was pressed, or named; empty if the visitor typed otherwise."""
    metadata = tracker.latest_message.get("metadata") or {}
    return str(metadata.get("action") or understanding(tracker).chosen)


def intent(tracker: Tracker) -> str:
    """The intent that was routed on."""
    return str(tracker.latest_message.get("intent", {}).get("name") or "")


def send(
    reply: Reply, dispatcher: CollectingDispatcher, tracker: Tracker, *, is_minor: bool = False
) -> list[EventType]:
    """Dispatch the reply and remember what the next turn needs.

    Args:
        is_minor: the action found that the visitor is under 18.
    """
    dispatcher.utter_message(json_message=reply.to_json())
    turns = int(tracker.get_slot(TURNS) or 0)
    # An emergency comes without an introduction, so that one is still to follow.
    introduced = turns > 0 or reply.kind not in ALARMS
    events = [SlotSet(TURNS, turns + 1 if introduced else 0)]
    if reply.topic:
        events.append(SlotSet(TOPIC, reply.topic))
    before = list(tracker.get_slot(CONDITIONS) or ())
    conditions = list(dict.fromkeys([*before, *understanding(tracker).cautions]))
    if pressed(tracker).partition(":")[0] == ADULT:
        conditions = [condition for condition in conditions if condition != UNDER_18]
    if is_minor:
        conditions = list(dict.fromkeys([*conditions, UNDER_18]))
    if conditions != before:
        events.append(SlotSet(CONDITIONS, conditions))
    shown = [] if reply.kind in ALARMS else list(reply.entries)
    asked = list(tracker.get_slot(ASKED) or ())
    new = [id_ for id_ in shown if id_ not in asked]
    if new:
        events.append(SlotSet(ASKED, [*asked, *new][-ASKED_KEPT:]))
    return events


def _kinds(tracker: Tracker) -> Iterator[Kind]:
    for event in reversed(tracker.events):
        custom = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
        if custom:
            yield Reply.from_json(custom).kind
        elif event.get("event") == "session_started" and (event.get("metadata") or {}).get("alarm"):
            yield Kind.EMERGENCY  # of the session before (`bot.channels.rotation`)
