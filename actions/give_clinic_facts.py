"""Answers for the clinic: a person, booking, hours, prices, complaints."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import clinic_facts


class ActionGiveClinicFacts(Action):
    """The road of what only the clinic itself can answer."""

    def name(self) -> str:
        """As in the domain."""
        return "action_give_clinic_facts"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Send what clinic.yml says about it."""
        reply = clinic_facts(turn.intent(tracker), turn.scene(tracker))
        return turn.send(reply, dispatcher, tracker)
