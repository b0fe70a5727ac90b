"""The measurements. What is compared takes turns, so that a busy machine slows both alike."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.figures import Spread
from bench.messages import Messages
from bench.serving import Server
from bench.visitor import Client, Visitor
from bot.knowledge.encode import Encoder

WARM_UP = 40
"""Turns before anything is timed."""
BLOCK = 10
"""Measurements of one kind in a row, so that each finds its own code in the processor's caches."""
WINDOW = 50
"""Turns around one place in a conversation: two of Rasa's sessions (`bot.channels.rotation`), as
many different messages, and more than the encoder remembers."""
PLACES = (50, 200, 500)
SHIFT = 17
"""How many messages conversations of different length are apart, for the same reason."""


@dataclass(frozen=True)
class Turns:
    """One turn in a fresh conversation, beside what it cannot do without."""

    answer: Spread
    small_talk: Spread
    encoder: Spread
    echo: Spread
    sent: int
    """Bytes of the last answer's request and of its response, which the echo's have too."""
    received: int
    other_kinds: dict[str, int]
    """What came instead of an answer or small talk; not in the figures."""


@dataclass
class _Timed:
    """Seconds of each measurement of a kind, and processor seconds of all."""

    seconds: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, clock: Callable[[], float], block: Iterator[float]) -> None:
        before = clock()
        found = list(block)
        self.seconds += found
        self.cpu_s += clock() - before

    def spread(self) -> Spread:
        return Spread.of(self.seconds, self.cpu_s)


def turns(advisor: Server, bare: Server, encoder: Encoder, messages: Messages, count: int) -> Turns:
    """Time `count` turns of each kind or a few more, with echoes and encodings between them."""
    client, bare_client = Client(advisor.port), Client(bare.port)
    for text in messages.mixed(WARM_UP, start=1_000):
        Visitor(client).say(text)
    answer, small_talk, encoding, echo = _Timed(), _Timed(), _Timed(), _Timed()
    kinds = {
        "answer": (answer, iter(messages.questions * 9)),
        "smalltalk": (small_talk, iter(messages.small_talk * 9)),
    }
    asked: list[str] = []
    sizes = (0, 0)
    others: Counter[str] = Counter()

    def say(kind: str, texts: Iterator[str], visitors: list[Visitor]) -> Iterator[float]:
        nonlocal sizes
        for visitor in visitors:
            text = next(texts)
            reply = visitor.say(text)
            if reply.kind() != kind:
                others[reply.kind()] += 1
                continue
            if kind == "answer":
                asked.append(text)
                sizes = reply.sent, len(reply.body)
            yield reply.seconds

    def encode() -> Iterator[float]:
        for text in asked[-BLOCK:]:
            start = time.perf_counter()
            encoder.encode([text])
            yield time.perf_counter() - start

    def send_bare() -> Iterator[float]:
        sent, received = sizes
        message = {"id": "message-1", "text": "x" * max(0, sent - 40)}
        for _ in range(BLOCK):
            yield bare_client.post(f"/echo/{received}", message).seconds

    while min(len(answer.seconds), len(small_talk.seconds)) < count:
        for kind, (timed, texts) in kinds.items():
            visitors = [Visitor(client) for _ in range(BLOCK)]
            timed.add(advisor.cpu_s, say(kind, texts, visitors))
        encoding.add(time.process_time, encode())
        echo.add(bare.cpu_s, send_bare())
    return Turns(
        answer=answer.spread(),
        small_talk=small_talk.spread(),
        encoder=encoding.spread(),
        echo=echo.spread(),
        sent=sizes[0],
        received=sizes[1],
        other_kinds=dict(others),
    )


def lengths(advisor: Server, messages: Messages) -> dict[int, Spread]:
    """The turns around turn 50, 200 and 500, and first turns, all with the same messages."""
    said = messages.mixed(WINDOW)
    client = Client(advisor.port)

    def grown(place: int) -> Visitor:
        visitor = Visitor(client)
        for number in range(place - WINDOW // 2):
            visitor.say(said[number % WINDOW]).kind()
        return visitor

    conversations = {place: grown(place) for place in PLACES}
    timed = {place: _Timed() for place in (1, *PLACES)}
    for number in range(WINDOW):
        for shift, (place, into) in enumerate(timed.items()):
            visitor = conversations.get(place) or Visitor(client)
            reply = visitor.say(said[(number + shift * SHIFT) % WINDOW])
            reply.kind()
            into.seconds.append(reply.seconds)
    return {place: Spread.of(each.seconds) for place, each in timed.items()}


@dataclass(frozen=True)
class Throughput:
    """Traffic of several conversations at once."""

    conversations: int
    per_second: float
    spread: Spread


def throughput(
    advisor: Server, messages: Messages, conversations: int, seconds: float
) -> Throughput:
    """Visitors who each send the next message as soon as they have an answer."""
    together = threading.Barrier(conversations, timeout=60)

    def chat(number: int) -> list[float]:
        visitor = Visitor(Client(advisor.port))
        texts = iter(messages.mixed(10_000, start=number * 97))
        visitor.say(next(texts)).kind()
        together.wait()
        end = time.perf_counter() + seconds
        found = []
        while time.perf_counter() < end:
            reply = visitor.say(next(texts))
            reply.kind()
            found.append(reply.seconds)
        return found

    with ThreadPoolExecutor(conversations) as pool:
        before = advisor.cpu_s()
        found = [value for part in pool.map(chat, range(conversations)) for value in part]
        cpu = advisor.cpu_s() - before
    return Throughput(conversations, len(found) / seconds, Spread.of(found, cpu))
