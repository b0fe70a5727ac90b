"""Shows, and makes, the page to take to a doctor."""

from __future__ import annotations

import time

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.summary import Summary, step
from bot.knowledge.live import live

SLOT = "summary"


class ActionMakeSummary(Action):
    """The road of the page to take along."""

    def name(self) -> str:
        """As in the domain."""
        return "action_make_summary"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show what would be on it, or make it."""
        return summarise(dispatcher, tracker)


def summarise(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Reply about the page; what the visitor chose for it is kept in its slot."""
    answers = (tracker.get_slot(turn.SCREENING) or {}).get("answers", {})
    reply, summary = step(
        turn.pressed(tracker),
        Summary.from_json(tracker.get_slot(SLOT)),
        answers,
        tracker.get_slot(turn.ASKED) or (),
        turn.scene(tracker),
        live().current().knowledge,
        int(time.time()),
    )
    return [SlotSet(SLOT, turn.dated(summary.to_json())), *turn.send(reply, dispatcher, tracker)]
