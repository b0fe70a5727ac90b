"""Who is asking: a request's web origin and address, and what its answer's headers allow."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

PAGE_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
METHODS = {
    "session": "POST",
    "messages": "POST",
    "events": "GET",
    "feedback": "POST",
    "conversation": "DELETE",
}
"""The routes of the web channel, each with its one method."""


def permitted(request: Request, allowed: Collection[str]) -> bool:
    """Whether the page that asks may: ours, an allowed one, or no page at all.

    A browser always names the origin of a request that another site could misuse; programs that are
    no browser name none and need no protection from sites.
    """
    origin = _origin(request)
    return origin is None or _is_ours(origin, request) or origin in allowed


def cors_headers(request: Request, allowed: Collection[str]) -> dict[str, str]:
    """What lets a page of an allowed origin read the answer; never a wildcard, no credentials."""
    origin = _origin(request)
    headers = {"Vary": "Origin"}
    if origin is not None and origin in allowed:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "Retry-After"
    return headers


def preflight_headers(request: Request, route: str, allowed: Collection[str]) -> dict[str, str]:
    """What an allowed page may send to a route of the web channel; nothing for another page."""
    if _origin(request) not in allowed:
        return {}
    return {
        "Access-Control-Allow-Methods": METHODS[route],
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": "600",
    }


def secure(response: HTTPResponse) -> None:
    """Put the security headers on an answer of any route."""
    is_page = (response.content_type or "").startswith("text/html")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    policy = PAGE_POLICY if is_page else DATA_POLICY
    response.headers.setdefault("Content-Security-Policy", policy)


def address(request: Request, trusted_proxies: int) -> str:
    """The address that a request came from.

    With n trusted proxies it is the n-th from the end of X-Forwarded-For: each of them added one,
    and what stands before was written by the sender. Too short a list did not come through them.
    """
    if trusted_proxies:
        joined = ",".join(request.headers.getall("x-forwarded-for", []))
        hops = [hop.strip() for hop in joined.split(",") if hop.strip()]
        if len(hops) >= trusted_proxies:
            return hops[-trusted_proxies][:64]
    return str(request.ip)


def _origin(request: Request) -> str | None:
    origin = request.headers.get("origin")
    return None if origin is None else str(origin).lower()


def _is_ours(origin: str, request: Request) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # The scheme is left out: behind a proxy that ends TLS we see http where the page has https.
    host = str(request.headers.get("host", "")).lower()
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc == host
