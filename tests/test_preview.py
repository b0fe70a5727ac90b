"""What a publication would change for those who asked before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import bot.lean  # noqa: F401  # before Rasa

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Engine

from bot.advice.route import QUESTION
from bot.advice.understanding import KEY, Candidate, Understanding
from bot.conversations import EVENTS, Conversations
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Entry, Status
from bot.knowledge.live import Publication
from bot.nlu.logistic import Logistic
from bot.nlu.scope import Scope
from bot.preview import LOOKED_AT, Preview, preview
from bot.settings import Settings
from bot.store.session import engine_for
from tests.nlu.lives import OneEncoder, published

IN_SCOPE = Scope(Logistic((0.0,) * 7, (1.0,) * 7, (0.0,) * 7, 9.0))


def entry(id_: str, short: str, *questions: str) -> Entry:
    soon = date.today() + timedelta(days=1)
    return Entry(id_, id_, short, questions=questions, status=Status.SOURCED, review_by=soon)


PAIN = entry("botox/pain", "A little.", "does botox hurt", "is botox painful", "botox needle pain")
COST = entry("botox/cost", "It differs.", "what does botox cost", "price of botox", "botox money")
SLEEP = entry("lifestyle/sleep", "Sleep.", "does sleep help skin", "side sleeping", "sleep lines")
LIVE = published(PAIN, COST, SLEEP, botox=("botox",))


@pytest.fixture
def engine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(Scope, "load", lambda: IN_SCOPE)
    Conversations(settings.database_url)
    return engine_for(settings.database_url)


def asked(
    engine: Engine, *texts: str, intent: str = QUESTION, parts: tuple[Candidate, ...] = ()
) -> None:
    """Put messages on record, with what was understood of them."""
    intents = ((intent, 1.0),)
    found = Understanding(intent=intent, intents=intents, in_scope=1.0, parts=parts).to_json()
    with engine.begin() as connection:
        for text in texts:
            data = json.dumps({"text": text, "parse_data": {KEY: found}})
            connection.execute(
                insert(EVENTS).values(sender_id="a", type_name="user", timestamp=1.0, data=data)
            )


def seen(engine: Engine, draft: Publication) -> Preview:
    return preview(engine, LIVE, draft, cast(Encoder, OneEncoder()))


def test_nothing_changed_changes_no_answer(engine: Engine) -> None:
    asked(engine, "does botox hurt", "what does botox cost")
    assert seen(engine, LIVE) == Preview(2, (), ())


def test_a_question_that_would_find_another_entry_is_shown_redacted(engine: Engine) -> None:
    asked(engine, "does botox hurt jane@mail.example", "what does botox cost")
    without = published(replace(PAIN, questions=("zebra",)), COST, SLEEP, botox=("botox",))
    shown = seen(engine, without)
    (one,) = shown.otherwise
    assert one.text == "does botox hurt [mail]"
    assert one.before == "botox/pain" != one.after


def test_an_answer_with_new_words_is_counted(engine: Engine) -> None:
    asked(engine, "does botox hurt", "is botox painful", "what does botox cost")
    shown = seen(engine, published(replace(PAIN, short="Hardly."), COST, SLEEP, botox=("botox",)))
    assert (shown.otherwise, shown.reworded) == ((), (("botox/pain", 2),))


def test_a_message_with_several_questions_is_judged_by_its_parts(engine: Engine) -> None:
    """Those that it had when it was asked."""
    parts = tuple(Candidate(one.id, 0.0, 0.99, 0.9) for one in (PAIN, COST))
    asked(engine, "does botox hurt and what does it cost", parts=parts)
    shown = seen(engine, published(PAIN, replace(COST, short="A lot."), SLEEP, botox=("botox",)))
    assert (shown.otherwise, shown.reworded) == ((), (("botox/cost", 1),))
    (one,) = seen(engine, published(PAIN, SLEEP, botox=("botox",))).otherwise
    assert (one.before, one.after) == ("botox/pain, botox/cost", "botox/pain")


def test_only_the_newest_questions_are_looked_at_and_each_once(engine: Engine) -> None:
    asked(engine, *(f"does botox hurt {number}" for number in range(LOOKED_AT + 10)))
    asked(engine, "what does botox cost", "what does botox cost")
    asked(engine, "hello", intent="greet")
    with engine.begin() as connection:
        button: dict[str, Any] = {"text": "Tell me more", "parse_data": {"intent": {}}}
        values = {"sender_id": "a", "type_name": "user", "timestamp": 1.0}
        connection.execute(insert(EVENTS).values(**values, data=json.dumps(button)))
    assert seen(engine, LIVE).asked == LOOKED_AT


def test_nobody_asked_yet(engine: Engine, tmp_path: Path) -> None:
    assert seen(engine, LIVE) == Preview(0, (), ())
    fresh = engine_for(f"sqlite:///{tmp_path / 'fresh.db'}")
    assert seen(fresh, LIVE).asked == 0
