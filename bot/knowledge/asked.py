"""What visitors are expected to ask, as vectors: what the intent classifier takes for a question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.encode import Encoder
from bot.knowledge.live import NothingPublished, StoreError, live
from bot.knowledge.read import read
from bot.settings import Settings


def question_vectors() -> NDArray[np.float32]:
    """The indexed texts of what is live, shape (texts, 384); of the knowledge files before anything
    is published, so that training first and publishing then makes the same model.

    Raises:
        EncoderError: nothing is live, and the encoder cannot be loaded.
    """
    try:
        return live().current().index.vectors
    except (NothingPublished, StoreError):
        knowledge, _ = read(Settings.from_env().knowledge_dir)
    entries = ready(knowledge).values()
    return Encoder.shared().encode([text for entry in entries for text in indexed_texts(entry)])
