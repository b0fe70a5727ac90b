"""What the last check computed, kept in a file so that the next need not compute it again.

It may be deleted at any time, and is written whole or not at all. What it says is taken only for
texts that are still the same, so it may be of other files, or older than what is live.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from bot.knowledge.build import NOTHING, Built, Earlier
from bot.knowledge.embed import Vectors
from bot.knowledge.leftout import LeftOut
from bot.knowledge.linear import Linear
from bot.knowledge.pairs import Compared, Pairs
from bot.knowledge.question_index import IndexFormatError, QuestionIndex
from bot.knowledge.search import SearchIndex
from bot.knowledge.spare import write

FILE_NAME = "search.npz"
FORMAT = 2
"""Raise when what is written changes."""


def save(folder: Path, built: Built) -> None:
    """Keep what was computed, if the questions were left out; that it cannot be written is no
    failure.
    """
    earlier = built.as_earlier()
    left_out = earlier.left_out
    if left_out is None or left_out.compared.index is not built.index:
        return
    rest = built.vectors.without(built.index.questions)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        format=np.array(FORMAT),
        **built.index.asked.arrays(),
        index=np.frombuffer(built.index.to_bytes(), dtype=np.uint8),
        rest=np.frombuffer(rest.to_bytes(), dtype=np.uint8),
        fold_coef=np.stack([fold.coef for fold in left_out.folds]),
        fold_intercept=np.stack([fold.intercept for fold in left_out.folds]),
        nearest=left_out.compared.pairs.nearest,
        closest=left_out.compared.pairs.closest,
        letters=left_out.compared.pairs.letters,
        compared_idf=left_out.compared.idf,
    )
    write(folder / FILE_NAME, buffer.getvalue())


def load(folder: Path) -> Earlier:
    """What `save` kept; nothing if it is not there, is damaged or was kept by another version."""
    try:
        with np.load(folder / FILE_NAME, allow_pickle=False) as kept:
            if int(kept["format"]) != FORMAT:
                return NOTHING
            asked = QuestionIndex.from_arrays(kept)
            index = SearchIndex.from_bytes(kept["index"].tobytes(), asked)
            rest = Vectors.from_bytes(kept["rest"].tobytes())
            folds = zip(kept["fold_coef"], kept["fold_intercept"], strict=True)
            linears = tuple(Linear(coef, intercept) for coef, intercept in folds)
            pairs = Pairs(kept["nearest"], kept["closest"], kept["letters"])
            idf = kept["compared_idf"]
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        EOFError,
        IndexFormatError,
        zipfile.BadZipFile,
    ):
        return NOTHING
    vectors = rest.and_of(index.questions, index.vectors)
    return Earlier(vectors, index, LeftOut(Compared(index, pairs, idf), linears))
