"""``advisor chat``: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import uuid

from rich.console import Console
from rich.prompt import Prompt

from bot.cli.ask import show
from bot.cli.loading import load_advisor
from bot.settings import Settings


def chat() -> None:
    """Chat as a visitor would; a number presses a button, an empty line ends."""
    advisor = load_advisor(Settings.from_env())
    asyncio.run(_converse(advisor))


async def _converse(advisor: object) -> None:
    from bot.advice.reply import Button, buttons
    from bot.advisor import Advisor

    assert isinstance(advisor, Advisor)
    console = Console()
    conversation = f"terminal-{uuid.uuid4().hex}"
    offered: tuple[Button, ...] = ()
    while True:
        try:
            text = Prompt.ask("[bold]you[/bold]", console=console)
        except (EOFError, KeyboardInterrupt):
            break
        if not text:
            break
        message_id = uuid.uuid4().hex
        if text.isdecimal() and 0 < int(text) <= len(offered):
            button = offered[int(text) - 1]
            turn = await advisor.turns.press(
                conversation, button.action, button.label, message_id, "terminal"
            )
        else:
            turn = await advisor.turns.text(conversation, text, message_id, "terminal")
        show(turn.reply)
        offered = buttons(turn.reply)
