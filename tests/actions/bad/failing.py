"""What staff's developer may write one day by mistake."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from rasa_sdk import Action

from bot.advice.reply import Kind, Reply, Text

SLEEP_S = 10

GOOD = Reply(Kind.ANSWER, (Text("All is well. Please speak with a doctor."),))


class ActionGood(Action):
    def name(self) -> str:
        return "action_good"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(json_message=GOOD.to_json())
        return []


class ActionRaises(Action):
    """Its error holds what the visitor wrote, as errors of parsers and databases do."""

    def name(self) -> str:
        return "action_raises"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        raise ValueError(tracker.latest_message["text"])


class ActionExits(Action):
    def name(self) -> str:
        return "action_exits"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        sys.exit(3)


class ActionCancels(Action):
    def name(self) -> str:
        return "action_cancels"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        raise asyncio.CancelledError


class ActionSleeps(Action):
    def name(self) -> str:
        return "action_sleeps"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        await asyncio.sleep(SLEEP_S)


class ActionBlocks(Action):
    def name(self) -> str:
        return "action_blocks"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        time.sleep(SLEEP_S)


class ActionReturnsGarbage(Action):
    def name(self) -> str:
        return "action_returns_garbage"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return 42


class ActionReturnsText(Action):
    def name(self) -> str:
        return "action_returns_text"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return tracker.latest_message["text"]


class ActionReturnsNothing(Action):
    def name(self) -> str:
        return "action_returns_nothing"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return None


class ActionSaysText(Action):
    """As stock Rasa does it: a text, not a reply."""

    def name(self) -> str:
        return "action_says_text"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(text="hello")


class ActionSaysHalfAReply(Action):
    def name(self) -> str:
        return "action_says_half_a_reply"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(json_message={**GOOD.to_json(), "blocks": [{"type": "text"}]})


class ActionSaysAnUnknownKind(Action):
    def name(self) -> str:
        return "action_says_an_unknown_kind"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(json_message={**GOOD.to_json(), "kind": "diagnosis"})


class ActionSaysItTwice(Action):
    def name(self) -> str:
        return "action_says_it_twice"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        for _ in range(2):
            dispatcher.utter_message(json_message=GOOD.to_json())


class ActionFillsMessagesWithGarbage(Action):
    def name(self) -> str:
        return "action_fills_messages_with_garbage"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.messages.append("no dictionary")
