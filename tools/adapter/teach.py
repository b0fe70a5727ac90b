"""Adapts the encoder to one or more tasks at once."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tasks import RATE, InPlace, Seams, Task, endless
from torch import nn
from torch_encoder import BATCH, Encoder

log = logging.getLogger("adapter")

WARM_UP, LEAST = 100, 0.02
"""Steps until the rate of learning is at its highest, and what is left of it in the end."""

MOST_ALARM_RANK = 64
"""Of what is kept of the branch for emergencies, however often it went further: 2.5 MB."""


class Lesson(NamedTuple):
    """A task with how many of its texts go with each batch, and how much they count."""

    name: str
    task: Task | InPlace | Seams
    size: int = BATCH
    weight: float = 1.0


def teach(encoder: Encoder, lessons: Sequence[Lesson], epochs: float, pace: float = 1.0) -> None:
    """Adapt the encoder, and log how it goes.

    Args:
        epochs: over the texts of the first lesson.
        pace: what all rates of learning are multiplied with.
    """
    taught = encoder.taught()
    own = {"params": taught, "lr": RATE, "weight_decay": 0.01}
    optimizer = torch.optim.AdamW([own, *(lesson.task.fitted() for lesson in lessons)])
    steps = int(epochs * len(lessons[0].task.texts) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: pace * min(1.0, (step + 1) / WARM_UP) * max(LEAST, 1 - step / steps)
    )
    random = np.random.default_rng(torch.initial_seed())
    all_batches = zip(*(endless(one.task, random, one.size) for one in lessons), strict=True)
    usual = np.zeros(len(lessons))
    for step, batch in enumerate(islice(all_batches, steps), start=1):
        losses = [one.task.loss(encoder, rows) for one, rows in zip(lessons, batch, strict=True)]
        optimizer.zero_grad()
        counted = [one.weight * loss for one, loss in zip(lessons, losses, strict=True)]
        torch.stack(counted).sum().backward()
        nn.utils.clip_grad_norm_(taught, 1.0)
        optimizer.step()
        schedule.step()
        now = np.array([loss.item() for loss in losses])
        usual = now if step == 1 else 0.98 * usual + 0.02 * now
        if step % 50 == 0:
            told = (f"{one.name} {loss:.3f}" for one, loss in zip(lessons, usual, strict=True))
            log.info("step %d of %d: loss of %s", step, steps, ", ".join(told))


def arguments(
    doc: str | None, epochs: float, fits: int, further: float, further_fits: int
) -> argparse.Namespace:
    """What a script that fits is told: `wordings`, `encoder` and `file` are paths.

    Args:
        further, further_fits: epochs and fits where it goes on from what `file` holds.
    """
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("wordings", type=Path, help="what wordings.py wrote")
    parser.add_argument("encoder", type=Path, help="the folder of the published encoder")
    parser.add_argument("file", type=Path, help="what to write")
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--fits", type=int, help="of which the mean is kept")
    parser.add_argument("--further", action="store_true", help="go on from what FILE holds")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = parser.parse_args()
    if told.epochs is None:
        told.epochs = further if told.further else epochs
    if told.fits is None:
        told.fits = further_fits if told.further else fits
    return told
