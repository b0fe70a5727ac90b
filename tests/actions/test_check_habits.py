"""The form's own action: one step, one reply, and the form goes on or ends."""

from __future__ import annotations

import time
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.check_habits import ActionCheckHabits
from bot.advice.reply import Kind, Reply, buttons
from bot.advice.understanding import RedFlag, Understanding
from bot.knowledge.entry import Urgency
from tests.actions.calls import tracker

ACTION = ActionCheckHabits()
OPENED = {"stage": "consent", "answers": {}, "asked": "", "shown": [], "missed": 0}
ASKING = {
    "stage": "asking",
    "answers": {},
    "asked": "smoking",
    "shown": ["never", "stopped", "under-10", "ten-plus"],
    "missed": 0,
}


def step(on: Tracker, active: bool = True) -> tuple[Reply, bool, dict[str, Any]]:
    """The one reply, whether the form is active afterwards, and the slots."""
    on.active_loop = {"name": ACTION.name()} if active else {}
    dispatcher = CollectingDispatcher()
    events = ACTION.run(dispatcher, on, {})
    (message,) = dispatcher.messages
    (loop,) = (event["name"] for event in events if event["event"] == "active_loop")
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert abs((slots["screening"] or {}).pop("since", time.time()) - time.time()) < 60
    return Reply.from_json(message["custom"]), loop == ACTION.name(), slots


def pressed(action: str, **slots: Any) -> Tracker:
    return tracker("a label", metadata={"action": action}, turns=2, **slots)


def test_it_opens_and_waits_for_agreement() -> None:
    reply, waits, slots = step(tracker("check my habits", "start_screening"), active=False)
    assert reply.kind is Kind.SCREENING
    assert waits
    assert slots["screening"] == OPENED


def test_a_typed_answer_is_kept_as_a_code() -> None:
    reply, waits, slots = step(tracker("20 a day", "out_of_scope", screening=ASKING, turns=2))
    assert waits
    assert slots["screening"]["answers"] == {"smoking": "ten-plus"}
    assert reply.heard == "Now, 10 or more a day"


def test_a_pressed_answer_is_kept_as_a_code() -> None:
    _, waits, slots = step(pressed("screen:answer:smoking:never", screening=ASKING))
    assert waits
    assert slots["screening"]["answers"] == {"smoking": "never"}


def test_a_red_flag_ends_the_form_and_drops_the_answers() -> None:
    flag = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
    found = Understanding(red_flags=(flag,))
    on = tracker("i cant see", "report_red_flag", found, screening=ASKING)
    reply, waits, slots = step(on)
    assert reply.kind is Kind.EMERGENCY
    assert not waits
    assert slots["screening"] is None


def test_the_page_asked_for_pauses_the_form_and_keeps_the_answers() -> None:
    reply, waits, slots = step(pressed("summary:start", screening=ASKING))
    assert any(button.action == "summary:make" for button in buttons(reply))
    assert not waits
    assert slots["screening"] == ASKING
    assert slots["summary"]["made"] == 0


def test_who_says_to_be_under_18_is_remembered_as_such() -> None:
    _, waits, slots = step(pressed("screen:minor", screening=OPENED))
    assert not waits
    assert slots["conditions"] == ["safety/under-18"]


@pytest.mark.parametrize(
    "action", ["", "screen", "screen:", "screen:answer:x", "screen:answer:x:y"]
)
def test_an_odd_action_is_answered(action: str) -> None:
    reply, _, _ = step(pressed(action, screening=ASKING))
    assert reply.blocks
