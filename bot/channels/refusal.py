"""A request that is turned down: the status, a name for programs, a hint for their authors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sanic.response import HTTPResponse


class Refusal(Exception):
    """Ends a request with a clear 4xx or 503 and tells nothing else."""

    def __init__(
        self, status: int, error: str, hint: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.hint = hint
        self.headers = dict(headers or {})

    def response(self) -> HTTPResponse:
        """What the client gets."""
        return answer({"error": self.error, "hint": self.hint}, self.status, self.headers)


def answer(
    data: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """JSON that no cache keeps. In ASCII, because a stored text may hold half a character."""
    return HTTPResponse(
        json.dumps(data),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        "application/json",
    )
