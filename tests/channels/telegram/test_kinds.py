"""Messages that are more, or less, than words in a private chat."""

from __future__ import annotations

from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, Driver
from tests.channels.telegram.scenes import BLIND
from tests.channels.telegram.stand_in import USERNAME

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
