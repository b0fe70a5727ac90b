"""The commands of the menu: which there are, and what each of them does.

Most are a short cut to what can be said in words too, and take the same road. The others say one
sentence of ``responses.yml``, because they are about Telegram itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.guard import Guard
from bot.channels.turn import Turn, Turns

CHANNEL = "telegram"


@dataclass(frozen=True)
class Intent:
    """A command that stands for something a visitor may be doing."""

    name: str


@dataclass(frozen=True)
class Press:
    """A command that does what a button does."""

    action: str


@dataclass(frozen=True)
class Say:
    """A command that is answered with one sentence."""

    sentence: str


Does = Intent | Press | Say

COMMANDS: dict[str, Does] = {
    "start": Intent("greet"),
    "help": Say("telegram_help"),
    "topics": Intent("ask_capabilities"),
    "screening": Press("screen:start"),
    "summary": Press("summary:start"),
    "clinic": Say("telegram_clinic"),
    "privacy": Say("telegram_privacy"),
    "delete": Intent("delete_my_data"),
    "stop": Say("telegram_stop"),
}
"""In the order of the menu; ``utter_telegram_menu_NAME`` is what it says beside each."""

DEEP_LINKS = frozenset(COMMANDS) - {"start", "delete", "stop"}
"""What may follow ``t.me/BOT?start=``: a link may open something, and never erase. Anything else
only starts the conversation, for a stranger can write links too."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command as it was sent."""

    name: str
    rest: str


def parse(text: str) -> Command | None:
    """The command of the menu that a text is; None for any other text, "/" or not."""
    found = _COMMAND.fullmatch(text.strip())
    if not found or found[1].lower() not in COMMANDS:
        return None
    return Command(found[1].lower(), (found[2] or "").strip())


def meant(command: Command) -> str:
    """The command to carry out: that of a deep link, where it is one that may be."""
    if command.name == "start" and command.rest.lower() in DEEP_LINKS:
        return command.rest.lower()
    return command.name


def menu(guard: Guard) -> list[tuple[str, str]]:
    """Name and description of every command."""
    return [(name, guard.wording.say(f"telegram_menu_{name}")) for name in COMMANDS]


async def carry_out(
    name: str, turns: Turns, guard: Callable[[], Guard], conversation: str, message_id: str
) -> Turn:
    """Do what a command says. It never raises."""
    match COMMANDS[name]:
        case Intent(intent):
            return await turns.intend(conversation, intent, f"/{name}", message_id, CHANNEL)
        case Press(action):
            label = guard().wording.say(f"telegram_menu_{name}")
            return await turns.press(conversation, action, label, message_id, CHANNEL)
        case Say(sentence):
            clinic = guard().clinic
            return turns.say(
                conversation,
                sentence,
                person=clinic.person,
                booking=clinic.booking,
                address=clinic.address,
                hours="\n".join(f"- {line}" for line in clinic.hours),
                privacy=clinic.privacy,
            )
