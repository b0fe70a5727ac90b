from __future__ import annotations

import time

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.erase import erase_conversation, purge_older_than
from bot.store.session import StoreError, engine_for
from bot.store.updates import KEPT_S, LOOKED_BACK, NewUpdate, Updates


class Clock:
    """A time that tests move."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(database: Engine, clock: Clock) -> Updates:
    return Updates(database, "one", 10.0, clock)


@pytest.fixture
def two(database: Engine, clock: Clock) -> Updates:
    """Another process on the same database."""
    return Updates(database, "two", 10.0, clock)


def new(number: int, conversation: str = "c") -> NewUpdate:
    return NewUpdate(number, conversation, f"body {number}")


def rows(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM telegram_updates ORDER BY update_id"))
        return [dict(row) for row in found.mappings()]


def worked_off(ledger: Updates, conversation: str = "c") -> list[int]:
    """What waits for this process, each finished."""
    found = []
    while waiting := ledger.next(conversation):
        found.append(waiting.update_id)
        ledger.finish(waiting.update_id, conversation)
    return found


def test_each_update_is_new_once(one: Updates, two: Updates) -> None:
    assert one.take([new(1), new(2)]).new == {1, 2}
    assert two.take([new(2), new(3)]).new == {3}
    assert worked_off(one) == [1, 2, 3]
    assert one.take([new(1)]).new == frozenset()
    assert worked_off(one) == worked_off(two) == []


def test_a_chat_belongs_to_one_process_while_something_waits(one: Updates, two: Updates) -> None:
    assert one.take([new(1)]).mine == {"c"}
    assert two.take([new(2), new(3, "d")]).mine == {"d"}
    assert two.next("c") is None
    assert worked_off(one) == [1, 2]
    assert two.take([new(4)]).mine == {"c"}


def test_they_wait_in_the_order_of_their_numbers(one: Updates) -> None:
    one.take([new(3), new(1)])
    one.take([new(2)])
    assert worked_off(one) == [1, 2, 3]


def test_an_update_waits_for_those_before_it_only_where_some_are_missing(
    one: Updates, clock: Clock
) -> None:
    one.take([new(number, "x") for number in range(1, LOOKED_BACK + 1)], answered=range(1, 99))
    one.take([new(LOOKED_BACK + 1)], hold_s=0.5)
    one.take([new(LOOKED_BACK + 3, "d")], hold_s=0.5)
    in_order, after_a_gap = one.next("c"), one.next("d")
    assert in_order is not None and in_order.due_at == clock.now
    assert after_a_gap is not None and after_a_gap.due_at == clock.now + 0.5


def test_a_killed_process_is_followed_by_another_once_its_lease_is_over(
    one: Updates, two: Updates, clock: Clock
) -> None:
    one.take([new(1), new(2)])
    one.note_sent(1, 1)
    clock.now += 9
    assert two.take_over() == frozenset()
    clock.now += 2
    assert two.take_over() == {"c"}
    waiting = two.next("c")
    assert waiting is not None and (waiting.update_id, waiting.sent) == (1, 1)
    assert one.next("c") is None


def test_a_process_that_lives_keeps_its_chats(one: Updates, two: Updates, clock: Clock) -> None:
    one.take([new(1)])
    for _ in range(5):
        clock.now += 8
        one.renew()
        assert two.take_over() == frozenset()
    assert worked_off(one) == [1]


def test_a_process_that_stops_leaves_its_chats_at_once(
    one: Updates, two: Updates, clock: Clock
) -> None:
    one.take([new(1)])
    one.release()
    assert two.take_over() == {"c"}
    assert worked_off(two) == [1]


def test_what_went_ahead_is_remembered(one: Updates) -> None:
    one.take([new(1)])
    one.note_ahead(1)
    waiting = one.next("c")
    assert waiting is not None and waiting.ahead


def test_what_needs_no_answer_is_remembered_and_holds_nothing(
    one: Updates, database: Engine
) -> None:
    assert one.take([new(1)], answered=[1]).mine == frozenset()
    (row,) = rows(database)
    assert (row["conversation"], row["body"], bool(row["done"])) == ("", "", True)
    assert one.take([new(1)]).new == frozenset()


def test_what_is_done_is_a_number_and_nothing_else(one: Updates, database: Engine) -> None:
    one.take([new(1)])
    worked_off(one)
    (row,) = rows(database)
    assert (row["update_id"], row["conversation"], row["body"]) == (1, "", "")


def test_after_a_day_nothing_is_remembered(one: Updates, database: Engine, clock: Clock) -> None:
    """What nobody could answer in that time goes as well."""
    one.take([new(1), new(2)])
    one.finish(1, "c")
    clock.now += KEPT_S + 1
    assert one.take_over() == frozenset()
    assert rows(database) == []


def test_the_newest_buttons_of_a_chat_are_known(one: Updates, two: Updates) -> None:
    assert one.keyboard("c") is None
    one.take([new(1), new(2), new(3, "d")])
    one.finish(1, "c", keyboard=71)
    one.finish(3, "d", keyboard=5)
    assert two.keyboard("c") == 71
    one.finish(2, "c", keyboard=None)
    assert (two.keyboard("c"), two.keyboard("d")) == (None, 5)


def test_erasing_takes_what_nobody_works_on_and_the_buttons(
    one: Updates, database: Engine, clock: Clock
) -> None:
    """What is being worked on is the wish to be erased itself, and empties its row when done."""
    clock.now = time.time()
    one.take([new(1), new(2), new(3, "d")])
    one.finish(1, "c", keyboard=71)
    erase_conversation(database, "c")
    assert [row["update_id"] for row in rows(database)] == [1, 2, 3]
    assert one.keyboard("c") is None
    one.release()
    erase_conversation(database, "c")
    assert [row["update_id"] for row in rows(database)] == [1, 3]


def test_retention_takes_all_of_it(one: Updates, database: Engine, clock: Clock) -> None:
    one.take([new(1), new(2)])
    one.finish(1, "c", keyboard=71)
    purge_older_than(database, 30, clock.now + 29 * KEPT_S)
    assert len(rows(database)) == 2 and one.keyboard("c") == 71
    purge_older_than(database, 30, clock.now + 31 * KEPT_S)
    assert rows(database) == [] and one.keyboard("c") is None


def test_a_database_that_is_gone_is_said_so() -> None:
    empty = Updates(engine_for("sqlite://"), "one")
    with pytest.raises(StoreError):
        empty.take([new(1)])
    with pytest.raises(StoreError):
        empty.next("c")
