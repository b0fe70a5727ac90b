"""How long a visitor waits for the screen, in a conversation of 500 messages."""

from __future__ import annotations

import json
import time

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.channels.token import Tokens
from tests.channels.small_agent import SECRET
from tests.channels.widget.browsing import BROWSER, Visitor
from tests.channels.widget.conftest import Visit
from tests.channels.widget.replies import ANSWER

pytestmark = BROWSER

MESSAGES = 500
BUDGET_MS = 100
"""Interaction to next paint; 200 ms is what browsers call good."""

OBSERVE = """() => {
  window.slow = [];
  new PerformanceObserver((list) => {
    slow.push(...list.getEntries().filter((e) => e.interactionId).map((e) => e.duration));
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


@pytest.fixture
def long_talk(visit: Visit, engine: Engine) -> Visitor:
    """A visitor who comes back to a long conversation."""
    session = Tokens(SECRET.encode(), 3600).issue()
    bot = json.dumps({"event": "bot", "data": {"custom": ANSWER.to_json()}})
    rows = [
        {
            "s": session.conversation,
            "n": "bot" if number % 2 else "user",
            "t": time.time() - MESSAGES + number,
            "d": bot
            if number % 2
            else json.dumps({"text": f"q {number}", "message_id": f"m{number}"}),
        }
        for number in range(MESSAGES)
    ]
    query = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:s, :n, :t, :d)"
    with engine.begin() as connection:
        connection.execute(text(query), rows)
    visitor = visit("/embed")
    kept = {"token": session.token, "consent": "2026-11-21", "open": True}
    for name, value in kept.items():
        visitor.page.evaluate(
            "([name, value]) => sessionStorage.setItem(`skin-advisor:${name}`, value)",
            [name, json.dumps(value)],
        )
    visitor.visit()
    visitor.wait_for_answers(MESSAGES // 2)
    return visitor


def interactions(visitor: Visitor, answers: int) -> float:
    """Milliseconds until the next paint after a key or a click, which 19 of 20 keep below.

    The twentieth may have met something else that this machine was doing.
    """
    page = visitor.page
    page.evaluate(OBSERVE)
    visitor.field.click()
    for number in range(3):
        page.keyboard.type("How long")
        page.keyboard.press("Enter")
        visitor.wait_for_answers(answers + number + 1)
    page.get_by_role("button", name="Menu").click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    durations = sorted(page.evaluate("slow"))
    assert len(durations) > 20
    return float(durations[int(len(durations) * 0.95) - 1])


def test_nothing_a_visitor_does_takes_long_to_be_seen(visit: Visit, long_talk: Visitor) -> None:
    """Where an empty conversation takes long the machine is busy: then twice as long is allowed.
    One good round of five will do, for whatever else the machine does only makes it slower.
    """

    def is_quick(number: int) -> bool:
        empty = interactions(visit().begin(), 0)
        long = interactions(long_talk, MESSAGES // 2 + 3 * number)
        return long <= max(BUDGET_MS, 2 * empty)

    assert any(map(is_quick, range(5)))


def test_one_comes_back_to_the_end_and_ones_own_words_are_there_at_once(long_talk: Visitor) -> None:
    """Before the server has answered, or even been asked."""
    long_talk.page.wait_for_timeout(200)
    below = long_talk.log.evaluate("n => n.scrollHeight - n.scrollTop - n.clientHeight")
    assert below <= 2
    long_talk.field.fill("at once")
    shown = long_talk.page.evaluate(
        """() => {
          const root = document.querySelector("skin-advisor").shadowRoot;
          const began = performance.now();
          root.querySelector("form").requestSubmit();
          const last = [...root.querySelectorAll(".visitor")].at(-1).textContent;
          return [last, performance.now() - began];
        }"""
    )
    assert shown[0].endswith("at once")
    assert shown[1] <= 50
