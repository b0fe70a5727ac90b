"""Answers a question, or says honestly that it cannot."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from bot.advice.answer import answer


class ActionAnswerQuestion(Action):
    """The road of every question, in scope or not."""

    def name(self) -> str:
        """As in the domain."""
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Decide which entries answer, and send them."""
        reply = answer(turn.understanding(tracker), turn.scene(tracker), turn.thresholds())
        return turn.send(reply, dispatcher, tracker)
