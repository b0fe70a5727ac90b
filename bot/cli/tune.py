"""``advisor tune``: computes the thresholds, so that no number is set by feel."""

from __future__ import annotations

import json
from datetime import date

import typer

from bot.cli.loading import open_store
from bot.settings import ROOT, Settings

OUTSIDE = ROOT / "data" / "tune" / "out_of_scope.txt"


def tune() -> None:
    """Write bot/advice/thresholds.json and doubt_words.json from what is published and the tuning
    messages.
    """
    settings = Settings.from_env()
    engine = open_store(settings)
    from bot.advice.decide import THRESHOLDS
    from bot.advice.doubt_words import FILE as DOUBT_WORDS
    from bot.cli.failure import Failure
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.live import Live, NothingPublished
    from bot.knowledge.weights import EncoderError
    from bot.nlu.tuning import tune as compute

    lines = OUTSIDE.read_text(encoding="utf-8").splitlines()
    outside = [line for line in lines if line.strip() and not line.startswith("#")]
    try:
        publication = Live(engine).current()
        encoder = Encoder.load(settings.encoder_dir, cores())
    except (NothingPublished, EncoderError) as error:
        raise Failure(str(error)) from None
    tuned = compute(publication, encoder, ROOT / "data" / "nlu", outside, date.today())
    for path, data in ((THRESHOLDS, tuned.data), (DOUBT_WORDS, tuned.words)):
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    typer.echo(json.dumps(tuned.data, indent=2))
