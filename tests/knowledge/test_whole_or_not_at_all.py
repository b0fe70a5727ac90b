"""Whatever happens while somebody publishes, what is live is one whole, valid publication."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bot.knowledge.codec import digest, to_json
from bot.knowledge.embed import ready
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Live, Publication
from bot.knowledge.publish import publish, rollback
from bot.knowledge.read import read
from bot.settings import ROOT
from bot.store import records
from bot.store.records import INDEXES, list_publications, load_publication
from bot.store.session import StoreError, engine_for, migrate
from tests.knowledge.folder import TODAY, WordEncoder, write

ID = "botox/how-long-does-it-last"

PUBLISHER = """
import itertools, sys
from pathlib import Path
from bot.knowledge.publish import publish
from bot.knowledge.read import read
from bot.store.session import engine_for
from tests.knowledge.folder import TODAY, WordEncoder
from tests.knowledge.test_whole_or_not_at_all import edited

engine, knowledge = engine_for(sys.argv[1]), read(Path(sys.argv[2]))[0]
for number in itertools.count():
    publish(engine, edited(knowledge, number), WordEncoder(), sys.argv[3], "", TODAY)
    print("published", flush=True)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    migrate(made)
    return made


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return read(write(tmp_path))[0]


def edited(knowledge: Knowledge, number: int) -> Knowledge:
    """In its answer, and in a question, so that all parts of a publication differ."""
    entry = knowledge.entries[ID]
    questions = (*entry.questions, f"wording of edit {number}")
    changed = replace(entry, short=f"Edit {number}.", questions=questions)
    return replace(knowledge, entries={**knowledge.entries, ID: changed})


def whole(engine: Engine) -> Publication:
    """What is live, after making sure that all its parts belong together."""
    live = Live(engine).current()
    assert live.digest == digest(to_json(live.knowledge))
    assert live.index.entry_ids == tuple(ready(live.knowledge))
    short = live.knowledge.entries[ID].short
    if short.startswith("Edit "):
        assert f"wording of {short.lower().rstrip('.')}" in live.index.questions
    return live


def test_a_publisher_that_is_killed_leaves_a_whole_one(
    engine: Engine, knowledge: Knowledge, tmp_path: Path
) -> None:
    """With -9 at three moments, while another process publishes all the time."""
    publish(engine, knowledge, WordEncoder(), "first", "", TODAY)
    chance = random.Random(0)

    def begin(name: str) -> subprocess.Popen[str]:
        words = (str(engine.url), str(tmp_path / "knowledge"), name)
        process = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "published\n"
        return process

    other = begin("other")
    try:
        for _ in range(3):
            victim = begin("victim")
            time.sleep(chance.uniform(0, 0.3))
            victim.kill()
            victim.wait()
            whole(engine)
            assert other.poll() is None
    finally:
        other.kill()
        other.wait()
    published = list_publications(engine)
    assert {one.author for one in published} == {"first", "other", "victim"}
    before = whole(engine).digest
    assert publish(engine, edited(knowledge, -1), WordEncoder(), "AB", "", TODAY).digest != before
    assert whole(engine).author == "AB"


def test_of_several_at_once_each_is_whole_and_the_last_is_live(
    engine: Engine, knowledge: Knowledge
) -> None:
    publish(engine, knowledge, WordEncoder(), "first", "", TODAY)
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            publish(engine, edited(knowledge, number), WordEncoder(), str(number), "", TODAY)
        except BaseException as error:  # noqa: BLE001  # a thread's failure has to reach the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    newest, *_, first = list_publications(engine)
    assert len(list_publications(engine)) == 5
    live = whole(engine)
    assert live.knowledge.entries[ID].short == f"Edit {newest.author}."
    assert first.author == "first"


def test_a_full_disk_changes_nothing_and_says_so(engine: Engine, knowledge: Knowledge) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    room = [0]

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {room[0]}")

    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    for spare in (0, 1, 10):
        room[0] = pages + spare
        engine.dispose()
        with pytest.raises(StoreError, match="full"):
            publish(engine, edited(knowledge, 1), WordEncoder(), "AB", "", TODAY)
        assert whole(engine).digest == first.digest
    room[0] = 10 * pages
    engine.dispose()
    publish(engine, edited(knowledge, 1), WordEncoder(), "AB", "", TODAY)
    assert whole(engine).knowledge.entries[ID].short == "Edit 1."


def test_a_clock_that_goes_backwards_does_not_bring_an_older_one_back(
    engine: Engine, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)

    class YearsAgo(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(timezone.utc) - timedelta(days=2000)

    monkeypatch.setattr(records, "datetime", YearsAgo)
    publish(engine, edited(knowledge, 1), WordEncoder(), "AB", "", TODAY)
    assert whole(engine).knowledge.entries[ID].short == "Edit 1."
    assert list_publications(engine)[0].created_at < list_publications(engine)[1].created_at
    rollback(engine, None, "AB", WordEncoder())
    assert whole(engine).knowledge == knowledge


def test_a_failure_in_the_middle_of_writing_leaves_nothing_behind(
    engine: Engine, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    real = records._insert

    def fail_afterwards(*args: Any) -> int:
        real(*args)
        raise OSError("the writer is gone")

    monkeypatch.setattr(records, "_insert", fail_afterwards)
    with pytest.raises(OSError, match="gone"):
        publish(engine, edited(knowledge, 1), WordEncoder(), "AB", "", TODAY)
    assert whole(engine).digest == first.digest
    assert len(list_publications(engine)) == 1


def test_old_publications_keep_what_they_say_and_can_be_gone_back_to(
    engine: Engine, knowledge: Knowledge
) -> None:
    """Their vectors and indexes are large, and are not kept."""
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    for number in range(INDEXES):
        publish(engine, edited(knowledge, number), WordEncoder(), "AB", "", TODAY)
    rows = [load_publication(engine, one.id) for one in list_publications(engine)]
    assert [bool(row and row.search_index and row.vectors) for row in rows] == [True] * INDEXES + [
        False
    ]
    rollback(engine, first.digest, "AB", WordEncoder())
    assert whole(engine).knowledge == knowledge
