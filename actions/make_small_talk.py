"""Greets, thanks, says goodbye and says what it is."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import small_talk


class ActionMakeSmallTalk(Action):
    """The road of everything that is not about skin."""

    def name(self) -> str:
        """As in the domain."""
        return "action_make_small_talk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Send the manners that go with the intent."""
        reply = small_talk(turn.intent(tracker), turn.scene(tracker))
        return turn.send(reply, dispatcher, tracker)
