"""A visitor over HTTP: the plainest client there is, so that little of what is timed is its own."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any

from bench.serving import BenchError

TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back, and how long that took, the reading of the whole body included."""

    seconds: float
    sent: int
    """Bytes of the request's body."""
    body: bytes

    def kind(self) -> str:
        """The kind of reply.

        Raises:
            BenchError: the turn failed and a stand-in was sent, which is no figure to keep.
        """
        data = json.loads(self.body)
        if not data["recorded"]:
            raise BenchError("a turn was not recorded: it failed, or took longer than TURN_TIMEOUT")
        return str(data["events"][-1]["kind"])


class Client:
    """One connection that is kept open, as a browser does. The server closes one that is idle."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        self._connection.connect()

    def post(self, path: str, data: dict[str, Any] | None, token: str = "") -> Answer:
        """Send and wait.

        Raises:
            BenchError: the answer is not 200.
        """
        body = b"" if data is None else json.dumps(data).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        start = time.perf_counter()
        try:
            self._connection.request("POST", path, body, headers)
            response = self._connection.getresponse()
            answered = response.read()
        except OSError as error:
            raise BenchError(f"POST {path}: {type(error).__name__}: {error}") from error
        seconds = time.perf_counter() - start
        if response.status != 200:
            raise BenchError(f"POST {path}: {response.status} {answered[:200]!r}")
        return Answer(seconds, len(body), answered)


class Visitor:
    """One conversation."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._ids = itertools.count(1)
        session = json.loads(client.post("/webhooks/web/session", None).body)
        self._token = str(session["token"])

    def say(self, text: str) -> Answer:
        """Send a message and wait for its answer."""
        message = {"id": f"message-{next(self._ids)}", "text": text}
        return self._client.post("/webhooks/web/messages", message, self._token)
