"""One process: Rasa's agent, the actions and the channels, on one Sanic app.

Rasa's own HTTP API and root route are left out: they would show trackers and the version.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import bot.lean  # noqa: F401  # its import is its effect

from rasa.core.agent import Agent
from sanic import Sanic

from bot.advice.reply import Reply
from bot.advice.understanding import Understanding
from bot.advisor import Advisor
from bot.agent import bare_agent, load_agent
from bot.channels.limits import Rates
from bot.channels.site import APP_CONFIG, mount
from bot.channels.summary import page_html, pages
from bot.channels.telegram.answering import PagesOf
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.turn import Turns
from bot.cli.explaining import explanation
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import live
from bot.live_guard import live_guard
from bot.settings import Settings
from bot.signs import sign_test
from bot.staff import site as staff
from bot.staff.office import Tools
from bot.store.erase import purge_older_than
from bot.store.session import engine_for

logger = logging.getLogger(__name__)

PURGE_EVERY_S = 24 * 3600
WARM_UP_S = 60.0
"""What the first turn may take, while a machine is still busy with all else that starts."""
LOOK_EVERY_S = 0.2
"""How often a new publication is looked for between turns; a turn looks for itself."""


def build(
    settings: Settings,
    on_ready: Callable[[], None] = lambda: None,
    rates: Rates | None = None,
) -> Sanic:
    """The app, with everything loaded before the first request is taken.

    Args:
        on_ready: called when the port is open.
        rates: other limits, for a benchmark or a test.
    """
    app = Sanic("advisor", configure_logging=False)
    app.config.update(APP_CONFIG)

    async def load(app: Sanic, loop: AbstractEventLoop) -> None:
        app.ctx.agent = _agent(settings)
        app.ctx.turns = Turns(app.ctx.agent, settings, live_guard)
        # The first message costs half a second more than the next: let it not be a visitor's.
        patient = replace(settings, turn_timeout_s=WARM_UP_S)
        await Advisor(app.ctx.agent, Turns(app.ctx.agent, patient, live_guard)).ask("hello")

    async def ready(app: Sanic, loop: AbstractEventLoop) -> None:
        on_ready()

    app.register_listener(load, "before_server_start")
    app.register_listener(ready, "after_server_start")
    app.add_task(_purge_daily(settings))
    app.add_task(_stay_current())
    mount(app, settings, live_guard, rates)
    if settings.telegram_token:
        TelegramChannel(settings, live_guard, _pages_of(app)).mount(app)
    app.blueprint(pages(settings, _live_knowledge))
    staff.mount(app, settings, _staff_tools(app, settings))
    return app


def _staff_tools(app: Sanic, settings: Settings) -> Tools:
    async def ask(text: str) -> tuple[Reply, Understanding]:
        return await Advisor(app.ctx.agent, app.ctx.turns).ask(text)

    # One thread: it works while visitors are answered.
    return Tools(ask, explanation, sign_test, lambda: Encoder.load(settings.encoder_dir))


def _pages_of(app: Sanic) -> PagesOf:
    def page(conversation: str, path: str) -> bytes | None:
        history, wording = app.ctx.turns.history, live_guard().wording
        html = page_html(history, conversation, path, _live_knowledge(), wording)
        return None if html is None else html.encode()

    return lambda conversation: partial(page, conversation)


def _live_knowledge() -> Knowledge:
    return live().current().knowledge


def _agent(settings: Settings) -> Agent:
    """The agent; without its model rather than no server, since the guard still knows an emergency
    and the way to a person.
    """
    try:
        return load_agent(settings, live_guard)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with the model
        logger.error(
            "the model cannot be loaded (%s): %s. Every message gets the guard's answer until the"
            " server is started again with one.",
            type(error).__name__,
            error,
        )
        return bare_agent(settings, live_guard)


def serve(settings: Settings, on_ready: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to stop."""
    # One worker: more of them need a shared lock (REDIS_URL) and a load balancer in front.
    build(settings, on_ready).run(
        host=settings.host, port=settings.port, workers=1, access_log=False, motd=False
    )


async def _stay_current() -> None:
    """Load a new publication when it is there, and not when a visitor waits for it."""
    while True:
        with suppress(Exception):  # the next turn meets the same, and the guard answers it
            await asyncio.to_thread(live_guard)
        await asyncio.sleep(LOOK_EVERY_S)


async def _purge_daily(settings: Settings) -> None:
    """Erase conversations past their retention, at start and once a day."""
    while True:
        try:
            engine = engine_for(settings.database_url)
            erased = await asyncio.to_thread(purge_older_than, engine, settings.retention_days)
            if erased:
                logger.info("erased %d events past retention", erased)
        except Exception as error:  # noqa: BLE001  # the database may be away for a while
            logger.error("purging failed with %s; trying again in a day", type(error).__name__)
        await asyncio.sleep(PURGE_EVERY_S)
