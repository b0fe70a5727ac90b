"""Does what a button says."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import press


class ActionPressButton(Action):
    """The road of buttons, which carry an action and no words of their own."""

    def name(self) -> str:
        """As in the domain."""
        return "action_press_button"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show the entry, or the detail, that the button stands for."""
        reply = press(turn.pressed(tracker), turn.scene(tracker))
        return turn.send(reply, dispatcher, tracker)
