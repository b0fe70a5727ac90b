from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from sqlalchemy.engine import Engine

from bot.store.records import (
    INDEXES,
    NewPublication,
    add_publication,
    find_publication,
    list_publications,
    load_publication,
    load_question_index,
    newest_publication_id,
    republish,
)


def new(digest: str, note: str = "") -> NewPublication:
    return NewPublication(
        digest=digest * 64,
        author="Zoë",
        note=note,
        entries='{"text": "ça 😀"}',
        vectors=b"\x00\xff",
        search_index=b"\x01" * 100_000,
    )


def test_what_is_added_can_be_loaded(database: Engine) -> None:
    assert newest_publication_id(database) is None
    id_ = add_publication(database, new("a", "why"))
    assert id_ == newest_publication_id(database)
    loaded = load_publication(database, id_ or 0)
    assert loaded is not None
    assert (loaded.digest, loaded.author, loaded.note) == ("a" * 64, "Zoë", "why")
    assert (loaded.entries, loaded.vectors) == ('{"text": "ça 😀"}', b"\x00\xff")
    assert loaded.search_index == b"\x01" * 100_000
    assert loaded.created_at.tzinfo is not None
    assert abs(datetime.now(timezone.utc) - loaded.created_at) < timedelta(minutes=1)


def test_what_is_live_already_is_not_added(database: Engine) -> None:
    first = add_publication(database, new("a"))
    assert add_publication(database, new("a")) is None
    assert newest_publication_id(database) == first
    assert add_publication(database, new("a"), force=True) is not None


def test_an_earlier_digest_may_come_again(database: Engine) -> None:
    for digest in "aba":
        assert add_publication(database, new(digest)) is not None
    assert [one.digest[0] for one in list_publications(database)] == ["a", "b", "a"]
    assert [one.digest[0] for one in list_publications(database, limit=2)] == ["a", "b"]


def test_find_gives_the_newest_of_each_digest(database: Engine) -> None:
    ids = [add_publication(database, new(digest)) for digest in "aba"]
    assert [one.id for one in find_publication(database, "AAAA")] == [ids[2]]
    assert [one.id for one in find_publication(database, "")] == [ids[2], ids[1]]
    assert find_publication(database, "%") == []


def test_republish_copies_an_earlier_row(database: Engine) -> None:
    first = add_publication(database, new("a", "first"))
    add_publication(database, new("b"))
    again = load_publication(database, republish(database, first or 0, "CD", "back"))
    assert again is not None
    assert (again.digest, again.author, again.note) == ("a" * 64, "CD", "back")
    assert again.search_index == b"\x01" * 100_000
    assert again.id == newest_publication_id(database)


def test_publications_share_what_searches_their_questions(database: Engine) -> None:
    """It is made and written once, and kept as long as one of the newest names it."""
    made: list[str] = []

    def with_questions(digest: str, questions: str) -> NewPublication:
        def data() -> bytes:
            made.append(questions)
            return questions.encode()

        return replace(new(digest), question_index=questions, question_data=data)

    first = add_publication(database, with_questions("a", "some"))
    add_publication(database, with_questions("b", "some"))
    add_publication(database, with_questions("c", "others"))
    republish(database, first or 0, "CD", "back")
    assert made == ["some", "others"]
    assert load_question_index(database, "some") == b"some"
    for number in range(INDEXES):
        add_publication(database, with_questions(str(number), "new"))
    assert load_question_index(database, "some") is None
    assert load_question_index(database, "new") == b"new"


def test_a_publication_that_fails_leaves_no_questions_behind(database: Engine) -> None:
    def fail() -> bytes:
        raise MemoryError

    with pytest.raises(MemoryError):
        add_publication(database, replace(new("a"), question_index="some", question_data=fail))
    assert list_publications(database) == []
    assert load_question_index(database, "some") is None


def test_what_is_not_there(database: Engine) -> None:
    assert load_publication(database, 7) is None
    with pytest.raises(LookupError):
        republish(database, 7, "CD", "back")
    assert list_publications(database) == []


def test_publishers_at_once_each_write_a_whole_row(database: Engine) -> None:
    barrier = threading.Barrier(8)
    made: list[int | None] = []

    def run(digest: str) -> None:
        barrier.wait()
        made.append(add_publication(database, new(digest)))

    threads = [threading.Thread(target=run, args=(digest,)) for digest in "aaaabcde"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = list_publications(database)
    assert len(rows) == len([one for one in made if one is not None])
    assert {row.digest[0] for row in rows} == set("abcde")
    digests = [row.digest for row in rows]
    assert all(one != other for one, other in pairwise(digests))
