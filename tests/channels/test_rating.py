from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Reply, Text
from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.store.feedback import Thumbs, ratings, thumbs_by_entry
from bot.store.session import migrate
from tests.channels import small_agent
from tests.channels.serving import Visitor, app, served
from tests.channels.small_agent import Actions, said

ANSWER = Reply(
    Kind.ANSWER,
    (Text("About lines."), Text("Please see a doctor.")),
    entries=("lines/forehead", "lines/frown"),
    publication="a" * 64,
)


@pytest.fixture
def base(agent: Agent, engine: Engine, guard: Guard, actions: Actions) -> Iterator[str]:
    async def act(call: dict) -> dict:
        return said(ANSWER.to_json())

    actions.action = act
    settings = small_agent.settings(engine)
    made = app()
    site.mount(made, settings, guard)
    made.ctx.turns = Turns(agent, settings, guard)
    with served(made) as base:
        yield base


@pytest.fixture
def visitor(base: str, engine: Engine) -> Visitor:
    migrate(engine)
    come = Visitor(base)
    come.say("hello", "m1")
    return come


def judge(visitor: Visitor, **body: object) -> httpx.Response:
    return visitor.client.post("/webhooks/web/feedback", json=body, headers=visitor.headers)


def test_a_thumb_is_saved_with_what_the_answer_was_made_of(
    visitor: Visitor, engine: Engine
) -> None:
    assert judge(visitor, position=2, value="up").json() == {"saved": True}
    assert thumbs_by_entry(engine, ["a" * 64]) == [
        Thumbs("lines/forehead", 1, 0),
        Thumbs("lines/frown", 1, 0),
    ]


def test_it_comes_back_with_the_conversation(visitor: Visitor) -> None:
    assert "rated" not in visitor.events().text
    judge(visitor, position=2, value="down")
    assert [event.get("rated") for event in visitor.events().json()["events"]] == [None, "down"]
    judge(visitor, position=2, value=None)
    assert "rated" not in visitor.events().text


@pytest.mark.parametrize("position", [1, 3, 999_999_999])
def test_only_an_answer_can_be_judged(visitor: Visitor, engine: Engine, position: int) -> None:
    response = judge(visitor, position=position, value="up")
    assert (response.status_code, response.json()["error"]) == (404, "no_answer")
    assert thumbs_by_entry(engine) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"position": 2},
        {"value": "up"},
        {"position": "2", "value": "up"},
        {"position": True, "value": "up"},
        {"position": 2.0, "value": "up"},
        {"position": 0, "value": "up"},
        {"position": -1, "value": "up"},
        {"position": 10**30, "value": "up"},
        {"position": 2, "value": "sideways"},
        {"position": 2, "value": 1},
        {"position": 2, "value": ["up"]},
        {"position": 2, "value": "up", "conversation": "web-other"},
    ],
)
def test_another_body_is_refused_with_a_hint(
    visitor: Visitor, engine: Engine, body: dict[str, object]
) -> None:
    response = judge(visitor, **body)
    assert response.status_code == 400
    assert response.json().keys() == {"error", "hint"}
    assert thumbs_by_entry(engine) == []


def test_nobody_judges_in_anothers_conversation(
    visitor: Visitor, base: str, engine: Engine
) -> None:
    """The position is looked up in the conversation of the token, and there is no other way."""
    other = Visitor(base)
    assert judge(other, position=2, value="up").status_code == 404
    other.say("hello", "m1")
    judge(other, position=2, value="up")
    assert ratings(engine, visitor.token.partition(".")[0]) == {}


def test_erasing_the_conversation_erases_its_thumbs(visitor: Visitor, engine: Engine) -> None:
    judge(visitor, position=2, value="up")
    visitor.erase()
    assert thumbs_by_entry(engine) == []
    assert judge(visitor, position=2, value="up").status_code == 404


def test_without_the_table_the_conversation_is_still_given_back(
    base: str, caplog: pytest.LogCaptureFixture
) -> None:
    come = Visitor(base)
    come.say("hello", "m1")
    assert len(come.events().json()["events"]) == 2
    assert "feedback cannot be read" in caplog.text
