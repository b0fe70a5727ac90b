"""No action can leave a visitor without an answer: whatever it does, the guard speaks for it."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from bot.advice.reply import Kind, Reply, Text, plain_text
from bot.advice.understanding import KEY, RedFlag, Understanding
from bot.channels.guard import Guard
from bot.in_process import THREADS, InProcessActions
from bot.knowledge.entry import Urgency
from tests.actions.bad.failing import GOOD, SLEEP_S

TIMEOUT_S = 0.5
FAILING = [
    "action_raises",
    "action_exits",
    "action_cancels",
    "action_sleeps",
    "action_blocks",
    "action_returns_garbage",
    "action_returns_text",
    "action_returns_nothing",
    "action_says_text",
    "action_says_half_a_reply",
    "action_says_an_unknown_kind",
    "action_says_it_twice",
    "action_fills_messages_with_garbage",
    "action_nobody_wrote",
]
HARMLESS = "does the secretword hurt"
EMERGENCY = "I can't see out of one eye since my filler an hour ago"


@pytest.fixture
def actions() -> InProcessActions:
    return InProcessActions(Guard.builtin(), TIMEOUT_S, "tests.actions.bad")


def call(name: str, *texts: str, turns: int | None = None) -> dict[str, Any]:
    """What Rasa sends an action server after these messages."""
    events = [{"event": "user", "text": text} for text in texts]
    return {
        "next_action": name,
        "sender_id": "visitor",
        "tracker": {
            "sender_id": "visitor",
            "slots": {"turns": turns, "topic": None},
            "latest_message": {"text": texts[-1] if texts else None, "intent": {}, "entities": []},
            "events": events,
            "paused": False,
            "latest_action_name": None,
            "active_loop": {},
            "followup_action": None,
        },
    }


async def reply_of(actions: InProcessActions, *words: str, **more: Any) -> Reply:
    """The one reply in the result of an action call."""
    result = await actions.request(json=call(*words, **more))
    (response,) = result["responses"]
    return Reply.from_json(response["custom"])


def last_words(reply: Reply) -> str:
    return [block.text for block in reply.blocks if isinstance(block, Text)][-1]


async def test_an_action_that_does_well_is_passed_on(actions: InProcessActions) -> None:
    assert await reply_of(actions, "action_good", HARMLESS) == GOOD


@pytest.mark.parametrize("name", FAILING)
async def test_a_failing_action_is_apologised_for_in_time(
    actions: InProcessActions, name: str
) -> None:
    """With a way to a person, and a doctor in the last words."""
    start = time.monotonic()
    reply = await reply_of(actions, name, HARMLESS)
    assert time.monotonic() - start < TIMEOUT_S + 1
    assert reply.kind is Kind.UNSURE
    words = plain_text(reply)
    assert "sorry" in words
    assert Guard.builtin().clinic.person in words
    assert "doctor" in last_words(reply) or "dermatologist" in last_words(reply)


@pytest.mark.parametrize("name", FAILING)
async def test_an_emergency_comes_before_the_apology(actions: InProcessActions, name: str) -> None:
    reply = await reply_of(actions, name, EMERGENCY)
    assert reply.kind is Kind.EMERGENCY
    assert "sorry" not in plain_text(reply)
    assert "doctor" in last_words(reply)


async def test_an_emergency_told_in_two_messages_is_found_too(actions: InProcessActions) -> None:
    """As it is where nothing fails."""
    texts = ("I had filler in my cheek today", "now I can't see properly")
    assert (await reply_of(actions, "action_raises", *texts)).kind is Kind.EMERGENCY


async def test_a_buttons_label_is_no_symptom(actions: InProcessActions) -> None:
    """An entry's title may be worded like an emergency, and pressing it is none."""
    asked = call("action_raises", EMERGENCY)
    asked["tracker"]["events"][0]["metadata"] = {"action": "show:safety/vision-change"}
    (response,) = (await actions.request(json=asked))["responses"]
    assert Reply.from_json(response["custom"]).kind is Kind.UNSURE


async def test_only_the_first_apology_introduces_the_assistant(actions: InProcessActions) -> None:
    first = await reply_of(actions, "action_raises", HARMLESS)
    later = await reply_of(actions, "action_raises", HARMLESS, turns=3)
    assert "automated" in plain_text(first)
    assert "automated" not in plain_text(later)


@pytest.mark.parametrize("name", ["action_sleeps", "action_blocks"])
async def test_other_actions_run_while_one_hangs(actions: InProcessActions, name: str) -> None:
    """Also where it blocks its thread, and the loop goes on as well."""
    hanging = asyncio.ensure_future(actions.request(json=call(name, HARMLESS)))
    await asyncio.sleep(0)
    start = time.monotonic()
    assert await reply_of(actions, "action_good", HARMLESS) == GOOD
    assert time.monotonic() - start < TIMEOUT_S
    assert not hanging.done()
    await hanging


async def test_visitors_are_answered_when_every_thread_hangs(actions: InProcessActions) -> None:
    """With an apology, in time: what waits for a thread is given up like what holds one."""
    hanging = [
        asyncio.ensure_future(actions.request(json=call("action_sleeps", HARMLESS)))
        for _ in range(THREADS)
    ]
    await asyncio.sleep(0.1)
    start = time.monotonic()
    reply = await reply_of(actions, "action_good", HARMLESS)
    assert time.monotonic() - start < TIMEOUT_S + 1 < SLEEP_S
    assert "sorry" in plain_text(reply)
    await asyncio.gather(*hanging)


@pytest.mark.parametrize("name", FAILING)
async def test_the_log_names_the_action_and_holds_no_message(
    actions: InProcessActions, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await reply_of(actions, name, HARMLESS)
    (ours,) = [record for record in caplog.records if record.name == "bot.in_process"]
    assert ours.levelno == logging.ERROR
    assert name in ours.getMessage()
    assert "secretword" not in caplog.text


async def test_the_log_says_where_an_action_raised(
    actions: InProcessActions, caplog: pytest.LogCaptureFixture
) -> None:
    await reply_of(actions, "action_raises", HARMLESS)
    assert "ValueError at " in caplog.text
    assert "failing.py:" in caplog.text


@pytest.mark.parametrize("broken", [{}, {"tracker": None}, {"next_action": "action_good"}])
async def test_a_call_that_makes_no_sense_is_answered(
    actions: InProcessActions, broken: dict[str, Any]
) -> None:
    result = await actions.request(json=broken)
    assert Reply.from_json(result["responses"][0]["custom"]).kind is Kind.UNSURE


async def test_a_guard_that_cannot_be_had_is_replaced_by_the_one_built_in() -> None:
    """As when the database is away: the numbers may be neutral, the answer still comes."""

    def no_guard() -> Guard:
        raise RuntimeError("no database")

    actions = InProcessActions(no_guard, TIMEOUT_S, "tests.actions.bad")
    assert (await reply_of(actions, "action_raises", EMERGENCY)).kind is Kind.EMERGENCY


def test_the_products_actions_are_those_of_the_domain() -> None:
    """Each that a rule may name is there to be called."""
    from ruamel.yaml import YAML

    from bot.settings import ROOT

    domain = YAML(typ="safe", pure=True).load(ROOT / "bot" / "domain" / "actions.yml")
    actions = InProcessActions(Guard.builtin(), TIMEOUT_S)
    assert set(domain["actions"]) <= set(actions._executor.actions)


# --- what was understood before an action failed --------------------------------------------------

LEARNED = "since the botox my dinner will not travel south"
"""An emergency that none of the rules finds."""


def understood(name: str, text: str, *flags: RedFlag, **more: Any) -> dict[str, Any]:
    """A call whose message was understood so."""
    asked = call(name, text)
    asked["tracker"]["latest_message"][KEY] = Understanding(red_flags=flags).to_json()
    asked["tracker"].update(more)
    return asked


async def test_an_emergency_that_only_the_second_look_found_is_answered(
    actions: InProcessActions,
) -> None:
    assert Guard.builtin().urgent(LEARNED) is None
    flag = RedFlag("safety/swallow-breathe-speak", Urgency.EMERGENCY, "as learned")
    result = await actions.request(json=understood("action_raises", LEARNED, flag))
    reply = Reply.from_json(result["responses"][0]["custom"])
    assert reply.kind is Kind.EMERGENCY
    assert reply.entries == ("safety/swallow-breathe-speak",)


async def test_a_caution_that_was_understood_is_no_alarm(actions: InProcessActions) -> None:
    flag = RedFlag("safety/pregnancy", Urgency.CAUTION, "pregnant")
    result = await actions.request(json=understood("action_raises", HARMLESS, flag))
    assert Reply.from_json(result["responses"][0]["custom"]).kind is Kind.UNSURE


async def test_an_understanding_that_cannot_be_read_hides_no_emergency(
    actions: InProcessActions,
) -> None:
    asked = call("action_raises", EMERGENCY)
    asked["tracker"]["latest_message"][KEY] = {"red_flags": "garbage"}
    (response,) = (await actions.request(json=asked))["responses"]
    assert Reply.from_json(response["custom"]).kind is Kind.EMERGENCY


async def test_an_emergency_ends_the_questions_about_habits(actions: InProcessActions) -> None:
    """Or the next message would be read as an answer to the one that waits."""
    loop = {"name": "action_check_habits"}
    result = await actions.request(json=understood("action_raises", EMERGENCY, active_loop=loop))
    assert {"event": "active_loop", "name": None} in result["events"]
    asked = understood("action_raises", HARMLESS, active_loop=loop)
    assert (await actions.request(json=asked))["events"] == []


async def test_an_apology_after_an_emergency_says_that_the_advice_stands(
    actions: InProcessActions,
) -> None:
    asked = call("action_raises", EMERGENCY, HARMLESS)
    advice = Guard.builtin().reply(EMERGENCY).to_json()
    asked["tracker"]["events"].insert(1, {"event": "bot", "data": {"custom": advice}})
    (response,) = (await actions.request(json=asked))["responses"]
    reply = Reply.from_json(response["custom"])
    builtin = Guard.builtin()
    said = builtin.say("apology", alarm=True, person=builtin.clinic.person)
    assert len(reply.blocks) == len(said.blocks) > len(builtin.reply(HARMLESS).blocks)
