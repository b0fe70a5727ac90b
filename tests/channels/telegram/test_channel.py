"""The bot against a stand-in of the Bot API, with the real client library, in both modes."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.advice.reply import Bar, Button, Buttons, Chart, Kind, Page, Reply, Text
from bot.channels.guard import Guard
from bot.channels.telegram.answering import Conversations
from bot.channels.telegram.channel import Pace
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.limits import Limit, SendLimits
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions, reply_to, said
from tests.channels.telegram.driving import FAST, ME, Driver, driving, until, words
from tests.channels.telegram.stand_in import CUT, TOKEN, USERNAME, Call, Fault, StandIn

BLIND = "i can't see since my filler"
CONVERSATION = Conversations(small_agent.SECRET.encode()).of(ME)


def saying(reply: Reply) -> Any:
    """An action that answers everything with one reply."""

    async def answer(call: dict[str, Any]) -> dict[str, Any]:
        return said(reply.to_json())

    return answer


def texts(*blocks: Any) -> Reply:
    return Reply(Kind.ANSWER, blocks)


async def test_a_text_is_answered_in_its_chat(bot: Driver, actions: Actions) -> None:
    (answer,) = await bot.say("hello")
    assert answer.chat == ME
    assert answer.words == "About hello.\n\nPlease speak with a doctor."
    assert list(answer.buttons) == ["More", "On hello"]
    assert actions.texts == ["hello"]


async def test_a_button_does_what_it_says_and_is_used_up(bot: Driver, actions: Actions) -> None:
    (first,) = await bot.say("hello")
    assert all(len(id_.encode()) <= 64 for id_ in first.buttons.values())
    press = bot.telegram.press(ME, first.message_id, first.buttons["More"])
    (second,) = await bot.do(press)
    assert actions.calls[-1]["tracker"]["latest_message"]["metadata"]["action"] == "more:botox/cost"
    (noticed,) = bot.telegram.called("answerCallbackQuery")
    assert noticed.data["callback_query_id"] == press["callback_query"]["id"]
    await until(lambda: bot.telegram.called("editMessageReplyMarkup"))
    (removed,) = bot.telegram.called("editMessageReplyMarkup")
    assert (removed.chat, int(removed.data["message_id"])) == (ME, first.message_id)
    assert noticed.at < second.at
    assert "More" in second.words.splitlines()[0]  # for nothing else shows what was pressed


async def test_buttons_go_when_something_is_typed_instead(polling: Driver) -> None:
    (first,) = await polling.say("hello")
    await polling.say("qqqq")
    await until(lambda: polling.telegram.called("editMessageReplyMarkup"))
    (removed,) = polling.telegram.called("editMessageReplyMarkup")
    assert int(removed.data["message_id"]) == first.message_id


async def test_a_button_that_is_not_ours_is_explained_and_removed(
    bot: Driver, actions: Actions
) -> None:
    (first,) = await bot.say("hello", chat=8)
    stolen = bot.telegram.press(ME, 77, first.buttons["More"])
    (answer,) = await bot.do(stolen)
    assert "no longer active" in answer.words
    await until(lambda: bot.telegram.called("editMessageReplyMarkup"))
    assert len(actions.calls) == 1


async def test_commands_are_in_the_menu_and_each_is_answered(polling: Driver) -> None:
    (menu,) = polling.telegram.called("setMyCommands")
    for name in COMMANDS:
        assert f'"{name}"' in menu.data["commands"]
    for name in sorted(COMMANDS):
        answers = await polling.say(f"/{name}")
        assert "doctor" in " ".join(words(answers)), name


async def test_a_command_takes_the_road_that_it_stands_for(
    polling: Driver, actions: Actions
) -> None:
    await polling.say("/start")
    assert actions.calls[-1]["tracker"]["latest_message"]["intent"]["name"] == "greet"
    await polling.say("/screening")
    latest = actions.calls[-1]["tracker"]["latest_message"]
    assert latest["metadata"]["action"] == "screen:start"


async def test_a_deep_link_opens_what_may_be_opened_and_nothing_else(
    bot: Driver, actions: Actions
) -> None:
    await bot.say("/start screening")
    assert actions.calls[-1]["tracker"]["latest_message"]["metadata"]["action"] == "screen:start"
    for payload in ("delete", "campaign_42", "screen:start"):
        await bot.say(f"/start {payload}")
        assert actions.calls[-1]["tracker"]["latest_message"]["intent"]["name"] == "greet"


async def test_an_unknown_command_is_text_and_obeyed_by_nobody(
    polling: Driver, actions: Actions
) -> None:
    await polling.say("/restart")
    assert actions.texts[-1].endswith("/restart")
    assert len(polling.turns.history.read(CONVERSATION).events) == 2


async def test_a_long_answer_comes_in_parts_with_the_buttons_below_the_last(
    bot: Driver, actions: Actions
) -> None:
    paragraph = ("A & B < C. " * 60).strip()
    long = texts(Text("\n\n".join([paragraph] * 12)), Buttons((Button("More", "more:botox/cost"),)))
    actions.action = saying(long)
    answers = await bot.say("hello", answers=4)
    assert all(len(answer.words.encode("utf-16-le")) / 2 < 4096 for answer in answers)
    assert [bool(answer.buttons) for answer in answers] == [False] * (len(answers) - 1) + [True]
    whole = "\n\n".join(words(answers)).replace("&amp;", "&").replace("&lt;", "<")
    assert whole == "\n\n".join([paragraph] * 12)


async def test_markup_like_text_arrives_as_it_was_written(bot: Driver, actions: Actions) -> None:
    written = "<b>pH < 5.5 & *stars* _lines_ [x] `y` </i> <script>alert(1)</script>"
    await bot.say(written)
    (answer,) = bot.telegram.sent(ME)
    assert actions.texts == [written]
    assert "&lt;b&gt;pH &lt; 5.5 &amp; *stars* _lines_ [x]" in answer.words
    assert not bot.telegram.refused


async def test_html_that_telegram_cannot_read_is_sent_plain(polling: Driver) -> None:
    fault = Fault(400, "Bad Request: can't parse entities: Unsupported start tag at byte offset 1")
    polling.telegram.faults.append(("sendMessage", ME, fault))
    (answer,) = await polling.say("hello")
    assert "parse_mode" not in answer.data
    assert answer.words.startswith("About hello.")


STICKER = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "is_animated": False,
           "is_video": False, "type": "regular"}  # fmt: skip
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
MEDIA = {
    "sticker": STICKER,
    "photo": PHOTO,
    "voice": {"file_id": "f", "file_unique_id": "u", "duration": 1},
    "document": {"file_id": "f", "file_unique_id": "u"},
    "contact": {"phone_number": "+441234567", "first_name": "V"},
    "location": {"latitude": 51.0, "longitude": 0.1},
}


async def test_what_is_not_words_gets_a_kind_sentence_and_is_not_fetched(
    bot: Driver, actions: Actions
) -> None:
    for kind, content in MEDIA.items():
        (answer,) = await bot.do(bot.telegram.message(ME, **{kind: content}))
        assert "words" in answer.words, kind
    assert not bot.telegram.called("getFile")
    assert actions.calls == []


async def test_an_album_is_answered_once(polling: Driver) -> None:
    photos = [polling.telegram.message(ME, photo=PHOTO, media_group_id="g1") for _ in range(4)]
    await polling.do(photos[0])
    await polling.quiet(*photos[1:])


async def test_the_words_below_a_photo_are_answered(polling: Driver, actions: Actions) -> None:
    (answer,) = await polling.do(polling.telegram.message(ME, photo=PHOTO, caption="qqqq"))
    assert "photos" in answer.words and "About qqqq." in answer.words
    (urgent,) = await polling.do(polling.telegram.message(ME, photo=PHOTO, caption=BLIND))
    assert "photos" not in urgent.words


async def test_an_edited_message_is_not_answered_again(bot: Driver) -> None:
    await bot.say("hello")
    edited = bot.telegram.message(ME, "hello again")
    edited["edited_message"] = edited.pop("message")
    await bot.quiet(edited)


async def test_an_edit_that_tells_of_an_emergency_is_answered_once(polling: Driver) -> None:
    await polling.say("hello")
    edit = polling.telegram.message(ME, BLIND)
    edit["edited_message"] = edit.pop("message")
    (answer,) = await polling.do(edit)
    assert "emergency number" in answer.words
    await polling.say(BLIND)
    again = polling.telegram.message(ME, f"{BLIND}!")
    again["edited_message"] = again.pop("message")
    await polling.quiet(again)


async def test_in_a_group_it_speaks_when_spoken_to_and_asks_to_talk_in_private(
    bot: Driver, actions: Actions
) -> None:
    group = -100200
    await bot.quiet(
        bot.telegram.message(group, "does botox hurt"),
        bot.telegram.message(group, "/start@another_bot"),
        bot.telegram.message(group, new_chat_title="Skin"),
        chat=group,
    )
    text = f"does botox hurt @{USERNAME}?"
    mention = {"type": "mention", "offset": 16, "length": len(USERNAME) + 1}
    (answer,) = await bot.say(text, chat=group, entities=[mention])
    assert "private" in answer.words
    assert list(answer.buttons.values()) == [f"https://t.me/{USERNAME}?start=group"]
    assert actions.texts == ["hello"]  # of another chat


async def test_an_emergency_in_a_group_is_answered_there(polling: Driver) -> None:
    text = f"@{USERNAME} {BLIND}"
    mention = {"type": "mention", "offset": 0, "length": len(USERNAME) + 1}
    (answer,) = await polling.say(text, chat=-100200, entities=[mention])
    assert "emergency number" in answer.words


@pytest.mark.parametrize(
    "fault",
    [
        Fault(403, "Forbidden: bot was blocked by the user"),
        Fault(400, "Bad Request: chat not found"),
    ],
    ids=["blocked", "chat not found"],
)
async def test_a_chat_that_is_gone_ends_quietly(
    bot: Driver, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.faults.append(("sendMessage", ME, fault))
    await bot.bring(bot.telegram.message(ME, "hello"))
    await until(lambda: bot.telegram.refused)
    await bot.say("qqqq", chat=8)
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert not [record for record in ours if record.levelno >= logging.ERROR]
    (answer,) = await bot.say("hello")  # unblocked
    assert answer.words.startswith("About hello.")


async def test_a_pause_that_telegram_asks_for_is_kept(bot: Driver) -> None:
    asked = Fault(429, "Too Many Requests: retry after 2", retry_after=2)
    bot.telegram.faults.append(("sendMessage", ME, asked))
    (answer,) = await bot.say("hello")
    (refused,) = bot.telegram.refused
    assert 2.0 <= answer.at - refused.at < 3.5


@pytest.mark.parametrize("fault", [Fault(502, "Bad Gateway"), CUT], ids=["502", "cut"])
async def test_a_failure_on_the_way_is_tried_again(bot: Driver, fault: Fault) -> None:
    bot.telegram.faults += [("sendMessage", ME, fault)] * 2
    answers = await bot.say("hello")
    assert len(answers) == 1
    assert len(bot.telegram.refused) == 2


async def test_a_malformed_update_is_left_out_and_the_next_is_answered(bot: Driver) -> None:
    broken = [
        bot.telegram.update(message={"message_id": 5, "date": "yesterday"}),
        bot.telegram.update(message=["not", "an", "object"]),
        bot.telegram.update(callback_query={"id": "1"}),
        bot.telegram.update(something_new={"a": 1}),
        bot.telegram.update(),
    ]
    await bot.bring(*broken)
    await bot.say("hello")
    assert len(bot.telegram.sent()) == 1


async def test_an_update_that_comes_twice_is_answered_once(bot: Driver, actions: Actions) -> None:
    update = bot.telegram.message(ME, "hello")
    await bot.bring(update, update)
    await until(lambda: bot.telegram.sent(ME))
    await bot.quiet(update)
    assert actions.texts.count("hello") == 2  # the second is of `quiet`'s own chat


async def test_updates_out_of_order_are_answered_in_order(bot: Driver) -> None:
    await bot.say("hello")
    updates = [bot.telegram.message(ME, f"text {number}") for number in range(6)]
    if bot.base:
        swapped = [updates[n] for n in (1, 0, 2, 5, 4, 3)]
        await asyncio.gather(*(bot.bring(update) for update in swapped))
    else:
        await bot.bring(*reversed(updates))
    await until(lambda: len(bot.telegram.sent(ME)) == 7)
    answered = [answer.split(".")[0] for answer in words(bot.telegram.sent(ME))[1:]]
    assert answered == [f"About text {number}" for number in range(6)]


async def test_a_slow_chat_keeps_no_other_waiting(polling: Driver, actions: Actions) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        if call["tracker"]["latest_message"]["text"] == "qqqq":
            await until(lambda: polling.telegram.sent(8))
        return await small_agent.answer(call)

    actions.action = slow
    await polling.bring(polling.telegram.message(ME, "qqqq"))
    await polling.say("hello", chat=8)
    await until(lambda: polling.telegram.sent(ME))
    assert [call.chat for call in polling.telegram.sent()] == [8, ME]


async def test_typing_is_shown_when_it_takes_longer_and_only_then(
    polling: Driver, actions: Actions
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.6)
        return await small_agent.answer(call)

    await polling.say("hello")
    assert not polling.telegram.called("sendChatAction")
    actions.action = slow
    (answer,) = await polling.say("hello")
    (typing,) = polling.telegram.called("sendChatAction")
    assert typing.at < answer.at


async def test_erasing_leaves_nothing_of_the_chat(bot: Driver, actions: Actions) -> None:
    (first,) = await bot.say("hello")
    assert bot.turns.history.read(CONVERSATION).events
    actions.action = saying(Reply(Kind.SERVICE, (Text("Done."),), forget=True))
    (answer,) = await bot.say("/delete")
    assert answer.words.startswith("Done.") and "Telegram's own copy" in answer.words
    await until(lambda: bot.telegram.called("editMessageReplyMarkup"))
    await asyncio.sleep(0.2)
    with bot.turns.history.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one() == 0
        assert not connection.exec_driver_sql("SELECT * FROM telegram_keyboards").all()
        rows = connection.exec_driver_sql("SELECT * FROM telegram_updates").mappings().all()
    assert rows and all(not (row["conversation"] or row["body"]) for row in rows)
    actions.action = small_agent.answer
    stale = bot.telegram.press(ME, first.message_id, first.buttons["More"])
    (explained,) = await bot.do(stale)
    assert "no longer active" in explained.words


async def test_the_chats_number_is_nowhere_in_the_database(polling: Driver) -> None:
    chat = 4_815_162_342
    await polling.say("hello", chat=chat)
    await asyncio.sleep(0.2)
    with polling.turns.history.engine.connect() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert rows
            assert str(chat) not in str(rows)


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


async def test_the_token_is_in_no_log(polling: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    polling.telegram.faults += [("sendMessage", ME, CUT), ("sendMessage", ME, Fault(502, "Bad"))]
    await polling.say("hello")
    assert caplog.text
    assert TOKEN not in caplog.text
    assert "hello" not in caplog.text


async def test_a_message_is_recorded_before_telegram_forgets_it(bot: Driver) -> None:
    """200 and the next question for updates both say: you need not send it again."""
    await bot.say("hello")
    with bot.turns.history.engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT update_id FROM telegram_updates").scalars().all()
    assert known
    assert set(bot.telegram.updates) <= set(known)


def urgent(calls: list[Call]) -> list[Call]:
    return [call for call in calls if "emergency number" in call.words]


async def test_an_emergency_is_answered_when_the_database_is_gone(
    bot: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """And it is not answered again when the database is back and Telegram brings it again."""
    await bot.say("hello")
    lose(bot)
    update = bot.telegram.message(ME, BLIND)
    start = time.monotonic()
    (answer,) = await bot.do(update)
    assert urgent([answer])
    assert time.monotonic() - start < 3.0
    if bot.base:
        assert bot.statuses[-1] == 503
    (apology,) = await bot.say("hello", chat=8)
    assert "went wrong" in apology.words
    restore(bot)
    await bot.quiet(update)


def lose(bot: Driver) -> None:
    """Take every table away, as a database that was dropped has none."""
    with bot.turns.history.engine.begin() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone_{table}")


def restore(bot: Driver) -> None:
    with bot.turns.history.engine.begin() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            connection.exec_driver_sql(f"ALTER TABLE gone_{table} RENAME TO {table}")


async def test_an_emergency_goes_past_what_waits_in_its_own_chat(
    polling: Driver, actions: Actions
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.2)
        return await small_agent.answer(call)

    actions.action = slow
    waiting = [polling.telegram.message(ME, f"text {number}") for number in range(3)]
    await polling.bring(*waiting, polling.telegram.message(ME, BLIND))
    await until(lambda: len(polling.telegram.sent(ME)) == 4)
    first, *others = words(polling.telegram.sent(ME))
    assert "emergency number" in first
    assert not any("emergency number" in other for other in others)
    await until(lambda: len(polling.turns.history.read(CONVERSATION).events) == 8)


async def test_an_emergency_is_answered_while_the_limiter_is_full(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> None:
    """Of everybody, and of its own chat."""
    full = replace(FAST, send=SendLimits(Limit(1, 20.0), Limit(1, 20.0), Limit(1, 20.0)))
    async with driving(telegram, turns, engine, guard, "polling", full) as bot:
        await bot.say("hello")
        await bot.bring(*(telegram.message(chat, "hello") for chat in (ME, 8, 9, 10)))
        start = time.monotonic()
        for chat in (ME, 11):
            (answer,) = await bot.say(BLIND, chat=chat)
            assert urgent([answer]) or "About" in answer.words  # of the small agent's own words
        assert time.monotonic() - start < 5.0
        assert urgent(telegram.sent(ME))
        assert not [call for call in telegram.sent() if call.chat in (8, 9, 10)]


async def test_a_person_is_sent_one_message_a_second(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> None:
    async with driving(telegram, turns, engine, guard, "polling", Pace(lease_s=3.0)) as bot:
        await bot.bring(*(telegram.message(ME, f"text {number}") for number in range(2)))
        await until(lambda: len(telegram.sent(ME)) == 2)
    first, second = (call.at for call in telegram.sent(ME))
    assert second - first >= 0.99


def test_the_reply_of_the_small_agent_is_what_these_tests_expect() -> None:
    assert reply_to("hello").blocks[0] == Text("About hello.")


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
