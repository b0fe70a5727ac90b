"""The bot against a stand-in of the Bot API, with the real client library, in both modes."""

from __future__ import annotations

from bot.channels.turn import Turns
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, Driver, words


async def test_a_text_is_answered_in_its_chat(bot: Driver, actions: Actions) -> None:
    (answer,) = await bot.say("hello")
    assert answer.chat == ME
    assert answer.words == "About hello.\n\nPlease speak with a doctor."
    assert list(answer.buttons) == ["More", "On hello"]
    assert actions.texts == ["hello"]
