"""The page to take to a doctor: behind a link that ends, with nothing in it that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Page, Reply, Text
from bot.advice.summary import Summary
from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.summary import page_html, pages
from bot.channels.token import PAGE_LIFETIME_S, Tokens
from bot.channels.turn import Turns
from bot.knowledge.entry import Knowledge
from tests.advice.habits import screening
from tests.advice.scenes import CLINIC, entry
from tests.channels import small_agent
from tests.channels.serving import Visitor, app, served
from tests.channels.small_agent import Actions, said

TITLE = "Does <b>it</b> hurt & how much"
KNOWLEDGE = Knowledge({"botox/x": entry("botox/x", title=TITLE)}, CLINIC, {}, screening())
SUMMARY = Summary((), 1_800_000_000, {"smoking": "ten-plus"}, ("botox/x", "gone/y"), True)
REPLY = Reply(Kind.SCREENING, (Text("See a doctor."), Page("Open", "/summary/1800000000")))


@pytest.fixture
def running(
    agent: Agent, engine: Engine, guard: Guard, actions: Actions
) -> Iterator[tuple[str, Turns]]:
    async def action(call: dict) -> dict:
        kept = {"event": "slot", "name": "summary", "value": SUMMARY.to_json()}
        return said(REPLY.to_json(), [kept])

    actions.action = action
    settings = small_agent.settings(engine)
    made = app()
    site.mount(made, settings, guard)
    made.blueprint(pages(settings, lambda: KNOWLEDGE))
    made.ctx.turns = Turns(agent, settings, guard)
    with served(made) as base:
        yield base, made.ctx.turns


@pytest.fixture
def link(running: tuple[str, Turns]) -> str:
    """The address that a visitor's browser is given, on the day the page was made."""
    base, _ = running
    (event,) = Visitor(base).say("hello", "m1")["events"]
    (path,) = (block["path"] for block in event["blocks"] if block["type"] == "page")
    return f"{base}{path}"


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What every `Tokens` made in a test takes for now: the day on which the page was made."""
    now = [1_800_000_100.0]
    make = Tokens.__init__

    def init(self: Tokens, secret: bytes, lifetime_s: float) -> None:
        make(self, secret, lifetime_s, lambda: now[0])

    monkeypatch.setattr(Tokens, "__init__", init)
    return now


def test_the_link_shows_what_was_chosen_and_nothing_can_run(link: str) -> None:
    response = get(link)
    assert response.status_code == 200
    page = response.text
    assert "Do you smoke cigarettes?" in page
    assert "Now, 10 or more a day" in page
    assert "Does &lt;b&gt;it&lt;/b&gt; hurt &amp; how much" in page
    assert "gone/y" not in page
    assert screening().doctor_questions[0] in page
    assert "doctor" in page
    assert not re.search(r"<script|<link|<img|\son\w+=|https?:", page)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_it_holds_no_result_and_no_verdict(link: str) -> None:
    page = get(link).text
    for word in ("points", "several habits", "risk", "%", "high"):
        assert word not in page.partition("<body>")[2]


def test_the_link_ends_after_a_day(link: str, clock: list[float]) -> None:
    clock[0] = 1_800_000_000.0 + PAGE_LIFETIME_S - 1
    assert get(link).status_code == 200
    clock[0] = 1_800_000_000.0 + PAGE_LIFETIME_S
    ended = get(link)
    assert ended.status_code == 410
    assert "doctor" in ended.text


@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + "x", lambda t: t + "x", lambda t: "x" + t])
def test_a_forged_link_shows_nothing(link: str, spoil) -> None:
    base, _, token = link.rpartition("/")
    assert get(f"{base}/{spoil(token)}").status_code == 410


def test_a_conversation_token_is_no_link_and_a_link_opens_no_conversation(
    link: str, running: tuple[str, Turns]
) -> None:
    base, _ = running
    visitor = Visitor(base)
    assert get(f"{base}/summary/{visitor.token}").status_code == 410
    token = link.rpartition("/")[2]
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{base}/webhooks/web/events", headers=headers).status_code == 401


def test_the_page_is_gone_with_the_conversation(running: tuple[str, Turns]) -> None:
    base, _ = running
    visitor = Visitor(base)
    (event,) = visitor.say("hello", "m1")["events"]
    path = event["blocks"][1]["path"]
    assert get(f"{base}{path}").status_code == 200
    visitor.client.delete("/webhooks/web/conversation", headers=visitor.headers)
    assert get(f"{base}{path}").status_code == 410


async def test_a_channel_gets_the_page_as_html_for_its_own_conversation_alone(
    turns: Turns, actions: Actions, guard: Guard
) -> None:
    async def action(call: dict) -> dict:
        kept = {"event": "slot", "name": "summary", "value": SUMMARY.to_json()}
        return said(REPLY.to_json(), [kept])

    actions.action = action
    await turns.text("telegram-7", "hello", "m1", "telegram")
    path = "/summary/1800000000"
    page = page_html(turns.history, "telegram-7", path, KNOWLEDGE, guard.wording)
    assert page is not None
    assert "Now, 10 or more a day" in page
    assert page_html(turns.history, "telegram-8", path, KNOWLEDGE, guard.wording) is None
    assert page_html(turns.history, "telegram-7", "/summary/1", KNOWLEDGE, guard.wording) is None
