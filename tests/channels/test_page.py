"""The plain page in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bot.advice.reply import (
    Bar,
    Chart,
    Kind,
    Notice,
    Page,
    Reply,
    SourceItem,
    Sources,
    Text,
)
from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.serving import app, served
from tests.channels.small_agent import Actions, said

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the path"),
]


@pytest.fixture
def page(agent: Agent, engine: Engine, guard: Guard) -> Iterator:
    from playwright.sync_api import sync_playwright

    settings = small_agent.settings(engine)
    made = app()
    site.mount(made, settings, guard)
    made.ctx.turns = Turns(agent, settings, guard)
    with served(made) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(base_url=base)
        opened.set_default_timeout(5000)
        complaints: list[str] = []
        opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto("/")
        yield opened
        browser.close()
        # What the browser says of a request that a test lets fail is no fault of the page.
        assert [c for c in complaints if not c.startswith("Failed to load resource")] == []


def write(page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def test_one_can_chat_with_the_keyboard_alone(page) -> None:
    page.keyboard.press("Tab")  # delete
    page.keyboard.press("Tab")  # log
    page.keyboard.press("Tab")  # field
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    page.get_by_text("About hello.").wait_for()
    page.get_by_role("button", name="More", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("About More.").wait_for()
    assert page.get_by_role("log").locator(".visitor").count() == 2


def test_a_reload_shows_the_conversation_again(page) -> None:
    write(page, "hello <b>you</b>")
    page.get_by_text("About hello <b>you</b>.").wait_for()
    page.reload()
    page.get_by_text("About hello <b>you</b>.").wait_for()
    assert page.locator(".visitor").count() == 1
    assert page.locator(".turn b").count() == 0


def test_every_block_is_shown_and_no_markup_is_believed(page, actions: Actions) -> None:
    reply = Reply(
        Kind.ANSWER,
        (
            Notice("I'm a program."),
            Text("<img src=x onerror=alert(1)>\n\n- one\n- **two**\n\n[bad](javascript:x)"),
            Sources(
                "Sources, last checked on 1 May 2026:",
                (
                    SourceItem("Good", "A", "trial", "https://a.example/x", "2020"),
                    SourceItem("Bad", "B", "trial", "javascript:alert(1)"),
                    SourceItem("Paper", "C", "trial"),
                ),
            ),
            Text("Speak with a doctor."),
        ),
    )

    async def action(call: dict) -> dict:
        return said(reply.to_json())

    actions.action = action
    write(page, "hello")
    answer = page.locator(".advisor").last
    answer.get_by_text("Speak with a doctor.").wait_for()
    assert answer.locator("img").count() == 0
    assert answer.locator("li strong").inner_text() == "two"
    assert not answer.get_by_text("Good").is_visible()
    answer.locator("summary").press("Enter")
    assert answer.get_by_text("Good").is_visible()
    assert answer.locator("a").count() == 1
    assert answer.locator("a").get_attribute("rel") == "noopener noreferrer"


def test_a_chart_is_words_with_bars_beside_them_and_a_page_is_a_link(
    page, actions: Actions
) -> None:
    bars = (Bar("Sleep", "low", 0.1), Bar("Smoking", "high", 1.0))
    blocks = (
        Chart("Room for change", bars),
        Page("Open your page", "/summary/1800000000"),
        Text("Speak with a doctor."),
    )

    async def action(call: dict) -> dict:
        return said(Reply(Kind.SCREENING, blocks).to_json())

    actions.action = action
    write(page, "hello")
    answer = page.locator(".advisor").last
    answer.get_by_text("Smoking: high").wait_for()
    widths = [bar.bounding_box()["width"] for bar in answer.locator(".bar").all()]
    assert widths[0] < widths[1] / 5
    assert "0.1" not in answer.inner_text()
    link = answer.get_by_role("link", name="Open your page")
    assert re.fullmatch(r"/summary/[\w-]+\.1800000000\.[\w-]{43}", link.get_attribute("href"))


def test_a_deleted_conversation_is_gone_from_screen_and_server(page, turns: Turns) -> None:
    write(page, "hello")
    page.get_by_text("About hello.").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_text("This conversation is deleted.").wait_for()
    assert page.locator(".turn").count() == 0
    page.reload()
    page.get_by_text("Ask me about").wait_for()
    assert page.locator(".visitor").count() == 0


def test_without_a_connection_it_says_so_and_can_send_again(page, actions: Actions) -> None:
    write(page, "hello")
    page.get_by_text("About hello.").wait_for()
    page.route("**/messages", lambda route: route.fulfill(status=400, json={"error": "x"}))
    write(page, "hello again")
    page.get_by_text("could not be sent").wait_for()
    page.unroute("**/messages")
    page.get_by_role("button", name="Send it again").click()
    page.get_by_text("About hello again.").wait_for()
    assert len(actions.calls) == 2


def test_it_fits_a_phone(page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    write(page, "hello " + "x" * 300)
    page.get_by_text("About hello").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
