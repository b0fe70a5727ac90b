"""One run of `bench/telegram.py`: brings updates, kills the bot, and judges what it sent."""

from __future__ import annotations

import http.client
import json
import logging
import os
import queue
import random
import re
import secrets
import socket
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bench.serving import BenchError
from bench.telegram_server import life
from bot.store.session import engine_for, reading
from bot.store.tables import telegram_updates
from tests.channels.telegram.stand_in import TOKEN, Call, StandIn, standing_in

SECRET = secrets.token_hex(32)
READY_WITHIN_S = 90.0
STALLED_AFTER_S = 60.0
CONNECTIONS = 20
"""How many the bot lets Telegram open at once."""
AT_A_KILL_S = 2.0
SHARE = 0.05
"""Of updates brought twice, and of those brought out of order."""
WORDS = re.compile(r"About c(\d+) n(\d+)\.")


@dataclass(frozen=True)
class Plan:
    """What to do."""

    mode: str
    updates: int
    chats: int
    kills: int
    idle: int = 30
    """How many updates to bring for the time that an idle bot takes over one."""
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What visitors got."""

    updates: int
    repeated: int
    reordered: int
    kills: int
    answered: int
    lost: int
    """At most one a kill, whose text was about to leave, is no fault: see ``docs/telegram.md``."""
    twice: int
    twice_at_a_kill: int
    disordered: int
    per_second: float
    accepted_ms: float | None


@dataclass
class _Process:
    """The bot, which may be replaced by its next life."""

    model: Path
    folder: Path
    environment: dict[str, str]
    port: int
    running: BaseProcess | None = None
    killed_at: list[float] = field(default_factory=list)

    def start(self) -> None:
        log = self.folder / "bot.log"
        self.running = life(self.model, self.port, self.environment, log)
        end = time.monotonic() + READY_WITHIN_S
        while not _listens(self.port):
            if not self.running.is_alive() or time.monotonic() > end:
                raise BenchError(f"the bot does not start: see {log}")
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.running is not None
        self.killed_at.append(time.monotonic())
        self.running.kill()  # -9
        self.running.join()

    def stop(self) -> None:
        if self.running is None:
            return
        self.running.terminate()
        self.running.join(10)
        if self.running.is_alive():
            self.running.kill()
            self.running.join()


def run(plan: Plan, model: Path, folder: Path) -> Outcome:
    """Bring all updates, kill the bot in between, and wait until nothing more comes.

    Raises:
        BenchError: the bot does not start, or stops answering.
    """
    folder.mkdir()
    chance = random.Random(plan.seed)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # a killed client is no error
    with standing_in() as telegram, _bot(plan, model, folder, telegram) as process:
        answers = _Answers(telegram)
        updates = _updates(plan, telegram, chance)
        order, repeated, reordered = _shuffled(updates, chance)
        bring = _Polled(telegram) if plan.mode == "polling" else _Brought(telegram, process.port)
        while plan.mode == "webhook" and not telegram.webhook:
            time.sleep(0.05)
        times = bring.times_when_idle(plan.idle)
        ledger = engine_for(process.environment["DATABASE_URL"])
        start = time.monotonic()
        bring.begin(order)
        for number in range(plan.kills):
            _wait_for(answers, len(updates) * (number + 1) // (plan.kills + 1), ledger, len(times))
            process.kill()
            process.start()
        _wait_for(answers, len(updates), ledger, len(times))
        seconds = time.monotonic() - start
        time.sleep(3.0)  # whatever is sent too often has time to come
        process.stop()
        bring.end()
    return _judge(plan, answers.at, process.killed_at, repeated, reordered, seconds, times)


@contextmanager
def _bot(plan: Plan, model: Path, folder: Path, telegram: StandIn) -> Iterator[_Process]:
    kept = {n: os.environ[n] for n in ("PATH", "HOME", "LANG", "TMPDIR") if n in os.environ}
    environment = {
        **kept,
        "DATABASE_URL": f"sqlite:///{folder / 'advisor.db'}",
        "SECRET_KEY": SECRET,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.base,
        "TURN_TIMEOUT": "20",
        "NO_PROXY": "127.0.0.1",
    }
    if plan.mode == "webhook":
        environment["TELEGRAM_WEBHOOK_URL"] = "https://bot.clinic.example/webhooks/telegram"
    process = _Process(model, folder, environment, _free_port())
    process.start()
    try:
        yield process
    finally:
        process.stop()


def _updates(plan: Plan, telegram: StandIn, chance: random.Random) -> list[dict[str, Any]]:
    """Everybody writes in turns of chance; the words say whose and which it is."""
    written: dict[int, int] = defaultdict(int)
    found = []
    for _ in range(plan.updates):
        chat = chance.randrange(1, plan.chats + 1)
        written[chat] += 1
        found.append(telegram.message(chat, f"c{chat} n{written[chat]}"))
    return found


def _shuffled(
    updates: list[dict[str, Any]], chance: random.Random
) -> tuple[list[dict[str, Any]], int, int]:
    """As they are brought: some after the next one, some twice."""
    order = list(updates)
    reordered = 0
    for place in range(len(order) - 1):
        if chance.random() < SHARE:
            order[place], order[place + 1] = order[place + 1], order[place]
            reordered += 1
    brought = []
    for update in order:
        brought += [update] * (2 if chance.random() < SHARE else 1)
    return brought, len(brought) - len(order), reordered


class _Polled:
    """Has updates asked for. Those that were not confirmed are given again after each kill."""

    def __init__(self, telegram: StandIn) -> None:
        self._telegram = telegram

    def begin(self, order: list[dict[str, Any]]) -> None:
        """The stand-in gives them in disorder and twice by itself."""
        self._telegram.disorder = random.Random(1)
        self._telegram.offer(*order)

    def times_when_idle(self, count: int) -> list[float]:
        return []

    def end(self) -> None:
        """Nothing to end."""


class _Brought:
    """Brings updates as Telegram does: over several connections, again until each is taken."""

    def __init__(self, telegram: StandIn, port: int) -> None:
        self._telegram = telegram
        self._port = port
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._threads: list[threading.Thread] = []

    def begin(self, order: list[dict[str, Any]]) -> None:
        for update in order:
            self._waiting.put(update)
        for _ in range(CONNECTIONS):
            thread = threading.Thread(target=self._work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def times_when_idle(self, count: int) -> list[float]:
        """How long the bot takes to take an update in while it has nothing else to do."""
        times = []
        for _ in range(count):
            time.sleep(0.6)  # more than it holds an update back
            start = time.perf_counter()
            if not self._bring(self._telegram.message(9_999_999, "hello")):
                raise BenchError("the bot takes no updates in")
            times.append(time.perf_counter() - start)
        return times

    def end(self) -> None:
        for thread in self._threads:
            thread.join(10)

    def _work(self) -> None:
        while True:
            try:
                update = self._waiting.get_nowait()
            except queue.Empty:
                return
            while not self._bring(update):
                time.sleep(0.1)

    def _bring(self, update: dict[str, Any]) -> bool:
        secret = self._telegram.webhook.get("secret_token", "")
        headers = {
            "X-Telegram-Bot-Api-Secret-Token": secret,
            "Content-Type": "application/json",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("POST", "/webhooks/telegram", json.dumps(update), headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class _Answers:
    """When each update was answered, by chat and place, in the order of the first answers."""

    def __init__(self, telegram: StandIn) -> None:
        self.at: dict[tuple[int, int], list[float]] = {}
        telegram.on_message = self._note

    async def _note(self, call: Call) -> None:
        match = WORDS.search(call.words)
        if match:
            self.at.setdefault((int(match[1]), int(match[2])), []).append(call.at)


def _wait_for(answers: _Answers, count: int, ledger: Engine, before: int) -> None:
    """Until so many updates are answered, or the bot takes them all for answered.

    Args:
        before: how many other updates it had before these.

    Raises:
        BenchError: no more of them are, and some still wait.
    """
    seen, since = -1, time.monotonic()
    while (now := len(answers.at)) < count:
        if now != seen:
            seen, since = now, time.monotonic()
        quiet = time.monotonic() - since
        if quiet > AT_A_KILL_S and _done(ledger) >= before + count:
            return
        if quiet > STALLED_AFTER_S:
            raise BenchError(f"{now} updates are answered, and no more come")
        time.sleep(0.2)


def _done(ledger: Engine) -> int:
    """How many updates were taken in; 0 while one of them waits."""
    with reading(ledger) as connection:
        done = connection.execute(select(telegram_updates.c.done)).scalars().all()
    return len(done) if all(done) else 0


def _judge(
    plan: Plan,
    answers: dict[tuple[int, int], list[float]],
    killed_at: list[float],
    repeated: int,
    reordered: int,
    seconds: float,
    times: list[float],
) -> Outcome:
    twice = [at for at in answers.values() if len(at) > 1]
    at_a_kill = [at for at in twice if any(0 <= kill - at[0] < AT_A_KILL_S for kill in killed_at)]
    by_chat: dict[int, list[int]] = defaultdict(list)
    for chat, place in answers:
        by_chat[chat].append(place)
    return Outcome(
        updates=plan.updates,
        repeated=repeated,
        reordered=reordered,
        kills=len(killed_at),
        answered=len(answers),
        lost=plan.updates - len(answers),
        twice=len(twice),
        twice_at_a_kill=len(at_a_kill),
        disordered=sum(places != sorted(places) for places in by_chat.values()),
        per_second=len(answers) / seconds,
        accepted_ms=statistics.median(times) * 1000 if times else None,
    )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
