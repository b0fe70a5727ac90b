"""Runs the actions inside the Rasa process, so that no turn can end in silence.

Rasa calls an action server over HTTP and, when that fails, ends the turn without a word after five
minutes. `InProcessActions` is the endpoint it is given instead: it calls rasa-sdk's own executor,
each action in a thread, and answers every failure with the guard's reply.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bot.lean  # noqa: F401  # its import is its effect

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.advice.answer import ALARMS, alarm_stands
from bot.advice.reply import Kind, Reply
from bot.advice.safety import EARLIER
from bot.advice.understanding import flags_of
from bot.channels.guard import GuardSource, current
from bot.channels.rotation import ALARM, SCREENING

logger = logging.getLogger(__name__)

THREADS = 8
"""Actions that may be under way at once; one that hangs holds a thread, never the server."""


class InProcessActions(EndpointConfig):
    """An action endpoint without a network."""

    def __init__(self, guard: GuardSource, timeout_s: float, package: str = "actions") -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._guard = guard
        self._timeout_s = timeout_s
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="action")

    async def request(
        self, *args: object, json: dict[str, Any], **kwargs: object
    ) -> dict[str, Any]:
        """Run the action named in the call; the answer always holds a whole `Reply`."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._pool, self._run, json)
        try:
            result = await asyncio.wait_for(work, self._timeout_s)
            _check(result)
        except Exception as error:  # noqa: BLE001  # however it fails, the visitor gets an answer
            logger.error("%s failed: %s", json.get("next_action"), _without_words(error))
            return self._apology(json)
        return result

    def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        try:
            return asyncio.run(self._executor.run(call)) or {}
        except (SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:
            # Passed on they would stop the server, or the turn without an answer.
            raise _StoppedError(type(error).__name__) from error

    def _apology(self, call: dict[str, Any]) -> dict[str, Any]:
        tracker = call.get("tracker") or {}
        events = [event for event in tracker.get("events") or [] if event.get("event") == "user"]
        # A button's label is our own title, and no symptom of the visitor's.
        said = ["" if _pressed(event) else str(event.get("text") or "") for event in events]
        *before, text = ["", *said]
        turn = int((tracker.get("slots") or {}).get("turns") or 0)
        known = flags_of(tracker.get("latest_message"))
        alarm = alarm_stands(_kinds(tracker))
        reply = current(self._guard).reply(text, before[-EARLIER:], turn, known=known, alarm=alarm)
        events = _end_of_form(tracker) if reply.kind in ALARMS else []
        return {"events": events, "responses": [{"custom": reply.to_json()}]}


def _kinds(tracker: Mapping[str, Any]) -> Iterator[Kind]:
    """Of the replies so far, the newest first (`actions.turn` has the same for an action)."""
    for event in reversed(tracker.get("events") or []):
        if event.get("event") == "bot":
            with contextlib.suppress(
                ValueError, TypeError, KeyError
            ):  # what an action said may be no reply
                yield Reply.from_json(event["data"]["custom"]).kind
        elif event.get("event") == "session_started" and (event.get("metadata") or {}).get(ALARM):
            yield Kind.EMERGENCY


def _end_of_form(tracker: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An emergency ends the questions about habits, whoever answers it."""
    if not (tracker.get("active_loop") or {}).get("name"):
        return []
    return [
        {"event": "active_loop", "name": None},
        {"event": "slot", "name": SCREENING, "value": None},
    ]


def _pressed(event: dict[str, Any]) -> bool:
    return "action" in (event.get("metadata") or {})


class _StoppedError(RuntimeError):
    """An action tried to end the process or its own turn."""


def _check(result: dict[str, Any]) -> None:
    """Raises ValueError unless the action's result holds exactly one readable reply."""
    replies = [response.get("custom") for response in result.get("responses") or []]
    if len(replies) != 1:
        raise ValueError(f"{len(replies)} replies instead of one")
    Reply.from_json(replies[0])


def _without_words(error: Exception) -> str:
    """The kind of error and where it came from; its message may hold what the visitor wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
