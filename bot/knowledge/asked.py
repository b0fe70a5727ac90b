"""What visitors are expected to ask, as vectors: what the components of `bot.nlu` learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Entry
from bot.knowledge.live import NothingPublished, StoreError, live
from bot.knowledge.read import read
from bot.settings import Settings


@dataclass(frozen=True)
class Asked:
    """The indexed texts of all entries."""

    entries: dict[str, Entry]
    owners: tuple[str, ...]
    """The entry id of each text."""
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    """(texts, 384)"""


def asked() -> Asked:
    """What is live; what the knowledge files say before anything is published, so that training
    first and publishing then makes the same model.

    Raises:
        EncoderError: nothing is live, and the encoder cannot be loaded.
    """
    try:
        publication = live().current()
    except (NothingPublished, StoreError):
        knowledge, _ = read(Settings.from_env().knowledge_dir)
        entries = ready(knowledge)
        pairs = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
        texts = tuple(text for _, text in pairs)
        owners = tuple(id_ for id_, _ in pairs)
        return Asked(entries, owners, texts, Encoder.shared().encode(texts))
    index = publication.index
    return Asked(
        publication.knowledge.entries,
        tuple(index.entry_ids[owner] for owner in index.owners),
        index.questions,
        index.vectors,
    )
