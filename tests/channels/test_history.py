from __future__ import annotations

import pytest
from rasa.shared.core.events import BotUttered

from bot.advice.reply import Button
from bot.channels.history import Answered, Said
from bot.channels.turn import Turns
from bot.store.session import StoreError, engine_for
from tests.channels.small_agent import reply_to

ME = "web-1"


async def test_what_is_no_reply_is_left_out_and_positions_stay(turns: Turns) -> None:
    await turns.text(ME, "hello", "m1", "web")
    processor = turns.agent.processor
    tracker = await processor.get_tracker(ME)
    for data in ({"custom": {"kind": "none"}}, {"custom": None}, {}):
        tracker.update(BotUttered("said by no action of ours", data), processor.domain)
    await processor.save_tracker(tracker)
    await turns.text(ME, "hello again", "m2", "web")
    events = turns.history.read(ME).events
    assert [event.position for event in events] == [1, 2, 6, 7]
    assert turns.history.answer(ME, "m1") == events[1]


async def test_an_answer_belongs_to_its_message(turns: Turns) -> None:
    for number in range(3):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")
    answer = turns.history.answer(ME, "m1")
    assert answer is not None
    assert (answer.position, answer.reply) == (4, reply_to("hello 1"))
    assert turns.history.answer(ME, "unknown") is None
    assert turns.history.answer("web-2", "m1") is None


async def test_the_newest_button_comes_first(turns: Turns) -> None:
    await turns.text(ME, "hello 1", "m1", "web")
    await turns.text(ME, "hello 2", "m2", "web")
    offered = list(turns.history.buttons(ME))
    assert offered[1] == Button("On hello 2", "show:hello 2")
    assert offered[3] == Button("On hello 1", "show:hello 1")


async def test_the_visitors_last_texts_oldest_first(turns: Turns) -> None:
    for text in ("hello 1", "/hello 2", "hello 3"):
        await turns.text(ME, text, text[-1], "web")
    assert turns.history.earlier(ME, 2) == ["/hello 2", "hello 3"]
    assert turns.history.earlier("web-2", 2) == []


async def test_a_page_ends_where_it_is_told(turns: Turns) -> None:
    for number in range(3):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")
    page = turns.history.read(ME, after=1, limit=3)
    assert [type(event) for event in page.events] == [Answered, Said, Answered]
    assert (page.next, page.more) == (4, True)
    assert turns.history.read(ME, after=99).events == ()


def test_a_database_that_is_gone_is_a_store_error(turns: Turns, tmp_path) -> None:
    turns.history.engine = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StoreError):
        turns.history.read(ME)
    with pytest.raises(StoreError):
        list(turns.history.buttons(ME))
