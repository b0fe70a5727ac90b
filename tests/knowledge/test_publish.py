from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.knowledge.build import Built, build
from bot.knowledge.check import check
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.live import Live, NothingPublished, Publication
from bot.knowledge.publish import (
    PublishError,
    UnreadableError,
    changes,
    earlier_of,
    publish,
    renew,
    rollback,
)
from bot.knowledge.read import read, read_folder
from bot.settings import ROOT
from bot.store.records import list_publications
from bot.store.session import engine_for, migrate
from tests.knowledge.folder import TODAY, WordEncoder, write

ID = "botox/how-long-does-it-last"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    migrate(engine)
    return engine


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return read(write(tmp_path))[0]


def edited(knowledge: Knowledge, **values: object) -> Knowledge:
    entry = replace(knowledge.entries[ID], **values)  # type: ignore[arg-type]  # any field of it
    return replace(knowledge, entries={**knowledge.entries, ID: entry})


def test_published_knowledge_is_live_and_searchable(engine: Engine, knowledge: Knowledge) -> None:
    published = publish(engine, knowledge, WordEncoder(), "AB", "first", TODAY)
    live = Live(engine).current()
    assert (live.digest, live.author, live.note) == (published.digest, "AB", "first")
    assert live.name == live.digest[:12]
    assert live.knowledge == knowledge
    vector = WordEncoder().encode(["how long does botox last"])[0]
    assert live.index.search("how long does botox last", vector)[0].entry_id == ID


def test_same_content_is_not_published_twice(engine: Engine, knowledge: Knowledge) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "first", TODAY)
    encoder = WordEncoder()
    again = publish(engine, knowledge, encoder, "CD", "again", TODAY)
    assert first.is_new and not again.is_new
    assert (again.digest, again.author) == (first.digest, "AB")
    assert encoder.asked == []
    assert len(list_publications(engine)) == 1


def test_only_changed_questions_are_embedded(engine: Engine, knowledge: Knowledge) -> None:
    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    encoder = WordEncoder()
    questions = (*knowledge.entries[ID].questions, "a new wording")
    publish(engine, edited(knowledge, questions=questions), encoder, "AB", "", TODAY)
    assert len(encoder.asked) == 2  # the new one, and the probe
    assert "a new wording" in encoder.asked


def test_drafts_and_retired_entries_do_not_go_live(engine: Engine, knowledge: Knowledge) -> None:
    for status in (Status.DRAFT, Status.RETIRED):
        live = publish(engine, edited(knowledge, status=status), WordEncoder(), "AB", "", TODAY)
        assert ID not in live.knowledge.entries
        assert ID not in live.index.entry_ids


def test_nothing_to_show_is_not_published(engine: Engine, knowledge: Knowledge) -> None:
    for worthless in (
        Knowledge({}, knowledge.clinic),
        replace(knowledge, clinic=None),
    ):
        with pytest.raises(PublishError):
            publish(engine, worthless, WordEncoder(), "AB", "", TODAY)
    with pytest.raises(PublishError):
        publish(engine, knowledge, WordEncoder(), "AB", "", TODAY.replace(year=2100))
    assert list_publications(engine) == []


class BrokenEncoder:
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise RuntimeError("broken")


def test_failure_while_publishing_changes_nothing(engine: Engine, knowledge: Knowledge) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    with pytest.raises(RuntimeError):
        publish(engine, edited(knowledge, questions=("new",)), BrokenEncoder(), "", "", TODAY)
    assert Live(engine).current().digest == first.digest


def test_changes_names_what_differs_from_what_is_live(engine: Engine, knowledge: Knowledge) -> None:
    everything = changes(None, knowledge)
    assert everything.added == tuple(sorted(knowledge.entries)) and everything.clinic
    live = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    assert not changes(live, knowledge)
    found = changes(live, edited(knowledge, short="Other."))
    assert (found.added, found.changed, found.removed, found.clinic) == ((), (ID,), (), False)
    assert changes(live, edited(knowledge, status=Status.RETIRED)).removed == (ID,)


def test_rollback_publishes_the_one_before_again(engine: Engine, knowledge: Knowledge) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    second = publish(engine, edited(knowledge, short="New."), WordEncoder(), "AB", "", TODAY)
    back = rollback(engine, None, "CD", WordEncoder())
    assert (back.digest, back.author) == (first.digest, "CD")
    assert back.note == f"rollback to {first.name}"
    assert Live(engine).current().knowledge == knowledge
    forth = rollback(engine, second.digest[:4].upper(), "CD", WordEncoder())
    assert forth.digest == second.digest
    assert [one.digest for one in list_publications(engine)] == [
        second.digest,
        first.digest,
        second.digest,
        first.digest,
    ]


def test_rollback_to_what_is_not_there(engine: Engine, knowledge: Knowledge) -> None:
    with pytest.raises(PublishError, match="nothing is published"):
        rollback(engine, None, "AB", WordEncoder())
    live = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    for digest, words in (
        (None, "no earlier"),
        ("zzzz", "no publication"),
        ("", "no publication"),
        (live.name, "live already"),
    ):
        with pytest.raises(PublishError, match=words):
            rollback(engine, digest, "AB", WordEncoder())


def test_rollback_over_versions_builds_the_index_anew(engine: Engine, knowledge: Knowledge) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    publish(engine, edited(knowledge, short="New."), WordEncoder(), "AB", "", TODAY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET search_index = X'00' WHERE id = 1"))
    back = rollback(engine, first.name, "CD", WordEncoder())
    assert (back.digest, back.author, back.note) == (
        first.digest,
        "CD",
        f"rollback to {first.name}",
    )
    live = Live(engine).current()
    assert live.knowledge == knowledge
    vector = WordEncoder().encode(["how long does botox last"])[0]
    assert live.index.search("how long does botox last", vector)[0].entry_id == ID


def test_rollback_to_answers_that_cannot_be_read_changes_nothing(
    engine: Engine, knowledge: Knowledge
) -> None:
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    publish(engine, edited(knowledge, short="New."), WordEncoder(), "AB", "", TODAY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET entries = '[]' WHERE id = 1"))
    with pytest.raises(PublishError, match="another version"):
        rollback(engine, first.name, "AB", WordEncoder())
    assert len(list_publications(engine)) == 2


def test_live_row_of_another_version_is_replaced(engine: Engine, knowledge: Knowledge) -> None:
    """After an update of the software, publishing the same files must help."""
    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET search_index = X'00'"))
    assert publish(engine, knowledge, WordEncoder(), "AB", "", TODAY).is_new
    assert Live(engine).current().knowledge == knowledge


def test_what_another_version_made_live_is_renewed_as_it_is(
    engine: Engine, knowledge: Knowledge
) -> None:
    """Its answers are the same, and found again."""
    assert renew(engine, WordEncoder()) is None
    first = publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    same = renew(engine, WordEncoder())
    assert same is not None and (same.id, same.is_new) == (first.id, False)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET search_index = X'00'"))
    with pytest.raises(NothingPublished):
        Live(engine).current()
    made = renew(engine, WordEncoder())
    assert made is not None and made.id > first.id
    assert (made.author, made.note) == ("AB", "(search built anew)")
    live = Live(engine).current()
    assert (live.id, live.digest, live.knowledge) == (made.id, first.digest, knowledge)
    vector = WordEncoder().encode(["how long does botox last"])[0]
    assert live.index.search("how long does botox last", vector)[0].entry_id == ID


def test_answers_that_cannot_be_read_are_not_renewed(engine: Engine, knowledge: Knowledge) -> None:
    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET entries = '[]'"))
    with pytest.raises(UnreadableError, match="another version"):
        renew(engine, WordEncoder())
    assert len(list_publications(engine)) == 1


class OtherEncoder(WordEncoder):
    """Taught otherwise: the same vectors the other way round."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `WordEncoder.encode`."""
        return -super().encode(texts)


def test_nothing_that_another_encoder_made_is_left_after_renewing(
    engine: Engine, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("bot.knowledge.question_index.version", lambda: "taught otherwise")
        publish(engine, knowledge, OtherEncoder(), "AB", "", TODAY)
    made = renew(engine, WordEncoder())
    assert made is not None and made.is_new
    index = made.index
    np.testing.assert_allclose(index.vectors, WordEncoder().encode(index.questions), atol=1e-6)
    kept = earlier_of(engine).vectors.by_text
    np.testing.assert_allclose(
        np.stack(list(kept.values())), WordEncoder().encode(list(kept)), atol=1e-6
    )


def test_what_is_published_while_it_is_renewed_stays_live(
    engine: Engine, knowledge: Knowledge
) -> None:
    """An answer that somebody takes back meanwhile does not come back."""

    class Meanwhile(WordEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            publish(engine, edited(knowledge, short="New."), WordEncoder(), "CD", "", TODAY)
            return super().encode(texts)

    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET search_index = X'00', vectors = X'00'"))
        connection.execute(text("UPDATE publications SET question_index = 'gone'"))
    made = renew(engine, Meanwhile())
    assert made is not None and (made.author, made.is_new) == ("CD", False)
    assert Live(engine).current().knowledge.entries[ID].short == "New."


def test_publishers_at_once_write_the_same_content_once(
    engine: Engine, knowledge: Knowledge
) -> None:
    built = build(knowledge, WordEncoder())
    barrier = threading.Barrier(6)
    results: list[bool] = []

    def run(number: int) -> None:
        barrier.wait()
        made = publish(engine, knowledge, WordEncoder(), str(number), "", TODAY, built=built)
        results.append(made.is_new)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 5 + [True]
    assert len(list_publications(engine)) == 1


def test_vectors_to_go_on_from_are_those_of_the_live_row(
    engine: Engine, knowledge: Knowledge
) -> None:
    assert earlier_of(engine).vectors.by_text == {}
    publish(engine, knowledge, WordEncoder(), "AB", "", TODAY)
    known = earlier_of(engine).vectors
    assert "how long does botox last" in known.by_text
    assert "botox fades after how many months" in known.by_text


def test_entries_of_the_repo_can_be_published(built: Built, publication: Publication) -> None:
    """None is unreachable, none steals outright."""
    problems = check(read_folder(ROOT / "knowledge"), TODAY, built=built)
    assert [p.format() for p in problems if p.severity == "error"] == []
    query = "how long does botox last"
    found = publication.index.search(query, Encoder.shared().encode_one(query), 1)[0]
    assert found.entry_id == "botox/how-long-does-it-last"
    assert 0 < found.confidence <= 1
