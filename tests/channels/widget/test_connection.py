"""Nothing is lost and nothing is doubled, whatever the connection, the page or another tab does."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from playwright.sync_api import Route

from bot.channels.token import Tokens
from tests.channels.small_agent import SECRET, Actions, answer
from tests.channels.widget.browsing import BROWSER, Visitor
from tests.channels.widget.conftest import Visit
from tests.channels.widget.flaky import flaky

pytestmark = BROWSER

CUTS = 100
MESSAGES = 30


def expected(texts: list[str]) -> list[str]:
    """The answers of the small agent."""
    return [f"About {text}." for text in texts]


def test_a_hundred_disconnects_lose_and_double_nothing(
    base: str, visit: Visit, actions: Actions
) -> None:
    texts = [f"message {number}" for number in range(MESSAGES)]
    with flaky(base) as network:
        visitor = visit(base=network.base).begin()
        # A phone tells its browser that the connection is back; without it the pauses grow to 8 s.
        visitor.page.evaluate("setInterval(() => dispatchEvent(new Event('online')), 40)")
        network.cuts_left = CUTS
        for text in texts:
            visitor.write(text)
        for _ in range(600):
            if not network.cuts_left and visitor.answers.count() >= MESSAGES:
                break
            visitor.page.wait_for_timeout(100)
            if visitor.answers.count() >= len(texts):
                texts.append(f"message {len(texts)}")
                visitor.write(texts[-1])
        assert network.cuts_left == 0
        visitor.wait_for_answers(len(texts))
        for _ in range(2):
            assert visitor.said() == texts
            assert visitor.answered() == expected(texts)
            visitor.page.reload()
            visitor.wait_for_answers(len(texts))
    assert actions.texts == texts  # each was one turn


def test_what_is_written_offline_goes_out_by_itself(visitor: Visitor, actions: Actions) -> None:
    visitor.ask("one")
    visitor.page.context.set_offline(True)
    visitor.write("two")
    visitor.write("three")
    visitor.page.get_by_text("You are offline.").wait_for()
    assert visitor.said() == ["one", "two", "three"]
    visitor.page.context.set_offline(False)
    visitor.wait_for_answers(3)
    assert visitor.answered() == expected(["one", "two", "three"])
    assert actions.texts == ["one", "two", "three"]
    assert not visitor.page.get_by_text("You are offline.").is_visible()


def test_what_was_not_sent_is_sent_after_a_reload(visitor: Visitor, actions: Actions) -> None:
    visitor.ask("one")
    visitor.page.route("**/messages", lambda route: route.abort())
    visitor.write("two")
    visitor.write("three")
    visitor.page.reload()
    visitor.page.unroute("**/messages")
    visitor.wait_for_answers(3)
    assert visitor.said() == ["one", "two", "three"]
    assert actions.texts == ["one", "two", "three"]


def test_a_reload_in_mid_turn_loses_nothing(visitor: Visitor, actions: Actions) -> None:
    begun, go_on = threading.Event(), threading.Event()

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await asyncio.get_running_loop().run_in_executor(None, go_on.wait, 10)
        return await answer(call)

    actions.action = slow
    visitor.write("hello")
    assert begun.wait(5)
    visitor.page.reload()
    visitor.mine.first.wait_for()
    go_on.set()
    visitor.wait_for_answers(1)
    assert visitor.said() == ["hello"]
    assert len(actions.calls) == 1
    visitor.ask("and now", 2)
    assert visitor.said() == ["hello", "and now"]


def test_an_answer_off_the_record_survives_a_reload(visitor: Visitor) -> None:
    """The server does not keep what it could not read; the tab does."""
    visitor.ask("one")
    visitor.ask("🙂", 2)
    visitor.ask("three", 3)
    before = visitor.answered()
    visitor.page.reload()
    visitor.wait_for_answers(3)
    assert visitor.said() == ["one", "🙂", "three"]
    assert visitor.answered() == before


def test_two_tabs_agree(visitor: Visitor, actions: Actions) -> None:
    visitor.ask("from the first")
    second = Visitor(visitor.page.context.new_page()).visit()
    second.launcher.click()
    second.wait_for_answers(1)  # it knows the conversation, and that the visitor agreed
    second.ask("from the second", 2)
    visitor.wait_for_answers(2)
    visitor.write("one more")
    second.write("and another")
    for tab in (visitor, second):
        tab.wait_for_answers(4)
    assert visitor.said() == second.said()
    assert visitor.answered() == second.answered() == expected(actions.texts)
    assert second.faults == []


def test_a_conversation_deleted_in_one_tab_is_gone_in_the_other(visitor: Visitor) -> None:
    visitor.ask("hello")
    second = Visitor(visitor.page.context.new_page()).visit()
    second.launcher.click()
    second.wait_for_answers(1)
    second.page.get_by_role("button", name="Menu").click()
    second.page.get_by_role("button", name="Delete my chat").click()
    second.page.get_by_role("alertdialog").get_by_role("button", name="Delete my chat").click()
    visitor.mine.first.wait_for(state="detached")
    assert visitor.answers.count() == 0


def test_what_was_missed_is_there_when_one_comes_back(visitor: Visitor) -> None:
    """From another device, or from a tab that the browser had put to sleep."""
    visitor.ask("hello")
    token = json.loads(visitor.page.evaluate("sessionStorage['skin-advisor:token']"))
    visitor.page.request.post(
        "/webhooks/web/messages",
        headers={"Authorization": f"Bearer {token}"},
        data={"id": "elsewhere", "text": "from elsewhere"},
    )
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    visitor.wait_for_answers(2)
    assert visitor.said() == ["hello", "from elsewhere"]


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        Tokens(b"y" * 40, 3600).issue().token,
        Tokens(SECRET.encode(), -1).issue().token,
        "nonsense",
        "",
    ],
    ids=["forged", "expired", "nonsense", "empty"],
)
def test_a_token_that_opens_nothing_gives_way_to_a_new_one(visit: Visit, token: str) -> None:
    visitor = visit("/embed")
    visitor.page.evaluate(
        "token => sessionStorage.setItem('skin-advisor:token', token)", json.dumps(token)
    )
    visitor.visit().begin()
    visitor.ask("hello")
    assert visitor.said() == ["hello"]


def test_a_conversation_that_ended_says_so_and_the_message_arrives(
    visitor: Visitor, actions: Actions
) -> None:
    visitor.ask("before")
    gone = Tokens(b"y" * 40, 3600).issue().token
    visitor.page.evaluate(
        "token => sessionStorage.setItem('skin-advisor:token', token)", json.dumps(gone)
    )
    visitor.write("after")
    visitor.log.get_by_text("Your earlier chat has ended").wait_for()
    visitor.log.get_by_text("About after.").wait_for()
    assert visitor.said() == ["after"]
    assert len({call["tracker"]["sender_id"] for call in actions.calls}) == 2


def test_a_message_that_cannot_be_taken_is_said_so(visitor: Visitor) -> None:
    visitor.ask("one")
    visitor.page.route("**/messages", lambda route: route.fulfill(status=400, json={"error": "x"}))
    visitor.write("two")
    visitor.log.get_by_text("This message could not be sent.").wait_for()
    visitor.page.unroute("**/messages")
    visitor.log.get_by_role("button", name="Try again now").click()
    visitor.wait_for_answers(2)
    assert visitor.said() == ["one", "two"]


def test_whoever_does_not_want_to_wait_for_the_next_attempt_presses(visitor: Visitor) -> None:
    busy = iter([None, "30"])  # seconds until the next attempt; after them it works

    def answer_busy(route: Route) -> None:
        wait = next(busy)
        headers = {"Retry-After": wait} if wait else {}
        route.fulfill(status=503, headers=headers, json={"error": "x"})

    visitor.page.route("**/messages", answer_busy, times=2)
    visitor.write("hello")
    visitor.page.get_by_role("button", name="Try again now").click()
    visitor.wait_for_answers(1)
    assert visitor.page.get_by_role("button", name="Try again now").count() == 0


def test_whoever_is_too_fast_is_asked_to_wait_and_loses_nothing(visitor: Visitor) -> None:
    refused = {"error": "too_fast", "hint": "slower"}
    visitor.page.route(
        "**/messages",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, json=refused),
        times=1,
    )
    visitor.write("hello")
    visitor.page.get_by_text("Please wait a moment.").wait_for()
    visitor.wait_for_answers(1)
    assert not visitor.page.get_by_text("Please wait a moment.").is_visible()


def test_a_long_text_is_not_cut(visitor: Visitor) -> None:
    visitor.write("long " * 4000)
    visitor.page.get_by_text("too much to send at once").wait_for()
    assert visitor.field.input_value() == "long " * 4000
    visitor.field.fill("x" * 2000)
    visitor.field.press("Enter")
    visitor.wait_for_answers(1)
    assert visitor.said() == ["x" * 2000]
