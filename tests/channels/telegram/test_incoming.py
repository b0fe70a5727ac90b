from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.incoming import (
    Incoming,
    Me,
    UnreadableUpdateError,
    What,
    read,
    update_id_of,
)
from tests.channels.telegram.stand_in import BOT, USERNAME, StandIn

ME = Me(BOT["id"], USERNAME)  # type: ignore[arg-type]
T = StandIn()


def read_message(chat: int = 7, text: str | None = None, **content: Any) -> Incoming:
    return read(T.message(chat, text, **content), ME)


def test_nothing_personal_is_kept_but_the_words() -> None:
    update = T.message(7, "hello")
    update["message"]["from"].update(last_name="Doe", username="jane", language_code="en")
    kept = read(update, ME).to_json()
    assert "hello" in kept
    assert not any(word in kept for word in ("Doe", "jane", "Visitor"))
    number = T.message(7, contact={"phone_number": "+441234567", "first_name": "V"})
    assert "441234567" not in read(number, ME).to_json()


def test_it_comes_back_as_it_was() -> None:
    incoming = read_message(7, 'say "hello" & ü😀')
    assert Incoming.from_json(incoming.to_json()) == incoming


@pytest.mark.parametrize("data", [None, [], "x", {}, {"update_id": "1"}, {"update_id": True}])
def test_an_update_without_a_number_is_none(data: Any) -> None:
    with pytest.raises(UnreadableUpdateError):
        update_id_of(data)


def test_an_error_tells_no_words() -> None:
    update = T.update(message={"text": "secretword", "message_id": 1, "date": "x", "chat": 5})
    with pytest.raises(UnreadableUpdateError) as error:
        read(update, ME)
    assert "secretword" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        {"new_chat_title": "x"},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}},
        {},
    ],
)
def test_what_nobody_said_to_us_is_nothing(content: dict[str, Any]) -> None:
    assert read_message(7, **content).what is What.NOTHING


def test_another_bot_is_not_talked_to() -> None:
    update = T.message(7, "hello")
    update["message"]["from"]["is_bot"] = True
    assert read(update, ME).what is What.NOTHING


def entity(kind: str, length: int, **more: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "offset": 0, "length": length, **more}]


NAME = len(USERNAME)
ADDRESSED = {
    "mention": {"text": f"@{USERNAME} hi", "entities": entity("mention", NAME + 1)},
    "in capitals": {"text": f"@{USERNAME.upper()} hi", "entities": entity("mention", NAME + 1)},
    "command": {"text": f"/help@{USERNAME}", "entities": entity("bot_command", NAME + 6)},
    "by name": {"text": "Skin hi", "entities": entity("text_mention", 4, user=BOT)},
    "reply": {
        "text": "hi",
        "reply_to_message": {
            "message_id": 1, "date": 0, "chat": {"id": -5, "type": "supergroup"}, "from": BOT,
        },
    },
    "caption": {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
                "caption": f"@{USERNAME}", "caption_entities": entity("mention", NAME + 1)},
}  # fmt: skip
NOT_ADDRESSED = {
    "text": {"text": "hi"},
    "another": {"text": "@somebody hi", "entities": entity("mention", 9)},
    "command": {"text": "/help", "entities": entity("bot_command", 5)},
    "another's command": {"text": "/help@somebody_bot", "entities": entity("bot_command", 18)},
    "no entity": {"text": f"x@{USERNAME}.example"},
}


@pytest.mark.parametrize("content", ADDRESSED.values(), ids=ADDRESSED.keys())
def test_in_a_group_it_knows_when_it_is_spoken_to(content: dict[str, Any]) -> None:
    incoming = read(T.message(-5, **content), ME)
    assert (incoming.what, incoming.private) == (What.GROUP, False)


@pytest.mark.parametrize("content", NOT_ADDRESSED.values(), ids=NOT_ADDRESSED.keys())
def test_in_a_group_the_rest_is_not_its_business(content: dict[str, Any]) -> None:
    assert read(T.message(-5, **content), ME).what is What.NOTHING
    assert read(T.message(-5, **content), Me(1)).what is What.NOTHING
