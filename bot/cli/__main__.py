"""``python -m bot.cli`` is ``advisor``."""

from bot.cli.main import run

if __name__ == "__main__":  # a process that is started from here imports this module again
    run()
