"""Loads the one Rasa agent of a process: model, stores and the actions beside it."""

from __future__ import annotations

from pathlib import Path

import bot.lean  # noqa: F401  # its import is its effect

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.utils.endpoints import EndpointConfig
from redis.connection import parse_url

from bot.channels.guard import GuardSource
from bot.conversations import Conversations
from bot.in_process import InProcessActions
from bot.settings import Settings
from bot.training import model_path

ACTION_SHARE = 0.8
"""How much of a turn's time its action may take, so that what is left suffices to say sorry."""


class NoModelError(RuntimeError):
    """There is no trained model for the present files."""


def load_agent(
    settings: Settings, guard: GuardSource, in_memory: bool = False, actions: str = "actions"
) -> Agent:
    """The agent, ready for messages.

    Args:
        in_memory: keep conversations in memory and leave no trace (`advisor ask`).
        actions: the package whose actions run in this process.

    Raises:
        NoModelError: `advisor train` has not been run since the training files changed.
    """
    path = model_path(settings)
    if not path.exists():
        raise NoModelError("There is no trained model for the present files. Run: advisor train")
    agent = bare_agent(settings, guard, in_memory, actions)
    agent.load_model(Path(path))
    return agent


def bare_agent(
    settings: Settings, guard: GuardSource, in_memory: bool = False, actions: str = "actions"
) -> Agent:
    """An agent without a model: behind `Turns`, the guard answers all that it is sent."""
    agent = Agent(action_endpoint=_actions(settings, guard, actions), lock_store=_locks(settings))
    # Rasa wraps its store in one that falls back to memory when the database fails, and so loses
    # conversations without a word. Ours fails, and the guard says so to the visitor.
    agent.tracker_store = _trackers(settings, in_memory)
    return agent


def _trackers(settings: Settings, in_memory: bool) -> Conversations:
    return Conversations("sqlite://" if in_memory else settings.database_url)


def _locks(settings: Settings) -> LockStore:
    if not settings.redis_url:
        return InMemoryLockStore()
    address = parse_url(settings.redis_url)
    return RedisLockStore(
        host=address.get("host", "localhost"),
        port=address.get("port", 6379),
        db=address.get("db", 1),
        username=address.get("username"),
        password=address.get("password"),
        use_ssl=settings.redis_url.startswith("rediss://"),
    )


def _actions(settings: Settings, guard: GuardSource, package: str) -> EndpointConfig:
    if settings.action_endpoint_url:
        return EndpointConfig(url=settings.action_endpoint_url)
    return InProcessActions(guard, settings.turn_timeout_s * ACTION_SHARE, package)
