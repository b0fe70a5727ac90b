"""Fits the weights of `bot.knowledge.blend` on the entries' test questions.

    python -m bot.knowledge.weigh

prints them, and how often the right entry is found by weights that were fitted on the questions of
other entries (five folds). Every question counts twice: as written and with two typos, since
visitors make them. Copy the weights into `bot.knowledge.blend` when they change what is found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.blend import Floats, Weights, fit_weights
from bot.knowledge.build import Built, build
from bot.knowledge.embed import TextEncoder
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge
from bot.knowledge.read import read
from bot.knowledge.search import SearchIndex
from bot.knowledge.typos import misspelt
from bot.settings import Settings

FOLDS = 5


def weigh(knowledge: Knowledge, encoder: TextEncoder, built: Built) -> tuple[Weights, list[str]]:
    """The weights, and for each way of writing a line that says how often they are right."""
    index = built.index
    place = {id_: number for number, id_ in enumerate(index.entry_ids)}
    asked = [(text, place[id_]) for id_ in place for text in knowledge.entries[id_].test_questions]
    clean, right = [text for text, _ in asked], np.array([entry for _, entry in asked])
    chance = random.Random(0)
    parts = [
        _views(index, texts, encoder) for texts in (clean, [misspelt(t, chance) for t in clean])
    ]
    both, twice = np.concatenate(parts, axis=1), np.concatenate([right, right])
    shuffled = np.random.default_rng(0).permutation(len(place)) % FOLDS
    lines = []
    fold_weights = [
        fit_weights(both[:, shuffled[twice] != fold], list(twice[shuffled[twice] != fold]))
        for fold in range(FOLDS)
    ]
    for name, views in zip(("as written", "two typos"), parts, strict=True):
        own = np.array([astuple(fold_weights[fold]) for fold in shuffled[right]])
        ranks = _ranks(np.einsum("mv,vme->me", own, views), right)
        lines.append(f"{name}: hit@1 {(ranks < 1).mean():.1%}, hit@3 {(ranks < 3).mean():.1%}")
    return fit_weights(both, list(twice)), lines


def _views(index: SearchIndex, texts: Sequence[str], encoder: TextEncoder) -> Floats:
    vectors = encoder.encode(texts)
    return index.views(texts, vectors, index.compare(texts, vectors)).standardised()


def _ranks(scores: Floats, right: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many entries score higher than the right one, for each query."""
    own = scores[np.arange(len(right)), right]
    ranks: NDArray[np.int64] = (scores > own[:, None]).sum(axis=1)
    return ranks


def main() -> None:
    """Print the weights for the knowledge folder of the settings."""
    knowledge, _ = read(Settings.from_env().knowledge_dir)
    encoder = Encoder.shared()
    weights, lines = weigh(knowledge, encoder, build(knowledge, encoder))
    shown = ", ".join(f"{name}={value:.2f}" for name, value in asdict(weights).items())
    sys.stdout.write("\n".join([shown, *lines]) + "\n")


if __name__ == "__main__":
    main()
