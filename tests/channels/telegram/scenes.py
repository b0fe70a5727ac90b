"""What a test of the channel lets happen: a reply, an emergency, a database that is lost."""

from __future__ import annotations

from typing import Any

from bot.advice.reply import Kind, Reply
from bot.channels.telegram.answering import Conversations
from tests.channels import small_agent
from tests.channels.small_agent import said
from tests.channels.telegram.driving import ME, Driver

BLIND = "i can't see since my filler"
CONVERSATION = Conversations(small_agent.SECRET.encode()).of(ME)


def saying(reply: Reply) -> Any:
    """An action that answers everything with one reply."""

    async def answer(call: dict[str, Any]) -> dict[str, Any]:
        return said(reply.to_json())

    return answer


def texts(*blocks: Any) -> Reply:
    """An answer of these blocks."""
    return Reply(Kind.ANSWER, blocks)


def lose(bot: Driver) -> None:
    """Take every table away, as a database that was dropped has none."""
    with bot.turns.history.engine.begin() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone_{table}")


def restore(bot: Driver) -> None:
    """Give every table back."""
    with bot.turns.history.engine.begin() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            connection.exec_driver_sql(f"ALTER TABLE gone_{table} RENAME TO {table}")
