"""``python -m bot.cli`` is ``advisor``."""

from bot.cli.main import run

run()
