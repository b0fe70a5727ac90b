from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa_sdk import Tracker
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from actions.turn import _kinds, alarmed
from bot.advice.answer import alarm_stands
from bot.advice.reply import Kind, Reply, plain_text
from bot.channels.guard import Guard
from bot.channels.history import Answered, Said
from bot.channels.recall import Recall
from bot.channels.turn import MAX_TEXT, Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions, reply_to, said

ME = "web-1"


async def test_a_message_is_answered_and_recorded(turns: Turns) -> None:
    turn = await turns.text(ME, "hello", "m1", "web")
    assert turn.reply == reply_to("hello")
    assert (turn.recorded, turn.repeated, turn.position) == (True, False, 2)
    said_, answered = turns.history.read(ME).events
    assert isinstance(said_, Said)
    assert (said_.position, said_.text, said_.message_id) == (1, "hello", "m1")
    assert isinstance(answered, Answered)
    assert (answered.position, answered.reply) == (2, turn.reply)


async def test_the_same_id_has_the_same_answer_and_no_second_turn(
    turns: Turns, actions: Actions
) -> None:
    first = await turns.text(ME, "hello", "m1", "web")
    await turns.text(ME, "qqqq", "m2", "web")
    again = await turns.text(ME, "another text under an old id", "m1", "web")
    assert again.reply == first.reply
    assert (again.recorded, again.repeated, again.position) == (True, True, first.position)
    assert actions.texts == ["hello", "qqqq"]


async def test_twenty_at_once_with_one_id_are_one_turn(turns: Turns, actions: Actions) -> None:
    sent = (turns.text(ME, "hello", "same", "web") for _ in range(20))
    answers = await asyncio.gather(*sent)
    assert actions.texts == ["hello"]
    assert {answer.reply for answer in answers} == {reply_to("hello")}
    assert sorted(answer.repeated for answer in answers) == [False, *[True] * 19]
    assert len(turns.history.read(ME).events) == 2


async def test_the_same_id_in_two_conversations_is_two_messages(
    turns: Turns, actions: Actions
) -> None:
    await turns.text("web-1", "hello", "m1", "web")
    other = await turns.text("web-2", "hello", "m1", "web")
    assert not other.repeated
    assert len(actions.calls) == 2


@pytest.mark.parametrize("message_id", ["100%", "a_b", 'q"uote', "back\\slash", "ü", "'; --"])
async def test_an_id_of_any_form_is_found_again_and_is_no_pattern(
    turns: Turns, message_id: str
) -> None:
    await turns.text(ME, "hello", "1000", "web")
    await turns.text(ME, "hello", "axb", "web")
    assert not (await turns.text(ME, "hello", message_id, "web")).repeated
    assert (await turns.text(ME, "hello", message_id, "web")).repeated


async def test_a_text_cannot_pretend_to_be_an_id(turns: Turns) -> None:
    await turns.text(ME, '"message_id": "m2"', "m1", "web")
    assert not (await turns.text(ME, "hello", "m2", "web")).repeated


@pytest.mark.parametrize(
    "command",
    [
        "/restart",
        "/session_start",
        "/back",
        "  /restart",
        "\n/restart",
        "/greet",
        '/greet{"topic": "stolen"}',
        '/press_button{"action": "more:x"}',
        "\N{WORD JOINER}/restart",
        "\N{ZERO WIDTH SPACE}/restart",
        "\x00/restart",
        "//restart",
    ],
)
async def test_a_command_is_text(
    turns: Turns, agent: Agent, actions: Actions, command: str
) -> None:
    """It has no intent of its own, sets no slot, ends nothing, and is shown as it was typed."""
    await turns.text(ME, "hello", "m1", "web")
    turn = await turns.text(ME, command, "m2", "web")
    assert turn.recorded
    tracker = await agent.processor.get_tracker(ME)
    assert tracker.latest_message.intent["name"] == "nlu_fallback"
    assert tracker.get_slot("topic") is None
    assert tracker.get_slot("turns") == 2
    shown = [event.text for event in turns.history.read(ME).events if isinstance(event, Said)]
    assert shown == ["hello", command.strip("\x00 \n")]


async def test_a_press_carries_its_action_and_only_that(
    turns: Turns, agent: Agent, actions: Actions
) -> None:
    turn = await turns.press(ME, "show:botox/cost", "/What it costs", "m1", "web")
    assert turn.recorded
    latest = actions.calls[0]["tracker"]["latest_message"]
    assert latest["intent"]["name"] == "press_button"
    assert latest["metadata"] == {"action": "show:botox/cost"}
    shown = turns.history.read(ME).events[0]
    assert isinstance(shown, Said)
    assert shown.text == "/What it costs"


@pytest.mark.parametrize(
    "nothing", ["", " ", "\n\t ", "🙂", "👩🏽‍⚕️🙂", "\x00\x07", "\ud83d", "???", "\u200b"]
)
async def test_what_has_no_words_is_answered_without_a_turn(
    turns: Turns, actions: Actions, guard: Guard, nothing: str
) -> None:
    turn = await turns.text(ME, nothing, "m1", "web")
    assert turn.reply == guard.say("nothing_to_read")
    assert not turn.recorded
    assert not actions.calls


async def test_a_long_text_is_turned_down_kindly_and_not_stored(
    turns: Turns, actions: Actions, guard: Guard
) -> None:
    assert (await turns.text(ME, "hello" + "x" * (MAX_TEXT - 5), "m1", "web")).recorded
    turn = await turns.text(ME, "x" * (MAX_TEXT + 1), "m2", "web")
    assert turn.reply == guard.say("too_long", 1, limit="2,000")
    assert not turn.recorded
    assert len(actions.calls) == 1


@pytest.mark.parametrize("where", ["{sign} {filling}", "{filling} {sign}"])
@pytest.mark.parametrize("size", [3_000, 1_000_000])
async def test_an_emergency_in_a_long_text_wins(turns: Turns, where: str, size: int) -> None:
    text = where.format(sign="I can't see since this morning.", filling="blah. " * (size // 6))
    turn = await turns.text(ME, text, "m1", "web")
    assert turn.reply.kind is Kind.EMERGENCY


async def test_half_a_character_reaches_neither_model_nor_database(turns: Turns) -> None:
    turn = await turns.text(ME, "hello \ud83d there\r\nyou", "m1", "web")
    assert turn.recorded
    shown = turns.history.read(ME).events[0]
    assert isinstance(shown, Said)
    assert shown.text == "hello   there\nyou"


# --- what fails behind ----------------------------------------------------------------------------


async def _raise(call: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("a secret from behind")


async def _nothing(call: dict[str, Any]) -> dict[str, Any]:
    return {"events": [], "responses": []}


async def _garbage(call: dict[str, Any]) -> dict[str, Any]:
    return said({"kind": "answer", "blocks": "none"})


async def _plain_text(call: dict[str, Any]) -> dict[str, Any]:
    return {"events": [], "responses": [{"text": "utter_default"}]}


async def _no_answer_at_all(call: dict[str, Any]) -> Any:
    return ["garbage"]


async def _sleep(call: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(10)
    return {}


@pytest.mark.parametrize("action", [_raise, _nothing, _garbage, _plain_text, _no_answer_at_all])
async def test_a_turn_without_a_reply_gets_the_guards_and_keeps_it(
    turns: Turns, actions: Actions, guard: Guard, action: small_agent.Action
) -> None:
    actions.action = action
    turn = await turns.text(ME, "hello", "m1", "web")
    assert turn.reply == guard.reply("hello")
    assert turn.recorded
    again = await turns.text(ME, "hello", "m1", "web")
    assert (again.reply, again.repeated) == (turn.reply, True)
    actions.action = small_agent.answer
    assert (await turns.text(ME, "hello", "m2", "web")).reply == reply_to("hello")


@pytest.mark.parametrize("action", [_raise, _sleep])
async def test_an_emergency_is_answered_whatever_fails(
    turns: Turns, actions: Actions, action: small_agent.Action
) -> None:
    turns._timeout_s = 0.2
    actions.action = action
    turn = await turns.text(ME, "hello, I can't see", "m1", "web")
    assert turn.reply.kind is Kind.EMERGENCY
    assert "112" in plain_text(turn.reply)


async def test_a_slow_turn_is_given_up_in_time_and_can_be_repeated(
    turns: Turns, actions: Actions, guard: Guard
) -> None:
    """Nothing of it is kept, so the same id may try again; and its lock is free at once."""
    turns._timeout_s = 0.3
    actions.action = _sleep
    before = asyncio.get_running_loop().time()
    turn = await turns.text(ME, "hello", "m1", "web")
    assert asyncio.get_running_loop().time() - before < 1.0
    assert turn.reply == guard.reply("hello")
    assert not turn.recorded
    assert turns.history.read(ME).events == ()
    actions.action = small_agent.answer
    again = await turns.text(ME, "hello", "m1", "web")
    assert (again.reply, again.recorded, again.repeated) == (reply_to("hello"), True, False)


async def test_a_sign_in_two_messages_is_found_when_the_second_fails(
    turns: Turns, actions: Actions
) -> None:
    await turns.text(ME, "hello, I have red", "m1", "web")
    actions.action = _raise
    failed = await turns.text(ME, "red streaks on my cheek, hello", "m2", "web")
    assert failed.reply.kind is Kind.URGENT


async def test_no_database_is_an_apology_and_no_turn(
    turns: Turns, actions: Actions, engine: Engine, guard: Guard, caplog: pytest.LogCaptureFixture
) -> None:
    await turns.text(ME, "hello", "m1", "web")
    with engine.begin() as connection:
        connection.execute(sql("ALTER TABLE events RENAME TO gone"))
    turn = await turns.text(ME, "hello my secret", "m2", "web")
    assert (turn.reply, turn.recorded) == (guard.reply("hello my secret"), False)
    assert (await turns.text(ME, "🙂", "m3", "web")).reply == guard.say("nothing_to_read")
    assert len(actions.calls) == 1
    assert "secret" not in caplog.text


async def test_no_model_is_an_apology(turns: Turns, agent: Agent, guard: Guard) -> None:
    agent.processor = None
    assert (await turns.text(ME, "hello", "m1", "web")).reply == guard.reply("hello")


async def test_a_guard_that_fails_is_replaced_by_the_one_built_in(
    agent: Agent, engine: Engine, actions: Actions, monkeypatch: pytest.MonkeyPatch, guard: Guard
) -> None:
    def broken() -> Guard:
        raise OSError("no publication")

    monkeypatch.setattr(Guard, "builtin", lambda: guard)
    actions.action = _raise
    turns = Turns(agent, small_agent.settings(engine), broken)
    assert (await turns.text(ME, "hello", "m1", "web")).reply == guard.reply("hello")


async def test_what_a_visitor_wrote_is_in_no_log(
    turns: Turns, actions: Actions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number, action in enumerate([small_agent.answer, _raise, _garbage, _sleep]):
        actions.action = action
        turns._timeout_s = 0.3
        await turns.text(ME, "hello, my secret rash", f"m{number}", "web")
    await turns.text(ME, "secret " * 1000, "long", "web")
    assert "rash" not in caplog.text
    assert "secret" not in caplog.text.replace("a secret from behind", "")


async def test_a_message_whose_answer_was_lost_is_apologised_for_and_not_done_again(
    turns: Turns, actions: Actions, engine: Engine, guard: Guard
) -> None:
    """As after a process that was stopped between storing a turn and storing the guard's reply."""
    await turns.text(ME, "hello", "m1", "web")
    with engine.begin() as connection:
        connection.execute(sql("DELETE FROM events WHERE type_name = 'bot'"))
    again = await turns.text(ME, "hello", "m1", "web")
    assert again.reply == guard.reply("hello")
    assert (again.recorded, again.repeated) == (False, True)
    assert len(actions.calls) == 1


async def test_an_answer_that_could_not_be_stored_says_so(
    turns: Turns, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa's store keeps it in memory instead and tells nobody; erasing takes that copy as well."""

    async def full(tracker: Any) -> None:
        raise OSError("disk full")

    store = agent.tracker_store
    monkeypatch.setattr(store._tracker_store, "save", full)
    turn = await turns.text(ME, "hello", "m1", "web")
    assert (turn.reply, turn.recorded) == (reply_to("hello"), False)
    assert ME in store.fallback_tracker_store.store
    await turns.erase(ME)
    assert ME not in store.fallback_tracker_store.store


async def test_conversations_outside_sql_are_refused(agent: Agent, engine: Engine) -> None:
    agent.tracker_store = InMemoryTrackerStore(Domain.empty())
    with pytest.raises(TypeError, match="SQLTrackerStore"):
        Turns(agent, small_agent.settings(engine), Guard.builtin)


# --- erasure --------------------------------------------------------------------------------------


async def test_a_reply_that_forgets_erases_the_conversation_and_no_other(
    turns: Turns, actions: Actions
) -> None:
    await turns.text("web-2", "hello", "m1", "web")
    await turns.text(ME, "hello", "m1", "web")

    async def forget(call: dict[str, Any]) -> dict[str, Any]:
        return said(Reply(Kind.SERVICE, (), forget=True).to_json())

    actions.action = forget
    turn = await turns.text(ME, "hello, delete my data", "m2", "web")
    assert (turn.reply.forget, turn.recorded) == (True, False)
    assert turns.history.read(ME).events == ()
    assert len(turns.history.read("web-2").events) == 2
    actions.action = small_agent.answer
    fresh = await turns.text(ME, "hello", "m3", "web")
    assert fresh.position == 2


async def test_erasing_waits_for_a_turn_under_way(turns: Turns, actions: Actions) -> None:
    """Otherwise the turn would write the conversation again after it was erased."""

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.3)
        return await small_agent.answer(call)

    actions.action = slow
    turn = asyncio.create_task(turns.text(ME, "hello", "m1", "web"))
    await asyncio.sleep(0.1)
    assert await turns.erase(ME) > 0
    assert (await turn).recorded
    assert turns.history.read(ME).events == ()


async def test_a_visitor_who_leaves_does_not_stop_the_turn(turns: Turns, actions: Actions) -> None:
    """So "delete my data" is done even if the page is closed at once."""

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.2)
        return await small_agent.answer(call)

    actions.action = slow
    request = asyncio.create_task(turns.text(ME, "hello", "m1", "web"))
    await asyncio.sleep(0.1)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert (await turns.text(ME, "hello", "m1", "web")).repeated


# --- anything at all ------------------------------------------------------------------------------


@given(text=st.text(max_size=200))
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    # the conversation is shared on purpose: an example must not spoil it for the next
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_text_gets_one_reply_that_names_a_doctor(turns: Turns, text: str) -> None:
    turn = asyncio.run(turns.text(ME, text, f"m{hash(text)}", "web"))
    assert "doctor" in plain_text(turn.reply) or "dermatologist" in plain_text(turn.reply)


# --- an emergency outside the record --------------------------------------------------------------

BLIND = "hello, I can't see"
TOO_LONG = f"{BLIND}. {'blah. ' * 500}"


def comes_after_an_emergency(call: dict[str, Any]) -> bool:
    """Whether an action would answer as after urgent advice, and no question waits."""
    tracker = Tracker.from_dict(call["tracker"])
    return alarmed(tracker) and alarm_stands(_kinds(tracker)) and not tracker.active_loop_name


async def settled(turns: Turns) -> None:
    """Wait for what goes on behind an answer."""
    while turns._running:
        await asyncio.gather(*turns._running, return_exceptions=True)


async def test_a_turn_after_an_emergency_in_a_long_text_comes_after_an_emergency(
    turns: Turns, actions: Actions
) -> None:
    await turns.text(ME, "hello", "m1", "web")
    assert (await turns.text(ME, TOO_LONG, "m2", "web")).reply.kind is Kind.EMERGENCY
    await turns.text(ME, "hello, it's fine", "m3", "web")
    assert comes_after_an_emergency(actions.calls[-1])
    assert len(turns.history.read(ME).events) == 4


async def test_a_conversation_that_begins_with_one_comes_after_it_too(
    turns: Turns, actions: Actions
) -> None:
    await turns.text(ME, TOO_LONG, "m1", "web")
    await turns.text(ME, "hello", "m2", "web")
    assert comes_after_an_emergency(actions.calls[-1])
    await turns.text("web-2", "hello", "m2", "web")
    assert not comes_after_an_emergency(actions.calls[-1])


async def test_it_is_recorded_at_once_for_a_process_that_knows_nothing_of_it(
    turns: Turns, actions: Actions
) -> None:
    await turns.text(ME, TOO_LONG, "m1", "web")
    await settled(turns)
    turns.recall = Recall()
    await turns.text(ME, "hello", "m2", "web")
    assert comes_after_an_emergency(actions.calls[-1])


async def test_an_emergency_whose_turn_takes_too_long_is_not_forgotten(
    turns: Turns, actions: Actions
) -> None:
    turns._timeout_s = 0.5
    actions.action = _sleep
    assert (await turns.text(ME, BLIND, "m1", "web")).reply.kind is Kind.EMERGENCY
    actions.action = small_agent.answer
    await turns.text(ME, "hello, my friend is a nurse", "m2", "web")
    assert comes_after_an_emergency(actions.calls[-1])


async def test_an_emergency_while_the_database_is_gone_is_remembered_till_it_is_back(
    turns: Turns, actions: Actions, engine: Engine, guard: Guard
) -> None:
    await turns.text(ME, "hello", "m1", "web")
    with engine.begin() as connection:
        connection.execute(sql("ALTER TABLE events RENAME TO gone"))
    assert (await turns.text(ME, BLIND, "m2", "web")).reply.kind is Kind.EMERGENCY
    await settled(turns)
    after = (await turns.text(ME, "hello, thanks", "m3", "web")).reply
    assert after == guard.reply("hello, thanks", alarm=True)
    assert after != guard.reply("hello, thanks")
    with engine.begin() as connection:
        connection.execute(sql("ALTER TABLE gone RENAME TO events"))
    await turns.text(ME, "hello, thanks", "m4", "web")
    assert comes_after_an_emergency(actions.calls[-1])


async def test_what_is_said_of_an_emergency_ends_with_the_conversation(
    turns: Turns, actions: Actions
) -> None:
    await turns.text(ME, TOO_LONG, "m1", "web")
    await settled(turns)
    await turns.erase(ME)
    await turns.text(ME, "hello", "m2", "web")
    assert not comes_after_an_emergency(actions.calls[-1])


async def test_a_repeated_message_without_an_answer_is_read_with_those_before_it(
    turns: Turns, engine: Engine
) -> None:
    """Also in a process that did not hear them."""
    await turns.text(ME, "hello, had filler today", "m1", "web")
    await turns.text(ME, "its gone white, hello", "m2", "web")
    with engine.begin() as connection:
        connection.execute(sql("DELETE FROM events WHERE type_name = 'bot'"))
    turns.recall = Recall()
    again = await turns.text(ME, "its gone white, hello", "m2", "web")
    assert again.reply.kind is Kind.EMERGENCY


async def test_a_message_that_may_have_no_turn_is_read_with_those_before_it(turns: Turns) -> None:
    await turns.text(ME, "hello, had filler today", "m1", "web")
    assert turns.urgent("web-2", "its gone white", "m2") is None
    reply = turns.urgent(ME, "its gone white", "m2")
    assert reply is not None
    assert reply.kind is Kind.EMERGENCY
    await settled(turns)


async def test_an_alarm_whose_record_alone_failed_is_given(
    turns: Turns, actions: Actions, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second look may have found it, which the guard cannot repeat."""
    advice = Reply(Kind.EMERGENCY, reply_to("hello").blocks)

    async def urgent(call: dict[str, Any]) -> dict[str, Any]:
        return said(advice.to_json())

    async def locked(tracker: Any) -> None:
        raise OSError("locked")

    actions.action = urgent
    monkeypatch.setattr(agent.processor, "save_tracker", locked)
    turn = await turns.text(ME, "hello", "m1", "web")
    assert (turn.reply, turn.recorded) == (advice, False)
    assert turns.recall.is_owed(ME)
