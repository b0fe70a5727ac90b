"""Fits ``bot/knowledge/alarms.npz``: teaches a branch of the encoder's last layers to tell
emergencies from what only sounds like them (`bot.knowledge.alarm_branch`).

The layers are adapted upon what ``adapter.npz`` made of them, several times, and the mean is kept
with a linear classifier over its vectors.

Run by ``make adapter`` after `fit.py`; `wordings.py` writes its input.
"""

from __future__ import annotations

import argparse
import json
import logging
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tasks import SMOOTHING, Task, endless
from torch import Tensor, nn
from torch.nn import functional as F
from torch_encoder import BATCH, Encoder

from bot.knowledge.adapter import Adapter
from bot.knowledge.alarm_branch import AlarmBranch

log = logging.getLogger("alarms")

FIRST = 3
"""The layer that is the first of the branch."""
RATE, WARM_UP = 7e-4, 100
MISTYPED = 0.4
"""How often a text is shown as it is read when mistyped."""


def fit(encoder: Encoder, kinds: Task, epochs: float) -> None:
    """Adapt the branch, and log how it goes."""
    taught = encoder.taught()
    optimizer = torch.optim.AdamW(
        [
            {"params": taught, "lr": RATE, "weight_decay": 0.01},
            {"params": [kinds.head, kinds.bias], "lr": 3 * RATE, "weight_decay": 0.0},
        ]
    )
    steps = int(epochs * len(kinds.texts) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    random = np.random.default_rng(torch.initial_seed())
    for step, batch in enumerate(islice(endless(kinds, random, BATCH), steps), start=1):
        loss = kinds.loss(encoder, batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(taught, 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            log.info("step %d of %d: loss %.3f", step, steps, loss.item())


def classifier(encoder: Encoder, kinds: Task) -> tuple[Tensor, Tensor]:
    """The weights, (kinds, width), and the bias of a linear classifier over the vectors of an
    encoder that stays as it is.
    """
    vectors = encoder.vectors(kinds.texts)
    head = nn.Linear(vectors.shape[1], len(kinds.names))
    with torch.no_grad():
        head.weight.copy_(kinds.coef())
        head.bias.zero_()
    optimizer = torch.optim.LBFGS(
        head.parameters(), max_iter=200, line_search_fn="strong_wolfe", history_size=20
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = F.cross_entropy(head(vectors), kinds.truth, label_smoothing=SMOOTHING)
        value.backward()
        return value

    optimizer.step(loss)
    return head.weight.detach(), head.bias.detach()


def main() -> None:
    """Fit on what `wordings.py` wrote."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wordings", type=Path)
    parser.add_argument("encoder", type=Path, help="the folder of the published encoder")
    parser.add_argument("alarms", type=Path, help="what to write")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--fits", type=int, default=2, help="of which the mean is kept")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rows = json.loads(arguments.wordings.read_text(encoding="utf-8"))["kinds"]
    published, fitted = Adapter.load(), []
    for number in range(1, arguments.fits + 1):
        log.info("fit %d of %d", number, arguments.fits)
        torch.manual_seed(number)
        encoder = Encoder(arguments.encoder, published, FIRST)
        fit(encoder, Task(encoder, rows, MISTYPED), arguments.epochs)
        fitted.append(encoder.adapter())
    mean = Adapter.mean(fitted)
    encoder = Encoder(arguments.encoder, published.and_then(mean), FIRST)
    kinds = Task(encoder, rows, MISTYPED)
    coef, bias = classifier(encoder, kinds)
    AlarmBranch(FIRST, mean, tuple(kinds.names), coef.numpy(), bias.numpy()).save(arguments.alarms)


if __name__ == "__main__":
    main()
