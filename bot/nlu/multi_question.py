"""What is learned from messages with several questions: where each question begins
(`bot.nlu.seams`), and how much a message as a whole reads like one that has several.

The second is a machine over the mean of the states of a message's tokens. A place looks like the
beginning of a question in many messages that have only one ("is it normal that it's swollen and
should it go down"); how the whole is built tells them apart. Of 908 messages that neither it nor
the encoder's adapter had seen it ranks one with several questions above one without in 89 of 100
pairs, the clearest seam alone in 87. Where 7 of 100 lookalikes get a second answer, all parts are
answered of 56 of 100 messages with several questions, and of 51 if `bot.nlu.parts` does without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.encode import Tokens
from bot.nlu import seams
from bot.nlu.kernel import Floats, Machine
from bot.nlu.seams import Seam, Seams
from bot.nlu.several_examples import Several

GAMMA, C = 1.0, 4.0
"""Half and twice that were no better, nor was the highest of the states beside their mean."""

LONG, EVERY = 12, 10
"""Of the texts that an entry answers and that have so many words, one in so many is learned from as
an example with one question (`lone`)."""


@dataclass(frozen=True)
class MultiQuestion:
    """The fitted model."""

    seams: Seams
    machine: Machine
    """Over `_pooled` states; above 0 it takes a message for one with several questions."""
    means: Floats
    """Of the mean states of the messages that it was fitted to, (dims,), and how they vary."""
    scales: Floats

    def chances(self, text: str, tokens: Tokens) -> list[Seam]:
        """As `Seams.chances`."""
        return self.seams.chances(text, tokens)

    def score(self, tokens: Tokens) -> float:
        """How much a message reads like one with several questions; about -2 to 2.

        Args:
            tokens: of the message, at least one.
        """
        vectors = _scaled(_pooled([tokens]), self.means, self.scales)
        return float(self.machine.scores(vectors)[0])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {
            **{f"seams_{name}": array for name, array in self.seams.arrays().items()},
            **{f"machine_{name}": array for name, array in self.machine.arrays().items()},
            "means": self.means,
            "scales": self.scales,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> MultiQuestion:
        """What `arrays` gave."""
        parts: dict[str, dict[str, NDArray[Any]]] = {"seams": {}, "machine": {}}
        for name, array in arrays.items():
            part, _, rest = name.partition("_")
            if rest:
                parts[part][rest] = array
        return cls(
            Seams.of(parts["seams"]),
            Machine.of(parts["machine"]),
            arrays["means"],
            arrays["scales"],
        )


def lone(texts: Sequence[str]) -> list[str]:
    """Of texts that an entry answers, some that are long.

    The marked messages with one question were written to look as if they had several, and little of
    what visitors ask does. At the score that 90 % of the messages in ``several.jsonl`` of the tests
    reach, so do 10 % of those in ``visitors.jsonl``, and did 38 % without these texts.
    """
    return [text for text in texts if len(text.split()) >= LONG][::EVERY]


def fit(
    messages: Sequence[Several], tokens: Sequence[Tokens], others: Sequence[Tokens] = ()
) -> MultiQuestion:
    """Fit on messages whose questions are marked; deterministic.

    Args:
        tokens: of each message, at least one.
        others: of further texts, each with one question (`lone`).

    Raises:
        ValueError: no message has a second question, or all have and there are no others.
    """
    texts = [message.text for message in messages]
    found = seams.fit(texts, tokens, [message.starts for message in messages])
    states = _pooled([*tokens, *others])
    means, scales = states.mean(axis=0), states.std(axis=0) + 1e-6
    several = np.array([len(one.texts) > 1 for one in messages] + [False] * len(others))
    if several.all():
        raise ValueError("what has several questions is learned beside what has one")
    machine = Machine.fit(_scaled(states, means, scales), several, GAMMA, C)
    return MultiQuestion(found, machine, means, scales)


def _pooled(tokens: Sequence[Tokens]) -> Floats:
    """The mean state of each text, (texts, dims)."""
    return np.stack([one.states.mean(axis=0) for one in tokens])


def _scaled(states: Floats, means: Floats, scales: Floats) -> Floats:
    """All dimensions alike, and then of length 1, as `Machine` wants them."""
    scaled = (states - means) / scales
    result: Floats = scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-6)
    return result
