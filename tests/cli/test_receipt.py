from __future__ import annotations

import json
import time

import bot.lean  # noqa: F401  # before Rasa

import pytest
from sqlalchemy import insert

from bot.advice.reply import Kind, Reply, SourceItem, Sources, Text
from bot.cli.failure import Failure
from bot.conversations import EVENTS, Conversations
from bot.knowledge.live import Live
from bot.settings import Settings
from bot.store.erase import erase_conversation
from bot.store.session import engine_for
from tests.cli.conftest import Run

ENTRY = "botox/how-long-does-it-last"


def say(conversation: str, text: str, reply: Reply) -> None:
    """Put one turn on record, as Rasa does."""
    settings = Settings.from_env()
    Conversations(settings.database_url)
    engine = engine_for(settings.database_url)
    turn = (
        ("user", {"text": text, "message_id": "1"}),
        ("bot", {"data": {"custom": reply.to_json()}}),
    )
    with engine.begin() as connection:
        for kind, data in turn:
            connection.execute(
                insert(EVENTS).values(
                    sender_id=conversation,
                    type_name=kind,
                    timestamp=time.time(),
                    data=json.dumps(data),
                )
            )


@pytest.fixture
def conversation(run: Run) -> str:
    """Two turns in what AB and then CD published."""
    run("publish", "--yes", "--author", "AB", "--note", "the first")
    live = Live(engine_for(Settings.from_env().database_url)).current()
    source = SourceItem("A label", "A publisher", "label", "https://publisher.example/label")
    answer = Reply(
        Kind.ANSWER,
        (Text("It fades."), Sources("Sources", (source,))),
        entries=(ENTRY,),
        publication=live.name,
    )
    say("web-1", "does botox last, i am Jane", answer)
    say("web-1", "hello", Reply(Kind.SMALLTALK, (Text("Hello."),)))
    return "web-1"


def test_each_turn_tells_what_it_was_made_of(run: Run, conversation: str) -> None:
    shown = run("receipt", conversation).stdout
    first, second = shown.index("1. "), shown.index("2. ")
    for word in (
        ENTRY,
        "by AB: the first",
        "A label, A publisher, https://publisher.example/label",
    ):
        assert first < shown.index(word) < second
    live = Live(engine_for(Settings.from_env().database_url)).current()
    assert live.name in shown
    assert "smalltalk" in shown[second:]


def test_what_the_visitor_wrote_is_shown_on_request_only(run: Run, conversation: str) -> None:
    assert "Jane" not in run("receipt", conversation).stdout
    assert "Jane" in run("receipt", conversation, "--with-text").stdout


def test_who_had_published_at_that_time_counts(run: Run, conversation: str) -> None:
    """A rollback later makes the same content live again, by somebody else."""
    engine = engine_for(Settings.from_env().database_url)
    from bot.store.records import list_publications, republish

    republish(engine, list_publications(engine)[0].id, "CD", "rollback")
    shown = run("receipt", conversation).stdout
    assert "by AB" in shown and "by CD" not in shown


def test_it_is_kept_as_long_as_the_conversation(run: Run, conversation: str) -> None:
    erase_conversation(engine_for(Settings.from_env().database_url), conversation)
    result = run("receipt", conversation)
    assert isinstance(result.exception, Failure)
    assert "erased" in str(result.exception)


def test_unknown_conversation_is_a_failure(run: Run, conversation: str) -> None:
    assert isinstance(run("receipt", "nobody").exception, Failure)
