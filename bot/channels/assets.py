"""Answers that are files: compressed where the browser can, and not sent again unchanged."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

WIDGET = Path(__file__).resolve().parent.parent / "widget"
"""Where the website widget's own files are."""

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
}


def respond(request: Request, body: bytes, suffix: str) -> HTTPResponse:
    """The answer with `body`, or 304 for a browser that has it already.

    A browser asks each time (``no-cache``), so that an update of the server is seen at once.

    Args:
        suffix: one of `TYPES`.
    """
    compressed, tag = _prepared(body)
    headers = {"Cache-Control": "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        # With its type, on which the policy depends: a browser copies these headers to what it has.
        return HTTPResponse(None, 304, headers, TYPES[suffix])
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = compressed
    return HTTPResponse(body, 200, headers, TYPES[suffix])


@lru_cache(maxsize=64)
def _prepared(body: bytes) -> tuple[bytes, str]:
    digest = hashlib.sha256(body).hexdigest()[:20]
    return gzip.compress(body, mtime=0), f'W/"{digest}"'
