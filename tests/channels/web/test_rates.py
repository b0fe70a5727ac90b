"""How fast one may ask."""

from __future__ import annotations

import time

import httpx
import pytest
from rasa_sdk import Tracker

from actions.turn import alarmed
from bot.channels.guard import Guard
from bot.channels.limits import Rate, Rates
from tests.channels.serving import Visitor
from tests.channels.small_agent import Actions
from tests.channels.web.conftest import FAST, Serve


def test_too_many_messages_of_one_conversation(serve: Serve, guard: Guard) -> None:
    base = serve(Rates(Rate(3, 0.01), FAST.address, FAST.sessions))
    visitor, other = Visitor(base), Visitor(base)
    for number in range(3):
        visitor.say("hello", f"m{number}")
    response = visitor.post(id="m3", text="hello")
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["hint"] == guard.wording.say("too_fast")
    assert visitor.post(id="m3", button="aaaaaaaaaa").status_code == 429
    assert other.say("hello", "m1")["recorded"]


def test_an_emergency_is_never_too_fast(serve: Serve, actions: Actions) -> None:
    """And costs no turn, or it would be the way to hold the server."""
    visitor = Visitor(serve(Rates(Rate(1, 0.001), FAST.address, FAST.sessions)))
    visitor.say("hello", "m1")
    for number in range(5):
        answer = visitor.say("I can't see", f"e{number}")
        assert answer["events"][0]["kind"] == "emergency"
        assert not answer["recorded"]
    assert len(actions.calls) == 1
    assert visitor.post(id="m2", text="hello").status_code == 429


def test_too_many_messages_of_one_address(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, Rate(4, 0.01), FAST.sessions))
    visitors = [Visitor(base) for _ in range(5)]
    statuses = [v.post(id="m1", text="hello").status_code for v in visitors]
    assert statuses == [200, 200, 200, 200, 429]
    assert visitors[0].events().status_code == 429


def test_too_many_sessions_of_one_address(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(2, 0.01)))
    Visitor(base), Visitor(base)
    response = httpx.post(f"{base}/webhooks/web/session", trust_env=False)
    assert response.status_code == 429


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_an_address_is_the_one_that_our_proxies_saw(
    serve: Serve, proxies: int, statuses: list[int]
) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(1, 0.001)), trusted_proxies=proxies)
    found = [
        httpx.post(
            f"{base}/webhooks/web/session",
            headers={"X-Forwarded-For": f"9.9.9.9, 10.0.0.{number}"},
            trust_env=False,
        ).status_code
        for number in range(2)
    ]
    assert found == statuses


def test_a_sender_cannot_make_up_addresses_before_a_proxy(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(1, 0.001)), trusted_proxies=1)
    statuses = [
        httpx.post(
            f"{base}/webhooks/web/session",
            headers={"X-Forwarded-For": f"1.2.3.{number}, 10.0.0.1"},
            trust_env=False,
        ).status_code
        for number in range(3)
    ]
    assert statuses == [200, 429, 429]


def test_an_emergency_in_two_messages_is_never_too_fast(serve: Serve) -> None:
    """The second alone says nothing, and what came before is no reason to read the database."""
    base = serve(Rates(Rate(1, 0.001), FAST.address, FAST.sessions))
    visitor = Visitor(base)
    visitor.say("hello, had filler today", "m1")
    answer = visitor.say("its gone white", "m2")
    assert answer["events"][0]["kind"] == "emergency"
    assert Visitor(base).post(id="m2", text="its gone white").json()["recorded"]


def test_what_is_said_after_an_emergency_that_was_too_fast_comes_after_an_emergency(
    serve: Serve, actions: Actions
) -> None:
    visitor = Visitor(serve(Rates(Rate(1, 2.0), FAST.address, FAST.sessions)))
    visitor.say("hello", "m1")
    assert visitor.say("I can't see", "m2")["events"][0]["kind"] == "emergency"
    time.sleep(0.6)
    visitor.say("hello, it's fine", "m3")
    assert alarmed(Tracker.from_dict(actions.calls[-1]["tracker"]))
