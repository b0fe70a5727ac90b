"""What Sanic alone costs: it reads a JSON message and answers with as many bytes as it is told.

python -m bench.echo_server PORT
"""

from __future__ import annotations

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.site import APP_CONFIG


async def health(request: Request) -> HTTPResponse:
    """Say that it is there."""
    return json({"ready": True})


async def echo(request: Request, size: int) -> HTTPResponse:
    """Answer the message with `size` bytes of text."""
    return json({"id": request.json["id"], "events": ["x" * size]})


if __name__ == "__main__":
    app = Sanic("echo", configure_logging=False)
    app.config.update(APP_CONFIG)
    app.add_route(health, "/health")
    app.add_route(echo, "/echo/<size:int>", methods=["POST"])
    app.run(host="127.0.0.1", port=int(sys.argv[1]), workers=1, access_log=False, motd=False)
