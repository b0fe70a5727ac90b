from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Live, NothingPublished, live
from bot.knowledge.publish import publish
from bot.knowledge.read import read
from bot.store.session import StoreError, engine_for, migrate
from tests.knowledge.folder import TODAY, WordEncoder, write


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    migrate(engine)
    return engine


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return read(write(tmp_path))[0]


def put(engine: Engine, knowledge: Knowledge, name: str = "Example Clinic") -> str:
    assert knowledge.clinic is not None
    changed = replace(knowledge, clinic=replace(knowledge.clinic, name=name))
    return publish(engine, changed, WordEncoder(), "AB", "", TODAY).digest


def test_nothing_published_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(NothingPublished, match="run `advisor publish`"):
        Live(engine).current()


def test_database_without_tables_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="lacks the advisor's tables"):
        Live(engine_for(f"sqlite:///{tmp_path / 'empty.db'}")).current()


def test_new_publication_is_seen_at_the_next_call(engine: Engine, knowledge: Knowledge) -> None:
    serving = Live(engine)
    first = put(engine, knowledge)
    assert serving.current().digest == first
    second = put(engine, knowledge, "Other Clinic")
    assert serving.current().digest == second


def test_publication_is_loaded_once_and_then_costs_one_select(
    engine: Engine, knowledge: Knowledge
) -> None:
    put(engine, knowledge)
    serving = Live(engine)
    loaded = serving.current()
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
    )
    assert serving.current() is loaded
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert "entries" not in statements[-1]


def test_a_new_publication_of_the_same_questions_loads_its_answers_alone(
    engine: Engine, knowledge: Knowledge
) -> None:
    """The index of the questions is what is large; it is stored once and loaded once."""
    put(engine, knowledge)
    serving = Live(engine)
    asked = serving.current().index.asked
    entry = replace(next(iter(knowledge.entries.values())), short="It is another answer now.")
    reworded = replace(knowledge, entries={**knowledge.entries, entry.id: entry})
    digest = put(engine, reworded)
    assert (serving.current().digest, serving.current().index.asked) == (digest, asked)
    assert serving.current().knowledge.entries[entry.id].short == entry.short
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM question_indexes")).scalar_one() == 1
    entry = replace(entry, questions=(*entry.questions, "a question that nobody asked before"))
    put(engine, replace(knowledge, entries={**knowledge.entries, entry.id: entry}))
    assert "a question that nobody asked before" in serving.current().index.questions


def test_database_that_fails_later_leaves_the_last_one_and_is_logged_once(
    engine: Engine, knowledge: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    digest = put(engine, knowledge)
    serving = Live(engine)
    serving.current()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE publications RENAME TO away"))
    caplog.clear()
    with caplog.at_level(logging.INFO, "bot.knowledge.live"):
        assert [serving.current().digest for _ in range(3)] == [digest] * 3
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert digest[:12] in caplog.text
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO publications"))
    with caplog.at_level(logging.INFO, "bot.knowledge.live"):
        assert serving.current().digest == digest
    assert "can be read again" in caplog.text


@pytest.mark.parametrize(
    "damage", ["entries = '['", "search_index = X'5B'", "question_index = 'gone'"]
)
def test_row_that_cannot_be_read_leaves_the_last_one(
    engine: Engine, knowledge: Knowledge, damage: str
) -> None:
    digest = put(engine, knowledge)
    serving = Live(engine)
    serving.current()
    put(engine, knowledge, "Other Clinic")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE publications SET {damage} WHERE id = 2"))
    assert serving.current().digest == digest
    with pytest.raises(NothingPublished, match="another version"):
        Live(engine).current()


def test_threads_share_one_copy(engine: Engine, knowledge: Knowledge) -> None:
    put(engine, knowledge)
    serving = Live(engine)
    barrier = threading.Barrier(8)
    found: list[int] = []

    def run() -> None:
        barrier.wait()
        found.append(id(serving.current()))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_live_is_one_per_database(tmp_path: Path) -> None:
    one, other = (f"sqlite:///{tmp_path / name}" for name in ("a.db", "b.db"))
    assert live(one) is live(one)
    assert live(one) is not live(other)
