"""``advisor VERB``: one thin module a verb."""

from __future__ import annotations

import logging
import sys

import typer
from rich.console import Console

from bot.cli.ask import ask
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.diff import diff
from bot.cli.eval import eval_
from bot.cli.failure import Failure
from bot.cli.forget import forget
from bot.cli.history import history
from bot.cli.live import live
from bot.cli.new import new
from bot.cli.prepare_encoder import prepare_encoder
from bot.cli.publish import publish
from bot.cli.rasa import rasa
from bot.cli.receipt import receipt
from bot.cli.review import review
from bot.cli.rollback import rollback
from bot.cli.serve import serve
from bot.cli.staff_password import staff_password
from bot.cli.train import train
from bot.cli.tune import tune
from bot.settings import SettingError

app = typer.Typer(
    name="advisor",
    help="The clinic's skincare advisor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
VERBS = (
    *(ask, chat, check, diff, forget, history, live, new),
    *(publish, receipt, review, rollback, serve, train, tune),
)
for verb in VERBS:
    app.command()(verb)
app.command("eval")(eval_)
app.command("staff-password")(staff_password)
app.command("prepare-encoder")(prepare_encoder)
app.command(
    "rasa",
    # Everything behind `advisor rasa` is Rasa's own, its --help too.
    context_settings={
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "help_option_names": [],
    },
)(rasa)


def run() -> None:
    """The console script: expected failures are one line on stderr and exit status 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except (Failure, SettingError) as failure:
        Console(stderr=True, soft_wrap=True).print(f"advisor: {failure}", markup=False)
        sys.exit(1)
