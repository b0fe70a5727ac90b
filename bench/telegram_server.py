"""A bot with a small model and the real Telegram channel, to be killed and started again.

Each life is a process of its own, forked from one that has imported all this and nothing more:
importing Rasa takes longer than a life in a test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import bot.lean  # noqa: F401  # its import is its effect

from rasa.core.agent import Agent
from sanic import Sanic

from bot.channels.guard import Guard
from bot.channels.site import APP_CONFIG, mount
from bot.channels.telegram.channel import Pace, TelegramChannel
from bot.channels.telegram.limits import Limit, SendLimits
from bot.channels.turn import Turns
from bot.conversations import Conversations
from bot.settings import Settings
from bot.store.session import engine_for, migrate
from tests.channels.small_agent import Actions

PACE = Pace(SendLimits(Limit(100_000, 1.0), Limit(1_000, 1.0), Limit(1_000, 1.0)), lease_s=3.0)
"""Telegram's own limits would make a benchmark wait; a short lease spares it most of the rest."""


def life(model: Path, port: int, environment: Mapping[str, str], log: Path) -> BaseProcess:
    """A new life of the bot, begun, in an environment of its own; its output is added to `log`."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_live, args=(model, port, dict(environment), log), daemon=True)
    process.start()
    return process


def _live(model: Path, port: int, environment: dict[str, str], log: Path) -> None:
    with log.open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    serve(model, port)


def serve(model: Path, port: int) -> None:
    """Serve until stopped."""
    settings = Settings.from_env()
    engine = engine_for(settings.database_url)
    migrate(engine)
    guard = Guard.builtin()
    app = Sanic("bench_telegram", configure_logging=False)
    app.config.update(APP_CONFIG)

    async def load(app: Sanic, loop: object) -> None:
        store = Conversations(settings.database_url)
        agent = Agent.load(model, tracker_store=store, action_endpoint=Actions())
        app.ctx.turns = Turns(agent, settings, guard)

    app.register_listener(load, "before_server_start")
    mount(app, settings, guard)
    TelegramChannel(settings, guard, pace=PACE).mount(app)
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, motd=False)
