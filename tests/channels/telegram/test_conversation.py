"""What is said and pressed, and how an answer arrives."""

from __future__ import annotations

from bot.advice.reply import Button, Buttons, Text
from bot.channels.telegram.commands import COMMANDS
from tests.channels.small_agent import Actions, reply_to
from tests.channels.telegram.driving import ME, Driver, until, words
from tests.channels.telegram.scenes import CONVERSATION, saying, texts
from tests.channels.telegram.stand_in import Fault


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


def test_the_reply_of_the_small_agent_is_what_these_tests_expect() -> None:
    assert reply_to("hello").blocks[0] == Text("About hello.")
