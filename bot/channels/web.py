"""The public HTTP road: sessions, messages, history and erasure, for any page that may ask.

    POST   /webhooks/web/session        -> {token, expires}
    POST   /webhooks/web/messages       {id, text | button} -> {id, events, recorded, erased}
    GET    /webhooks/web/events?after=N -> {events, next, more}
    POST   /webhooks/web/feedback       {position, value: "up" | "down" | null} -> {saved}
    DELETE /webhooks/web/conversation   -> {erased}

All but the first need ``Authorization: Bearer TOKEN``. The same message ``id`` gets the same answer
and no second turn. The tracker is the record: no state is kept here but how fast somebody goes;
what else a process remembers is in `bot.channels.recall`.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.advice.reply import Reply
from bot.advice.summary import PATH as SUMMARY_PATH
from bot.channels import guard as guards
from bot.channels import rating
from bot.channels.body import Incoming, parse_judgement, parse_message, read_body
from bot.channels.guard import Guard, GuardSource
from bot.channels.history import Answered, Said
from bot.channels.limits import Buckets, Rates
from bot.channels.origin import METHODS, address, permitted, preflight_headers
from bot.channels.refusal import Refusal, answer
from bot.channels.token import Tokens
from bot.channels.turn import Turn, Turns
from bot.settings import Settings
from bot.store.session import StoreError

Handler = Callable[[Request], Awaitable[HTTPResponse]]

PREFIX = "/webhooks/web"
DAY_S = 86_400.0


class WebChannel(InputChannel):
    """Rasa's view of the road. The turns are in ``app.ctx.turns`` once the model is loaded."""

    def __init__(self, settings: Settings, guard: GuardSource, rates: Rates | None = None) -> None:
        """Take what every request needs; a test or a benchmark brings its own `rates`."""
        rates = rates or Rates()
        self._settings = settings
        self._guard = guard
        self._tokens = Tokens(settings.secret(), settings.retention_days * DAY_S)
        self._conversations = Buckets(rates.conversation)
        self._addresses = Buckets(rates.address)
        self._sessions = Buckets(rates.sessions)

    @classmethod
    def name(cls) -> str:
        """As in the tracker's ``input_channel`` and in the path."""
        return "web"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's handler is not called: `Turns` is the only way in."""
        blueprint = Blueprint("web")
        handlers = {
            "session": self.session,
            "messages": self.messages,
            "events": self.events,
            "feedback": self.feedback,
            "conversation": self.erase,
        }
        for route, method in METHODS.items():
            # Streamed, so that a body's size is known before it is read.
            reads = method == "POST"
            handler = self._checked(handlers[route], route)
            blueprint.add_route(handler, f"/{route}", [method], stream=reads, ignore_body=not reads)
            asked_before = self._checked(self._preflight(route), f"preflight_{route}")
            blueprint.add_route(asked_before, f"/{route}", ["OPTIONS"], ignore_body=True)
        return blueprint

    async def session(self, request: Request) -> HTTPResponse:
        """Begin a conversation."""
        _slow_down(self._sessions.wait(self._address(request)), self._current_guard())
        body = await read_body(request)
        if body.strip() not in (b"", b"{}"):
            raise Refusal(400, "wrong_shape", "A session needs no body.")
        session = self._tokens.issue()
        return answer({"token": session.token, "expires": session.expires})

    async def messages(self, request: Request) -> HTTPResponse:
        """Answer one message."""
        conversation = self._conversation(request)
        incoming = parse_message(request.headers.get("content-type"), await read_body(request))
        wait = self._wait(request, conversation)
        if wait:
            turn = self._hurried(request, conversation, incoming, wait)
        else:
            turn = await self._turn(request, conversation, incoming)
        event = self._answered(conversation, turn.reply, turn.position)
        return answer(
            {
                "id": incoming.id,
                "events": [event],
                "recorded": turn.recorded,
                "erased": turn.reply.forget,
            }
        )

    async def events(self, request: Request) -> HTTPResponse:
        """Give the conversation back, from where the client has it."""
        conversation = self._conversation(request)
        _slow_down(self._addresses.wait(self._address(request)), self._current_guard())
        raw = request.args.get("after", "0")
        if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
            raise Refusal(400, "wrong_after", "after has to be the position of an event, or 0.")
        history = _turns(request).history
        page = history.read(conversation, int(raw))
        events = [self._event(conversation, event) for event in page.events]
        thumbs = rating.saved(history, conversation)
        for event in events:
            if event["position"] in thumbs:
                event["rated"] = thumbs[event["position"]]
        return answer({"events": events, "next": page.next, "more": page.more})

    async def feedback(self, request: Request) -> HTTPResponse:
        """Save what the visitor thinks of an answer."""
        conversation = self._conversation(request)
        judgement = parse_judgement(request.headers.get("content-type"), await read_body(request))
        _slow_down(self._addresses.wait(self._address(request)), self._current_guard())
        return answer({"saved": rating.save(_turns(request).history, conversation, judgement)})

    async def erase(self, request: Request) -> HTTPResponse:
        """Erase the conversation."""
        conversation = self._conversation(request)
        _slow_down(self._addresses.wait(self._address(request)), self._current_guard())
        await _turns(request).erase(conversation)
        return answer({"erased": True})

    async def _turn(self, request: Request, conversation: str, incoming: Incoming) -> Turn:
        turns: Turns | None = getattr(request.app.ctx, "turns", None)
        if turns is None:
            reply = self._current_guard().reply(incoming.text or "")
            return Turn(reply, recorded=False, repeated=False)
        if incoming.text is not None:
            return await turns.text(conversation, incoming.text, incoming.id, self.name())
        try:
            offered = turns.history.buttons(conversation)
            button = self._tokens.button(conversation, incoming.button or "", offered)
        except StoreError:
            reply = turns.stand_in(conversation, "", incoming.id, look=False)
            return Turn(reply, recorded=False, repeated=False)
        if button is None:
            return turns.expired(conversation)
        return await turns.press(
            conversation, button.action, button.label, incoming.id, self.name()
        )

    def _hurried(
        self, request: Request, conversation: str, incoming: Incoming, wait: float
    ) -> Turn:
        """A message too many: only an emergency in it is answered, and by the guard alone."""
        turns: Turns | None = getattr(request.app.ctx, "turns", None)
        text = incoming.text or ""
        if turns is None:
            urgent = self._current_guard().urgent(text)
        else:
            urgent = turns.urgent(conversation, text, incoming.id) if text else None
        if urgent is None:
            raise _too_fast(wait, self._current_guard())
        return Turn(urgent, recorded=False, repeated=False)

    def _current_guard(self) -> Guard:
        return guards.current(self._guard)

    def _wait(self, request: Request, conversation: str) -> float:
        waits = (
            self._conversations.wait(conversation),
            self._addresses.wait(self._address(request)),
        )
        return max(waits)

    def _address(self, request: Request) -> str:
        return address(request, self._settings.trusted_proxies)

    def _conversation(self, request: Request) -> str:
        scheme, _, token = str(request.headers.get("authorization", "")).partition(" ")
        conversation = self._tokens.read(token.strip()) if scheme.lower() == "bearer" else None
        if conversation is None:
            hint = f"Get a new token from {PREFIX}/session and send Authorization: Bearer TOKEN."
            raise Refusal(401, "no_session", hint, {"WWW-Authenticate": "Bearer"})
        return conversation

    def _checked(self, handler: Handler, name: str) -> Handler:
        """`handler` for permitted origins, as a function: Sanic sets attributes on its handlers."""

        async def handle(request: Request) -> HTTPResponse:
            if not permitted(request, self._settings.allowed_origins):
                raise Refusal(403, "wrong_origin", "This site is not in ALLOWED_ORIGINS.")
            return await handler(request)

        handle.__name__ = name
        return handle

    def _preflight(self, route: str) -> Handler:
        async def preflight(request: Request) -> HTTPResponse:
            headers = preflight_headers(request, route, self._settings.allowed_origins)
            return HTTPResponse(status=204, headers=headers)

        return preflight

    def _event(self, conversation: str, event: Said | Answered) -> dict[str, Any]:
        if isinstance(event, Answered):
            return self._answered(conversation, event.reply, event.position)
        return {
            "position": event.position,
            "from": "visitor",
            "id": event.message_id,
            "text": event.text,
        }

    def _answered(self, conversation: str, reply: Reply, position: int | None) -> dict[str, Any]:
        blocks = reply.to_json()["blocks"]
        for block in blocks:
            if block["type"] == "buttons":
                block["items"] = [
                    {
                        "label": item["label"],
                        "id": self._tokens.button_id(conversation, item["action"]),
                    }
                    for item in block["items"]
                ]
            elif block["type"] == "page":
                own, path, made = str(block["path"]).partition(SUMMARY_PATH)
                if path and not own and made.isdecimal():
                    block["path"] = f"{SUMMARY_PATH}{self._tokens.page(conversation, int(made))}"
        return {"position": position, "from": "advisor", "kind": reply.kind.value, "blocks": blocks}


def _turns(request: Request) -> Turns:
    turns: Turns | None = getattr(request.app.ctx, "turns", None)
    if turns is None:
        hint = "The advisor is starting. Try again in a few seconds."
        raise Refusal(503, "not_ready", hint, {"Retry-After": "5"})
    return turns


def _slow_down(wait: float, guard: Guard) -> None:
    if wait:
        raise _too_fast(wait, guard)


def _too_fast(wait: float, guard: Guard) -> Refusal:
    hint = guard.wording.say("too_fast")
    return Refusal(429, "too_fast", hint, {"Retry-After": str(math.ceil(wait))})
