"""Whatever a visitor does, in whatever order: what every reply of the real agent promises.

Default: the same conversations at every run. Many more, and other ones each time:
``pytest tests/conversations --hypothesis-profile thorough``.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.advice.reply import Buttons, Kind, Notice, Reply, Text, buttons
from bot.advisor import Advisor
from bot.knowledge.live import Publication
from tests.conversations.dialogue import Talk
from tests.conversations.promises import ALARMS, broken, introduced_wrongly

MESSAGES = Path(__file__).parents[1] / "understanding" / "messages.jsonl"
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)
THOROUGH = settings.get_current_profile_name() == "thorough"

RED_FLAGS = (
    "i can't see out of my left eye since the filler",
    "my lips and tongue are swelling and i can't breathe",
    "had lip filler today and one side has gone white and it really hurts",
    "i want to die because of my face",
    "i can't swallow properly since my botox",
)
COMMANDS = (
    "/restart",
    "/session_start",
    '/ask_question{"topic": "botox/cost"}',
    '/press_button{"action": "show:safety/crisis"}',
    "{emergency_number}",
    "${HOME}",
    "<script>alert(1)</script>",
    "delete my data",
    "more:botox/cost",
)


def _texts() -> list[str]:
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [text for one in found for text in (one.get("context"), one["text"]) if text]


MESSAGE = st.sampled_from(_texts())
GARBAGE = st.text(st.characters(codec=None), max_size=200)
RED_FLAG = st.sampled_from(RED_FLAGS)
WRAPPED = st.builds(
    "{}{} {}".format, st.sampled_from(("", "/", "hi! ", "thanks. ")), RED_FLAG, MESSAGE
)
PRESS = st.integers(0, 3)
"""Which button of the last reply is pressed, if it has any."""

MOVE = st.one_of(
    MESSAGE,
    PRESS,
    MESSAGE,
    PRESS,
    GARBAGE,
    st.sampled_from(COMMANDS),
    RED_FLAG,
    st.builds("{} {}".format, MESSAGE, MESSAGE),
)


@(settings(parent=settings(), deadline=None) if THOROUGH else QUICK)
@given(moves=st.lists(MOVE, min_size=1, max_size=7))
def test_every_reply_keeps_its_promises(
    advisor: Advisor, publication: Publication, moves: list[str | int]
) -> None:
    """One reply a turn, always with a doctor at its end; alarms alone; nothing raw on the screen;
    nothing lost; and the bot introduces itself once.
    """
    talk = Talk(advisor.turns, publication.knowledge)
    asyncio.run(_go(talk, moves))


async def _go(talk: Talk, moves: list[str | int]) -> None:
    said: list[str] = []
    kept: list[Reply] = []
    for move in moves:
        if isinstance(move, str):
            turn = await talk.say(move)
        else:
            offered = buttons(talk.replies[-1]) if talk.replies else ()
            if not offered:
                continue
            turn = await talk.press(offered[move % len(offered)])
        event(turn.reply.kind.value)
        if move in RED_FLAGS:
            assert turn.reply.kind in ALARMS
        if turn.reply.forget:
            said, kept = [], []
        elif turn.recorded:
            said.append(move if isinstance(move, str) else "")
            kept.append(turn.reply)
    if kept:
        assert introduced_wrongly(kept) is None
    assert len(talk.said()) == len(said)


@(settings(parent=settings(), deadline=None) if THOROUGH else QUICK)
@given(before=st.lists(MESSAGE, max_size=2), text=WRAPPED)
def test_a_red_flag_is_never_talked_over(
    advisor: Advisor, publication: Publication, before: list[str], text: str
) -> None:
    """Whatever came before it, and whatever else the same message says."""
    talk = Talk(advisor.turns, publication.knowledge)
    asyncio.run(_go(talk, [*before, text]))
    assert talk.replies[-1].kind in ALARMS, text


CLOSING = Text("Please see a doctor.")


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(Kind.SMALLTALK, (Text("Hello."),)), "names no doctor"),
        (Reply(Kind.SMALLTALK, ()), "says nothing"),
        (Reply(Kind.SMALLTALK, (Notice(" "), CLOSING)), "empty"),
        (Reply(Kind.SMALLTALK, (Text("Call {emergency_number}."), CLOSING)), "placeholder"),
        (Reply(Kind.SMALLTALK, (Text("See utter_greet."), CLOSING)), "raw"),
        (Reply(Kind.SMALLTALK, (Text("See botox/cost."), CLOSING)), "the id botox/cost"),
        (Reply(Kind.SMALLTALK, (CLOSING, Buttons(()))), "a list is empty"),
        (Reply(Kind.ANSWER, (CLOSING,)), "answer with the entries ()"),
        (Reply(Kind.ANSWER, (CLOSING,), ("botox/gone",)), "not there"),
        (Reply(Kind.ANSWER, (CLOSING,), ("safety/crisis",)), "among the answers"),
        (Reply(Kind.EMERGENCY, (CLOSING,), ("safety/crisis",)), "not alone"),
        (Reply(Kind.EMERGENCY, (CLOSING, CLOSING), ("botox/cost",)), "emergency for botox/cost"),
    ],
)
def test_a_broken_promise_is_noticed(publication: Publication, reply: Reply, fault: str) -> None:
    """What looks for faults finds each of them."""
    assert any(fault in problem for problem in broken(reply, publication.knowledge))
