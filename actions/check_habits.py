"""Asks about habits: the form's own action, which takes every message while a question waits."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.make_summary import summarise


class ActionCheckHabits(Action):
    """The road of the questions about habits."""

    def name(self) -> str:
        """As in the domain."""
        return "action_check_habits"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Take one step; the form stays active as long as an answer is waited for."""
        waits = tracker.active_loop_name == self.name()
        step = turn.interview(tracker, waits).step(turn.message(tracker))
        loop = ActiveLoop(self.name() if step.waits else None)
        progress = turn.dated(step.progress.to_json()) if step.progress else None
        kept = SlotSet(turn.SCREENING, progress)
        if step.wants_summary:
            return [loop, kept, *summarise(dispatcher, tracker)]
        return [loop, kept, *turn.send(step.reply, dispatcher, tracker, is_minor=step.is_minor)]
