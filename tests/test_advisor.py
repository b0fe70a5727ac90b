"""What `advisor ask`, `chat` and `eval` stand on: one question, one fresh conversation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.advice.reply import Kind, plain_text
from bot.advice.understanding import Understanding
from bot.advisor import Advisor
from bot.agent import NoModelError
from bot.settings import Settings

QUESTION = "how long does botox last"


async def test_the_reply_comes_with_what_was_understood(advisor: Advisor) -> None:
    reply, understanding = await advisor.ask(QUESTION)
    assert reply.kind is Kind.ANSWER
    assert understanding.intent == "ask_question"
    assert understanding.candidates[0].entry_id == reply.entries[0]
    assert understanding.sentences == (QUESTION,)


async def test_the_context_is_answered_first(advisor: Advisor) -> None:
    reply, understanding = await advisor.ask("does it hurt?", ["what are lip fillers"])
    assert understanding.topic is not None and understanding.topic.startswith("fillers/")
    assert "automated" not in plain_text(reply)


async def test_no_question_hears_of_another(advisor: Advisor) -> None:
    first, _ = await advisor.ask("does it hurt?")
    await advisor.ask("what are lip fillers")
    again, _ = await advisor.ask("does it hurt?")
    assert first == again


@pytest.mark.parametrize("text", ["", "😭", "x" * 100_000, "\ud800"])
async def test_what_is_not_parsed_has_no_understanding(advisor: Advisor, text: str) -> None:
    reply, understanding = await advisor.ask(text)
    assert understanding == Understanding()
    assert "doctor" in plain_text(reply) or "dermatologist" in plain_text(reply)


async def test_erasing_the_conversation_is_no_trouble(advisor: Advisor) -> None:
    """It is gone when we come to erase it."""
    reply, _ = await advisor.ask("please delete my data")
    assert reply.forget


async def test_nothing_is_left_behind(advisor: Advisor) -> None:
    before = len(list(await advisor.agent.tracker_store.keys()))
    await advisor.ask(QUESTION, "hello")
    assert len(list(await advisor.agent.tracker_store.keys())) == before


def test_no_model_is_an_error(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoModelError):
        Advisor.load(replace(settings, model_dir=tmp_path))
