"""All that the emergency classifier learns from, with its vectors."""

from __future__ import annotations

import hashlib
import logging
import os

import numpy as np

from bot.knowledge.adapter import version
from bot.knowledge.asked import Asked
from bot.knowledge.embed import TextEncoder
from bot.knowledge.encode import encoder_folder
from bot.nlu.alarm_examples import (
    EVERY,
    in_haste,
    is_alarm,
    read_examples,
    sign_examples,
    talk_examples,
)
from bot.nlu.alarm_model import Example, Floats

log = logging.getLogger(__name__)


def alarm_data(encoder: TextEncoder, known: Asked) -> tuple[list[Example], Floats]:
    """All examples with their vectors, (n, 384): those written for it first."""
    written = [in_haste(one) for one in (*read_examples(), *talk_examples())]
    signs = list(sign_examples(known.entries))
    alarms = {id_ for id_, entry in known.entries.items() if is_alarm(entry)}
    others = 0
    rows = []
    for row, owner in enumerate(known.owners):
        others += owner not in alarms
        if owner in alarms or others % EVERY == 0:
            rows.append(row)
    wordings = [
        Example(known.texts[row], known.owners[row] if known.owners[row] in alarms else None)
        for row in rows
    ]
    vectors = (
        _remembered([example.text for example in written], encoder),
        encoder.encode([example.text for example in signs]),
        known.vectors[rows],
    )
    return [*written, *signs, *wordings], np.concatenate(vectors)


def _remembered(texts: list[str], encoder: TextEncoder) -> Floats:
    """The vectors of the written examples, which are kept beside the encoder: they change only with
    the examples and the encoder, and take half of the time of training.
    """
    known_by = [version(), *texts]
    named = hashlib.sha256("\0".join(known_by).encode()).hexdigest()[:16]
    path = encoder_folder() / f"alarms-{named}.npy"
    try:
        kept: Floats = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        pass
    else:
        if kept.shape[:1] == (len(texts),):
            return kept
    vectors = encoder.encode(texts)
    part = path.with_suffix(f".{os.getpid()}")
    try:
        with part.open("wb") as file:
            np.save(file, vectors)
        part.replace(path)
    except OSError as error:  # the next training encodes them again
        log.warning("the vectors of the examples were not kept: %s", error)
    return vectors
