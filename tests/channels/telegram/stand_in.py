"""Stands in for Telegram: a Bot API on 127.0.0.1, as strict as the real one where it matters.

It holds updates for polling, records every call, and does what a test asks for: answers 429, 502,
403 or 400, cuts connections, or is slow.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

TOKEN = "123456789:a-token-of-the-tests_0123456789"
USERNAME = "skin_test_bot"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Skin", "username": USERNAME}
MESSAGES = ("sendMessage", "sendPhoto", "sendDocument")


@dataclass(frozen=True)
class Call:
    """One request of the bot, once it was taken."""

    method: str
    data: dict[str, Any]
    files: dict[str, bytes]
    at: float
    message_id: int = 0

    @property
    def chat(self) -> int:
        return int(self.data.get("chat_id") or 0)

    @property
    def words(self) -> str:
        """The text or the caption, as it was sent."""
        return str(self.data.get("text") or self.data.get("caption") or "")

    @property
    def buttons(self) -> dict[str, str]:
        """Label to id or address."""
        markup = json.loads(self.data.get("reply_markup") or "{}")
        rows = markup.get("inline_keyboard", [])
        return {b["text"]: b.get("callback_data") or b.get("url") for row in rows for b in row}

    @property
    def rows(self) -> list[list[str]]:
        markup = json.loads(self.data.get("reply_markup") or "{}")
        return [[b["text"] for b in row] for row in markup.get("inline_keyboard", [])]


class Fault(Exception):
    """How the next matching call goes wrong."""

    def __init__(self, status: int, description: str = "", **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.body = {
            "ok": False,
            "error_code": status,
            "description": description,
            **({"parameters": parameters} if parameters else {}),
        }


CUT = Fault(0)
"""The connection ends without an answer."""


class _Reader(HTMLParser):
    """Reads a message's HTML as Telegram does: few tags, well nested."""

    ALLOWED = frozenset({"a", "b", "i", "u", "s", "code", "pre", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.ALLOWED:
            raise Fault(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Fault(400, "Bad Request: can't parse entities: Unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(words: str, mode: str | None) -> str:
    """What a visitor reads."""
    if mode != "HTML":
        return words
    reader = _Reader()
    reader.feed(words)
    reader.close()
    if reader.open:
        raise Fault(400, "Bad Request: can't parse entities: Can't find end tag")
    return reader.text


@dataclass
class StandIn:
    """The Bot API. Its methods may be called from any thread."""

    calls: list[Call] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    """Messages that were answered with a fault."""
    faults: list[tuple[str, int | None, Fault]] = field(default_factory=list)
    """(method, chat or None for any, fault), each for one call."""
    updates: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Those that were not confirmed yet."""
    base: str = ""
    delay_s: float = 0.0
    on_message: Callable[[Call], Awaitable[None]] | None = None
    webhook: dict[str, str] = field(default_factory=dict)
    polls: list[float] = field(default_factory=list)
    disorder: random.Random | None = None
    """Gives some updates twice and some after the next one, where it is set."""
    down: bool = False
    """Whether every call is answered with 502."""

    def __post_init__(self) -> None:
        self._message_ids = 1_000
        self._update_ids = 500_000
        self._lock = threading.Lock()

    # What a visitor does -------------------------------------------------------------------------

    def update(self, **content: Any) -> dict[str, Any]:
        """A new update that nobody has been given yet."""
        with self._lock:
            self._update_ids += 1
            return {"update_id": self._update_ids, **content}

    def message(self, chat: int, text: str | None = None, **content: Any) -> dict[str, Any]:
        """An update with a message, in a private chat unless `chat` is below zero."""
        kind = {"id": chat, "type": "private", "first_name": "V"}
        if chat < 0:
            kind = {"id": chat, "type": "supergroup", "title": "G"}
        with self._lock:
            self._message_ids += 1
            number = self._message_ids
        body = {
            "message_id": number,
            "date": int(time.time()),
            "chat": kind,
            "from": {"id": abs(chat), "is_bot": False, "first_name": "Visitor"},
            **content,
        }
        if text is not None:
            body["text"] = text
            if text.startswith("/"):
                length = len(text.split()[0])
                body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.update(message=body)

    def press(self, chat: int, message_id: int, data: str) -> dict[str, Any]:
        """An update with a pressed button."""
        message = {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "V"},
            "from": BOT,
            "text": "-",
        }
        sender = {"id": chat, "is_bot": False, "first_name": "Visitor"}
        return self.update(
            callback_query={
                "id": f"q{self._update_ids}", "from": sender, "message": message,
                "chat_instance": "1", "data": data,
            }
        )  # fmt: skip

    def offer(self, *updates: dict[str, Any]) -> None:
        """Have updates asked for."""
        with self._lock:
            for update in updates:
                self.updates[update["update_id"]] = update

    # What was seen -------------------------------------------------------------------------------

    def sent(self, chat: int | None = None) -> list[Call]:
        """The messages that arrived."""
        return [c for c in list(self.calls) if c.method in MESSAGES and chat in (None, c.chat)]

    def called(self, method: str) -> list[Call]:
        return [c for c in list(self.calls) if c.method == method]

    # The server ----------------------------------------------------------------------------------

    def app(self) -> web.Application:
        made = web.Application(client_max_size=50_000_000)
        made.router.add_route("*", "/bot{token}/{method}", self._handle)
        return made

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return self._fault(Fault(401, "Unauthorized"))
        form = await request.post()
        files = {k: v.file.read() for k, v in form.items() if isinstance(v, web.FileField)}
        data = {k: v for k, v in form.items() if not isinstance(v, web.FileField)}
        call = Call(method, data, files, time.monotonic())
        if self.down:
            return self._fault(Fault(502, "Bad Gateway"))
        fault = self._next_fault(call)
        if fault is CUT:
            self.refused.append(call)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault is not None:
            self.refused.append(call)
            return self._fault(fault)
        try:
            result = await self._do(call)
        except Fault as raised:
            self.refused.append(call)
            return self._fault(raised)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, fault: Fault) -> web.Response:
        return web.json_response(fault.body, status=fault.status)

    def _next_fault(self, call: Call) -> Fault | None:
        for number, (method, chat, fault) in enumerate(self.faults):
            if method == call.method and chat in (None, call.chat):
                del self.faults[number]
                return fault
        return None

    async def _do(self, call: Call) -> Any:
        if call.method == "getMe":
            return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False,
                    "supports_inline_queries": False}  # fmt: skip
        if call.method == "getUpdates":
            return await self._updates(call)
        if call.method == "setWebhook":
            self.webhook = dict(call.data)
        if call.method in MESSAGES:
            return await self._message(call)
        self.calls.append(call)
        return True

    async def _updates(self, call: Call) -> list[dict[str, Any]]:
        offset, wait = int(call.data.get("offset", 0)), float(call.data.get("timeout", 0))
        self.polls.append(time.monotonic())
        with self._lock:
            for number in [n for n in self.updates if n < offset]:
                del self.updates[number]
        end = time.monotonic() + wait
        while time.monotonic() < end and not self.updates:
            await asyncio.sleep(0.01)
        with self._lock:
            given = [self.updates[n] for n in sorted(self.updates)[:100]]
        if self.disorder is not None:
            for place in range(len(given) - 1):
                if self.disorder.random() < 0.05:
                    given[place], given[place + 1] = given[place + 1], given[place]
            given += [update for update in given if self.disorder.random() < 0.05]
        return given

    async def _message(self, call: Call) -> dict[str, Any]:
        words = shown(call.words, call.data.get("parse_mode"))
        units = len(words.encode("utf-16-le")) // 2
        if call.method == "sendMessage" and not words.strip():
            raise Fault(400, "Bad Request: message text is empty")
        if units > (4096 if call.method == "sendMessage" else 1024):
            raise Fault(400, "Bad Request: message is too long")
        for id_ in call.buttons.values():
            if len(id_.encode()) > 64 and not id_.startswith("https://"):
                raise Fault(400, "Bad Request: BUTTON_DATA_INVALID")
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        with self._lock:
            self._message_ids += 1
            number = self._message_ids
        taken = Call(call.method, call.data, call.files, call.at, number)
        self.calls.append(taken)
        if self.on_message is not None:
            await self.on_message(taken)
        chat = {"id": call.chat, "type": "private", "first_name": "V"}
        return {"message_id": number, "date": int(time.time()), "chat": chat, "text": words}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Serve a stand-in, in a thread and on a free port, until the block ends."""
    stand_in, started, loop = StandIn(), threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(stand_in.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        stand_in.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        started.set()
        await ended.wait()
        await runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}  # answers that were held back
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield stand_in
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()
