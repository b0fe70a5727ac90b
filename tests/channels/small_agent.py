"""A real Rasa agent with two intents, and an action server that a test tells what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bot.lean  # noqa: F401  # before Rasa

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import Engine

from bot.advice.reply import Button, Buttons, Kind, Reply, Text
from bot.settings import Settings

SECRET = "a secret of thirty-two characters or more"

CONFIG = """
recipe: default.v1
language: en
assistant_id: small
pipeline:
  - name: KeywordIntentClassifier
  - name: FallbackClassifier
    threshold: 0.3
policies:
  - name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [greet, press_button, press_screening, press_summary, ask_capabilities, delete_my_data,
  nothing, nlu_fallback]
actions: [action_answer]
slots:
  turns: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  topic: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  summary: {type: any, influence_conversation: false, mappings: [{type: custom}]}
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""
DATA = """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
  - intent: nothing
    examples: |
      - qqqq
rules:
  - rule: greet
    steps: [{intent: greet}, {action: action_answer}]
  - rule: nothing
    steps: [{intent: nothing}, {action: action_answer}]
  - rule: neither
    steps: [{intent: nlu_fallback}, {action: action_answer}]
  - rule: press
    steps: [{intent: press_button}, {action: action_answer}]
  - rule: press_screening
    steps: [{intent: press_screening}, {action: action_answer}]
  - rule: press_summary
    steps: [{intent: press_summary}, {action: action_answer}]
  - rule: topics
    steps: [{intent: ask_capabilities}, {action: action_answer}]
  - rule: delete
    steps: [{intent: delete_my_data}, {action: action_answer}]
"""

Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def train(folder: Path) -> Path:
    """Train the model in a few seconds."""
    from rasa.model_training import train as train_rasa

    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text)
    result = train_rasa(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "data.yml")],
        output=str(folder),
    )
    return Path(result.model)


class Actions(EndpointConfig):
    """Stands in for the action server: answers with `reply_to` unless a test says otherwise."""

    def __init__(self) -> None:
        super().__init__("http://actions.invalid")
        self.action: Action = answer
        self.calls: list[dict[str, Any]] = []

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> dict[str, Any]:
        """Do what the test wants, with the call that an action server would get."""
        self.calls.append(json)
        return await self.action(json)

    @property
    def texts(self) -> list[str]:
        """What the visitor had said at each call, as the tracker has it."""
        return [call["tracker"]["latest_message"]["text"] for call in self.calls]


def reply_to(text: str, **values: Any) -> Reply:
    """The reply to expect for a text."""
    blocks = (
        Text(f"About {text}."),
        Text("Please speak with a doctor."),
        Buttons((Button("More", "more:botox/cost"), Button(f"On {text}", f"show:{text}"))),
    )
    return Reply(Kind.ANSWER, blocks, **values)


async def answer(call: dict[str, Any]) -> dict[str, Any]:
    """What the real actions do: one reply as custom JSON, and slots."""
    tracker = call["tracker"]
    text = tracker["latest_message"]["text"]
    turns = (tracker["slots"].get("turns") or 0) + 1
    return said(reply_to(text).to_json(), [{"event": "slot", "name": "turns", "value": turns}])


def said(custom: Any, events: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """An action server's answer."""
    return {"events": events or [], "responses": [{"custom": custom}]}


def agent_on(model: Path, engine: Engine, actions: Actions) -> Agent:
    """An agent that keeps its conversations in the database of `engine`.

    The model is read once for all of them: nothing of a conversation stays in it.
    """
    store = SQLTrackerStore(Domain.empty(), host=engine.url.render_as_string(hide_password=False))
    with patch.object(MessageProcessor, "_load_model", staticmethod(_read_once)):
        return Agent.load(model, tracker_store=store, action_endpoint=actions)


_read = MessageProcessor._load_model


@cache
def _read_once(model: Path) -> Any:
    return _read(model)


def settings(engine: Engine, **values: Any) -> Settings:
    """Settings that touch nothing outside a test."""
    return Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key=SECRET,
        **values,
    )
