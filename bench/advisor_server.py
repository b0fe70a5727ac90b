"""The product's own server without its rate limits, which a benchmark would run into.

python -m bench.advisor_server
"""

from __future__ import annotations

import logging

from bot.channels.limits import Rate, Rates
from bot.server import build
from bot.settings import Settings

UNLIMITED = Rate(burst=1e9, per_second=1e9)


def main() -> None:
    """Serve as `bot.server.serve` does, until stopped."""
    settings = Settings.from_env()
    logging.basicConfig(level=logging.WARNING)
    rates = Rates(conversation=UNLIMITED, address=UNLIMITED, sessions=UNLIMITED)
    build(settings, rates=rates).run(
        host=settings.host, port=settings.port, workers=1, access_log=False, motd=False
    )


if __name__ == "__main__":
    main()
