"""The agent of the whole product: its stores, its actions, and what becomes of their failures."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa.core.lock_store import InMemoryLockStore, RedisLockStore
from sqlalchemy import inspect, text

from actions import answer_question, turn
from bot import agent as agents
from bot.advice.reply import Kind, plain_text
from bot.advisor import Advisor
from bot.agent import NoModelError, load_agent
from bot.channels.guard import Guard
from bot.conversations import Conversations
from bot.in_process import InProcessActions
from bot.live_guard import live_guard
from bot.settings import Settings
from bot.store.session import StoreError, engine_for
from tests.nlu.lives import SetLive

QUESTION = "how long does botox last"
EMERGENCY = "I can't see out of one eye since my filler an hour ago"


def test_no_model_says_what_to_run(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="advisor train"):
        load_agent(replace(settings, model_dir=tmp_path), live_guard)


def test_the_model_of_other_files_is_not_loaded(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef.tar.gz").write_bytes(b"of another checkout")
    with pytest.raises(NoModelError):
        load_agent(replace(settings, model_dir=tmp_path), live_guard)


def test_conversations_share_the_engine_of_the_product(settings: Settings) -> None:
    store = Conversations(settings.database_url)
    assert store.engine is engine_for(settings.database_url)
    assert inspect(store.engine).has_table("events")


def test_conversations_in_memory_leave_the_database_alone(advisor: Advisor) -> None:
    assert str(advisor.agent.tracker_store.engine.url) == "sqlite://"


def test_a_wrong_address_is_an_error_of_ours() -> None:
    with pytest.raises(StoreError, match="DATABASE_URL"):
        Conversations("nonsense")


def test_a_failing_store_does_not_fall_back_to_memory(advisor: Advisor) -> None:
    """Rasa's wrapper would, and a conversation would be gone without a word."""
    assert type(advisor.agent.tracker_store) is Conversations


@pytest.mark.parametrize(
    ("address", "host", "port", "db", "ssl"),
    [
        ("redis://cache:7000/3", "cache", 7000, 3, False),
        ("redis://cache", "cache", 6379, 1, False),
        ("rediss://me:secret@cache:7000/0", "cache", 7000, 0, True),
    ],
)
def test_redis_locks_are_made_from_their_address(
    settings: Settings, address: str, host: str, port: int, db: int, ssl: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made: dict[str, Any] = {}
    monkeypatch.setattr(RedisLockStore, "__init__", lambda self, **given: made.update(given))
    agents._locks(replace(settings, redis_url=address))
    assert (made["host"], made["port"], made["db"], made["use_ssl"]) == (host, port, db, ssl)
    assert made["password"] == ("secret" if ssl else None)


def test_without_redis_locks_are_in_memory(settings: Settings) -> None:
    assert isinstance(agents._locks(settings), InMemoryLockStore)


def test_a_separate_action_server_is_called_where_one_is_named(settings: Settings) -> None:
    url = "http://127.0.0.1:5055/webhook"
    endpoint = agents._actions(
        replace(settings, action_endpoint_url=url), Guard.builtin(), "actions"
    )
    assert endpoint.url == url
    assert not isinstance(endpoint, InProcessActions)


def test_an_action_may_take_less_time_than_its_turn(settings: Settings) -> None:
    """So that what is left suffices to say sorry."""
    endpoint = agents._actions(settings, Guard.builtin(), "actions")
    assert isinstance(endpoint, InProcessActions)
    assert 0 < endpoint._timeout_s < settings.turn_timeout_s


# --- the whole road, with an action that fails ----------------------------------------------------


@pytest.fixture(scope="module")
def hurried(whole: Settings) -> Advisor:
    """An advisor whose turns may take a second."""
    return Advisor.load(replace(whole, turn_timeout_s=1.0))


def failing(*_: object) -> Any:
    raise ValueError("does the secretword hurt")


def sleeping(*_: object) -> Any:
    time.sleep(10)


def nothing(*_: object) -> Any:
    return []


def garbage(*_: object) -> Any:
    return [42]


def unknown_event(reply: Any, dispatcher: Any, tracker: Any) -> Any:
    dispatcher.utter_message(json_message=reply.to_json())
    return [{"event": "slot"}]


def no_json(reply: Any, dispatcher: Any, tracker: Any) -> Any:
    dispatcher.utter_message(json_message={**reply.to_json(), "entries": {object()}})
    return []


@pytest.fixture(params=[failing, sleeping, nothing, garbage, unknown_event, no_json])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every action ends so."""
    monkeypatch.setattr(turn, "send", request.param)
    return str(request.param.__name__)


async def test_a_visitor_gets_an_apology_a_person_and_a_doctor(
    hurried: Advisor, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    start = time.monotonic()
    reply, _ = await hurried.ask(QUESTION)
    assert time.monotonic() - start < 2.5
    assert reply.kind is Kind.UNSURE
    words = plain_text(reply)
    assert "sorry" in words
    assert live_guard().clinic.person.strip() in words
    assert "doctor" in words.splitlines()[-1] or "dermatologist" in words.splitlines()[-1]
    assert "secretword" not in caplog.text
    assert QUESTION not in caplog.text


async def test_an_emergency_gets_its_advice_all_the_same(hurried: Advisor, broken: str) -> None:
    reply, _ = await hurried.ask(EMERGENCY)
    assert reply.kind is Kind.EMERGENCY


async def test_the_conversation_goes_on_after_a_failure(
    hurried: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = f"test-{uuid.uuid4().hex}"

    async def say(words: str) -> Kind:
        turn = await hurried.turns.text(conversation, words, uuid.uuid4().hex, "test")
        return turn.reply.kind

    assert await say("hello") is Kind.SMALLTALK
    with monkeypatch.context() as patch:
        patch.setattr(answer_question, "answer", failing)
        assert await say(QUESTION) is Kind.UNSURE
    assert await say(QUESTION) is Kind.ANSWER


async def test_nothing_published_is_an_apology(
    hurried: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "live", SetLive)
    reply, _ = await hurried.ask(QUESTION)
    assert "sorry" in plain_text(reply)


async def test_a_database_that_loses_its_tables_is_an_apology(
    whole: Settings, tmp_path: Path
) -> None:
    """And an emergency is still an emergency."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    advisor = Advisor.load(replace(whole, database_url=url), in_memory=False)
    with engine_for(url).begin() as connection:
        connection.execute(text("DROP TABLE events"))
    turn = await advisor.turns.text("visitor", QUESTION, "m1", "test")
    assert "sorry" in plain_text(turn.reply)
    assert not turn.recorded
    turn = await advisor.turns.text("visitor", EMERGENCY, "m2", "test")
    assert turn.reply.kind is Kind.EMERGENCY
