"""Says what to do about a sign of an emergency, and nothing else."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import urgent_advice


class ActionGiveUrgentAdvice(Action):
    """The road of red flags."""

    def name(self) -> str:
        """As in the domain."""
        return "action_give_urgent_advice"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Send the advice of the most urgent sign."""
        reply = urgent_advice(turn.understanding(tracker), turn.scene(tracker))
        return turn.send(reply, dispatcher, tracker)
