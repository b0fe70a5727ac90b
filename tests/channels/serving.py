"""Runs a Sanic app in a thread, on 127.0.0.1 and a free port, and talks to it."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import bot.lean  # noqa: F401  # before Rasa

import httpx
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.site import APP_CONFIG

_numbers = itertools.count()

# When an app starts Sanic takes the calls of unused signals out of its own methods. It has to do so
# once and, reading its own source again, cannot do so twice in a process.
_touch_up = TouchUp.run


def _touch_up_once(app: Sanic) -> None:
    TouchUp.run = lambda app: None
    _touch_up(app)


TouchUp.run = _touch_up_once


def app() -> Sanic:
    """An app as the product's server makes it."""
    made = Sanic(f"test_{next(_numbers)}", configure_logging=False)
    made.config.update(APP_CONFIG)
    return made


@contextmanager
def served(app: Sanic) -> Iterator[str]:
    """Serve `app` and give its address."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    async def serve() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.start_serving()
        started.set()
        await ended.wait()
        server.close()
        for connection in list(server.connections):
            connection.close_if_idle()
            connection.abort()
        await asyncio.sleep(0.05)  # lets the aborted connections end their tasks

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
        listening.close()


class Visitor:
    """One browser tab: a client and its token."""

    def __init__(self, base: str, **headers: str) -> None:
        self.client = httpx.Client(base_url=base, headers=headers, timeout=10, trust_env=False)
        self.token = self.begin()

    def begin(self) -> str:
        """Get a new session."""
        response = self.client.post("/webhooks/web/session")
        assert response.status_code == 200, response.text
        token: str = response.json()["token"]
        return token

    @property
    def headers(self) -> dict[str, str]:
        """What opens the conversation."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: object) -> httpx.Response:
        """Send a message."""
        headers = {"Content-Type": "application/json", **self.headers}
        return self.client.post("/webhooks/web/messages", content=json.dumps(body), headers=headers)

    def say(self, text: str, id: str) -> dict:
        """Send a text that has to be answered."""
        response = self.post(id=id, text=text)
        assert response.status_code == 200, response.text
        return response.json()

    def events(self, after: object = 0) -> httpx.Response:
        """Ask for the conversation."""
        return self.client.get(f"/webhooks/web/events?after={after}", headers=self.headers)

    def erase(self) -> httpx.Response:
        """Erase the conversation."""
        return self.client.delete("/webhooks/web/conversation", headers=self.headers)
