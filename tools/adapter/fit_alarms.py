"""Fits ``bot/knowledge/alarms.npz``: teaches a branch of the encoder's last layers to tell
emergencies from what only sounds like them (`bot.knowledge.alarm_branch`).

The layers are adapted upon what ``adapter.npz`` made of them, several times, and the mean is kept
with a linear classifier over its vectors. With ``--further`` they are adapted upon what there is in
``alarms.npz`` besides, for fewer epochs: enough when some messages were added.

Run by ``make adapter`` after `fit.py`; `wordings.py` writes its input.
"""

from __future__ import annotations

import json

import torch
from tasks import SMOOTHING, Task
from teach import MOST_ALARM_RANK, Lesson, arguments, log, teach
from torch import Tensor, nn
from torch.nn import functional as F
from torch_encoder import Encoder

from bot.knowledge.adapter import NO_ADAPTER, Adapter
from bot.knowledge.alarm_branch import AlarmBranch

FIRST = 3
"""The layer that is the first of the branch."""
EPOCHS, FITS = 3.0, 2
FURTHER = 1.0
"""The epochs that go further. With 1,890 messages more, 92.0 of 100 emergencies kept back were
found at 3 % false alarms, 91.3 before."""
OTHERWISE = 0.6
"""How often a text is shown as it is read with a typo or two, without marks, or beside an ordinary
question."""


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
    told = arguments(__doc__, EPOCHS, FITS, FURTHER, FITS)
    rows = json.loads(told.wordings.read_text(encoding="utf-8"))["kinds"]
    published, fitted = Adapter.load(), []
    before = AlarmBranch.load(told.file).adapter if told.further else NO_ADAPTER
    for number in range(1, told.fits + 1):
        log.info("fit %d of %d", number, told.fits)
        torch.manual_seed(number)
        encoder = Encoder(told.encoder, published.and_then(before), FIRST)
        teach(encoder, [Lesson("kinds", Task(encoder, rows, OTHERWISE))], told.epochs)
        fitted.append(encoder.adapter())
    mean = before.and_then(Adapter.mean(fitted)).of_rank(MOST_ALARM_RANK)
    encoder = Encoder(told.encoder, published.and_then(mean), FIRST)
    kinds = Task(encoder, rows, OTHERWISE)
    coef, bias = classifier(encoder, kinds)
    AlarmBranch(FIRST, mean, tuple(kinds.names), coef.numpy(), bias.numpy()).save(told.file)


if __name__ == "__main__":
    main()
