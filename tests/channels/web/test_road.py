"""The road of a message over HTTP, buttons, erasure, and what fails behind."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Reply
from bot.channels.guard import Guard
from tests.channels.serving import Visitor
from tests.channels.small_agent import Actions, said
from tests.channels.web.conftest import Serve
from tests.channels.web.reading import buttons, texts

# --- the road -------------------------------------------------------------------------------------


def test_a_message_is_answered_in_the_same_response(visitor: Visitor) -> None:
    answer = visitor.say("hello", "m1")
    assert (answer["id"], answer["recorded"], answer["erased"]) == ("m1", True, False)
    (event,) = answer["events"]
    assert (event["position"], event["from"], event["kind"]) == (2, "advisor", "answer")
    assert [block["type"] for block in event["blocks"]] == ["text", "text", "buttons"]


def test_what_is_behind_stays_behind(visitor: Visitor) -> None:
    """No action, entry id, digest or confidence leaves the server."""
    answer = json.dumps(visitor.say("hello", "m1"))
    for inner in ("more:", "botox/cost", "entries", "publication", "confidence", "topic"):
        assert inner not in answer


def test_the_same_id_gets_the_same_answer_byte_for_byte(visitor: Visitor, actions: Actions) -> None:
    def send(_: int) -> bytes:
        return visitor.post(id="m1", text="hello").content

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert len(actions.calls) == 1


def test_a_reload_gets_the_conversation_back(visitor: Visitor) -> None:
    first = visitor.say("hello", "m1")
    second = visitor.say("/restart", "m2")
    page = visitor.events().json()
    assert (page["next"], page["more"]) == (4, False)
    mine, answer, command, last = page["events"]
    assert mine == {"position": 1, "from": "visitor", "id": "m1", "text": "hello"}
    assert command["text"] == "/restart"
    assert [answer] == first["events"]
    assert [last] == second["events"]
    assert visitor.events(3).json()["events"] == [last]
    assert visitor.events(4).json() == {"events": [], "next": 4, "more": False}


def test_a_long_conversation_comes_in_pages(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        visitor.say(f"hello {number}", f"m{number}")
    monkeypatch.setattr("bot.channels.history.History.read.__defaults__", (0, 5))
    positions, after, more = [], 0, True
    while more:
        page = visitor.events(after).json()
        positions += [event["position"] for event in page["events"]]
        after, more = page["next"], page["more"]
    assert positions == list(range(1, 13))


def test_any_process_with_the_secret_goes_on(serve: Serve) -> None:
    visitor = Visitor(serve())
    first = visitor.say("hello", "m1")
    other = Visitor(serve())
    other.token = visitor.token
    assert other.say("hello", "m1") == first


def test_a_conversation_begins_with_nothing(visitor: Visitor) -> None:
    assert visitor.events().json() == {"events": [], "next": 0, "more": False}


# --- buttons --------------------------------------------------------------------------------------


def test_a_button_does_what_it_was_offered_for(visitor: Visitor, actions: Actions) -> None:
    offered = buttons(visitor.say("hello", "m1"))
    answer = visitor.post(id="m2", button=offered[0]["id"]).json()
    assert answer["recorded"]
    latest = actions.calls[-1]["tracker"]["latest_message"]
    assert latest["metadata"] == {"action": "more:botox/cost"}
    assert visitor.events(2).json()["events"][0]["text"] == "More"
    assert visitor.post(id="m2", button=offered[0]["id"]).json() == answer


def test_an_old_button_still_works(visitor: Visitor) -> None:
    offered = buttons(visitor.say("hello", "m1"))
    for number in range(30):
        visitor.say(f"hello {number}", f"x{number}")
    assert visitor.post(id="m2", button=offered[1]["id"]).json()["recorded"]


@pytest.mark.parametrize(
    "made_up", ["aaaaaaaaaa", "", "show:botox/cost", "/restart", "é", "x" * 500]
)
def test_a_made_up_button_is_answered_kindly_and_does_nothing(
    visitor: Visitor, actions: Actions, guard: Guard, made_up: str
) -> None:
    visitor.say("hello", "m1")
    answer = visitor.post(id="m2", button=made_up).json()
    assert guard.wording.say("button_expired") in texts(answer)
    assert not answer["recorded"]
    assert len(actions.calls) == 1


def test_a_button_of_another_conversation_does_nothing(base: str, actions: Actions) -> None:
    one, other = Visitor(base), Visitor(base)
    offered = buttons(one.say("hello", "m1"))
    theirs = buttons(other.say("hello", "m1"))
    assert {b["id"] for b in offered}.isdisjoint(b["id"] for b in theirs)
    assert not other.post(id="m2", button=offered[0]["id"]).json()["recorded"]


# --- erasure --------------------------------------------------------------------------------------


def test_a_conversation_is_erased_and_can_begin_again(visitor: Visitor) -> None:
    visitor.say("hello", "m1")
    assert visitor.erase().json() == {"erased": True}
    assert visitor.events().json()["events"] == []
    assert visitor.erase().status_code == 200
    assert visitor.say("hello", "m1")["events"][0]["position"] == 2


def test_delete_my_data_tells_the_page_to_forget_too(visitor: Visitor, actions: Actions) -> None:
    async def forget(call: dict[str, Any]) -> dict[str, Any]:
        return said(Reply(Kind.SERVICE, (), forget=True).to_json())

    visitor.say("hello", "m1")
    actions.action = forget
    answer = visitor.say("hello, delete my data", "m2")
    assert (answer["erased"], answer["recorded"]) == (True, False)
    assert visitor.events().json()["events"] == []


# --- what fails behind ----------------------------------------------------------------------------


def test_before_the_model_is_loaded_there_is_an_answer(serve: Serve, guard: Guard) -> None:
    visitor = Visitor(serve(ready=False))
    assert guard.clinic.person in texts(visitor.say("hello", "m1"))
    assert visitor.say("I can't see", "m2")["events"][0]["kind"] == "emergency"
    assert visitor.post(id="m3", button="aaaaaaaaaa").status_code == 200
    for response in (visitor.events(), visitor.erase()):
        assert response.status_code == 503
        assert "retry-after" in response.headers


@pytest.mark.parametrize("failing", ["raises", "garbage", "sleeps"])
def test_an_action_that_fails_is_an_apology_in_time(
    serve: Serve, actions: Actions, guard: Guard, failing: str
) -> None:
    async def action(call: dict[str, Any]) -> Any:
        if failing == "raises":
            raise RuntimeError("secret of the server")
        await asyncio.sleep(10 if failing == "sleeps" else 0)
        return {"events": [], "responses": [{"custom": {"a": 1}}]}

    actions.action = action
    visitor = Visitor(serve(turn_timeout_s=0.5))
    answer = visitor.say("hello", "m1")
    assert guard.clinic.person in texts(answer)
    assert "secret" not in json.dumps(answer)
    assert visitor.say("hello, I can't see", "m2")["events"][0]["kind"] == "emergency"


def test_without_a_database_there_is_an_answer_and_no_trace_of_why(
    visitor: Visitor, engine: Engine, guard: Guard
) -> None:
    visitor.say("hello", "m1")
    with engine.begin() as connection:
        connection.execute(sql("ALTER TABLE events RENAME TO gone"))
    try:
        assert guard.clinic.person in texts(visitor.say("hello", "m2"))
        assert visitor.post(id="m3", button="aaaaaaaaaa").json()["recorded"] is False
        response = visitor.events()
    finally:
        with engine.begin() as connection:
            connection.execute(sql("ALTER TABLE gone RENAME TO events"))
    assert response.status_code == 503
    assert "sqlite" not in response.text
