from __future__ import annotations

import pytest
from telegram.constants import BotCommandLimit

from bot.channels.guard import Guard
from bot.channels.telegram.commands import COMMANDS, DEEP_LINKS, Command, Say, meant, menu, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", Command("start", "")),
        ("/START", Command("start", "")),
        (" /help ", Command("help", "")),
        ("/help@skin_test_bot", Command("help", "")),
        ("/start screening", Command("start", "screening")),
        ("/delete everything\nplease", Command("delete", "everything\nplease")),
    ],
)
def test_a_command_of_the_menu_is_known(text: str, expected: Command) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["start", "/", "//start", "/restart", "/start{}", "say /start", ""]
)
def test_anything_else_is_text(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("payload", sorted(DEEP_LINKS))
def test_a_deep_link_opens_what_is_on_the_list(payload: str) -> None:
    assert meant(Command("start", payload)) == payload


@pytest.mark.parametrize("payload", ["delete", "stop", "start", "", "x" * 64, "screen:start"])
def test_a_deep_link_to_anything_else_only_starts(payload: str) -> None:
    assert meant(Command("start", payload)) == "start"


def test_what_follows_another_command_changes_nothing() -> None:
    assert meant(Command("help", "delete")) == "help"


def test_the_menu_is_one_that_telegram_takes(guard: Guard) -> None:
    for name, description in menu(guard):
        assert len(name) <= BotCommandLimit.MAX_COMMAND
        assert name == name.lower()
        low, high = BotCommandLimit.MIN_DESCRIPTION, BotCommandLimit.MAX_DESCRIPTION
        assert low <= len(description) <= high


def test_every_sentence_of_a_command_is_there(guard: Guard) -> None:
    said = [does.sentence for does in COMMANDS.values() if isinstance(does, Say)]
    assert said
    assert all(guard.wording.has(sentence) for sentence in said)
