"""Charts, which go as photos, and pages, which go as files."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from bot.advice.reply import Bar, Chart, Page, Text
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, Driver, driving
from tests.channels.telegram.scenes import saying, texts
from tests.channels.telegram.stand_in import Fault, StandIn


async def test_a_chart_is_a_photo_with_the_same_in_words(polling: Driver, actions: Actions) -> None:
    chart = Chart("What you told me", (Bar("Sun", "a lot", 1.0), Bar("Sleep & rest", "some", 0.5)))
    actions.action = saying(texts(Text("Here it is."), chart, Text("See a doctor.")))
    photo, after = await polling.say("hello", answers=2)
    assert (photo.method, after.method) == ("sendPhoto", "sendMessage")
    in_words = "<b>What you told me</b>\n• Sun: a lot\n• Sleep &amp; rest: some"
    assert photo.words == f"Here it is.\n\n{in_words}"
    assert photo.files["photo"].startswith(b"\x89PNG")


async def test_a_chart_that_telegram_refuses_comes_in_words(
    polling: Driver, actions: Actions
) -> None:
    actions.action = saying(texts(Chart("Habits", (Bar("Sun", "a lot", 1.0),))))
    polling.telegram.faults.append(
        ("sendPhoto", ME, Fault(400, "Bad Request: IMAGE_PROCESS_FAILED"))
    )
    (answer,) = await polling.say("hello")
    assert "Sun: a lot" in answer.words


async def test_a_page_is_sent_as_a_file(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard, actions: Actions
) -> None:
    actions.action = saying(texts(Text("Here."), Page("Your page", "/summary/t")))
    pages = {"/summary/t": b"<!doctype html><title>Yours</title>"}
    async with driving(telegram, turns, engine, guard, "polling", pages=pages.get) as bot:
        _, document = await bot.say("hello", answers=2)
    assert document.method == "sendDocument" and "Your page" in document.words
    assert document.files["document"] == pages["/summary/t"]


async def test_a_failure_behind_a_page_is_no_silence(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard, actions: Actions
) -> None:
    def fail(path: str) -> bytes:
        raise RuntimeError("broken")

    actions.action = saying(texts(Page("Your page", "/summary/t")))
    async with driving(telegram, turns, engine, guard, "polling", pages=fail) as bot:
        (apology,) = await bot.say("hello")
    assert "went wrong" in apology.words and "doctor" in apology.words
