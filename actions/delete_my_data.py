"""Erases the conversation on request."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import erasure


class ActionDeleteMyData(Action):
    """The road of "delete my data"."""

    def name(self) -> str:
        """As in the domain."""
        return "action_delete_my_data"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Confirm; the channel erases once the turn has ended."""
        reply = erasure(turn.scene(tracker))
        return turn.send(reply, dispatcher, tracker)
