"""Turns texts into vectors whose dot product says how close they are in meaning.

all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2), taught about our
subjects by `bot.knowledge.adapter`, on ONNX Runtime with one thread: on a busy machine two were two
to three times slower. Where there is much to encode, several batches run at once instead.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.knowledge import minilm_graph
from bot.knowledge.adapter import FILE, Adapter
from bot.knowledge.alarm_branch import FILE as ALARMS_FILE
from bot.knowledge.alarm_branch import AlarmBranch
from bot.knowledge.weights import TOKENIZER, WEIGHTS, EncoderError, verify
from bot.settings import Settings

__all__ = ["DIMENSIONS", "Encoder", "EncoderError", "Tokens"]

DIMENSIONS = minilm_graph.DIMENSIONS

Session: TypeAlias = onnxruntime.InferenceSession

_BATCH_TOKENS = 256
"""Tokens, padding included, that run at once. 1,600 questions took 2.4 s with 256, 2.5 with 128 and
512, 2.6 with 1,024 and 5.5 one by one. The memory this needs grows from 10 MB to 70 at 2,048."""

_REMEMBERED = 32
"""Single texts kept: enough for the messages of the turns under way, which several components
encode, and soon forgotten."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text: words, and pieces of rare ones."""

    offsets: tuple[tuple[int, int], ...]
    """Where each begins and ends in the text; both 0 for the two that frame it."""
    states: NDArray[np.float32]
    """What each is in its place among the others, (tokens, 384); as `minilm_graph.STATES`."""


class Encoder:
    """The sentence encoder. Threads may share one; `shared` is how a process does that."""

    def __init__(
        self,
        session: Session,
        tokenizer: Tokenizer,
        threads: int = 1,
        kinds: tuple[str, ...] = (),
        branch: Session | None = None,
    ) -> None:
        self._session = session
        self._branch = branch
        self._tokenizer = tokenizer
        self._threads = threads
        self.kinds = kinds
        """What `alarms` tells apart; as `bot.knowledge.alarm_branch.AlarmBranch.kinds`."""
        self._remembered = lru_cache(_REMEMBERED)(self._read)

    @classmethod
    def load(cls, folder: Path, threads: int = 1, adapter: Adapter | None = None) -> Encoder:
        """Load from a folder made by `bot.knowledge.weights.prepare`.

        Args:
            threads: how many batches may run at once. One is right for a server, which answers
                several visitors at once; publishing and training have the machine to themselves.
            adapter: how it is changed; by default as the product's own adapter says. With another
                one it has no branch for emergencies.

        Raises:
            EncoderError: a file is missing, unreadable or not the published one.
        """
        verify(folder)
        branch = None
        if adapter is None:
            adapter, branch = _taught()
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()  # the file pads to 128 and cuts there
        tokenizer.enable_truncation(minilm_graph.MAX_TOKENS)
        session = _session(folder / WEIGHTS, adapter, None)
        if branch is None:
            return cls(session, tokenizer, threads)
        alarms = _session(folder / WEIGHTS, adapter, branch)
        return cls(session, tokenizer, threads, branch.kinds, alarms)

    @classmethod
    def shared(cls, folder: Path | None = None) -> Encoder:
        """The one encoder of this process for `folder` (default: the setting ENCODER_DIR).

        Raises:
            EncoderError: as `load`.
        """
        return _load_once((folder or encoder_folder()).absolute())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (len(texts), 384), in the order of `texts`.

        A text is read up to 256 tokens. Texts of like length run together, so a long one among
        short ones costs only its own time.
        """
        rows = [self._tokenizer.encode(_valid(text)).ids for text in texts]
        vectors = np.empty((len(rows), DIMENSIONS), dtype=np.float32)
        for batch, (found,) in self._batchwise(self._session, rows, "vector"):
            vectors[batch] = found
        return vectors

    def alarms(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The logit of each of `kinds` for each text, shape (len(texts), len(kinds)). Only an
        encoder that was loaded without an adapter of its own knows them.
        """
        assert self._branch is not None
        rows = [self._tokenizer.encode(_valid(text)).ids for text in texts]
        logits = np.empty((len(rows), len(self.kinds)), dtype=np.float32)
        for batch, (found,) in self._batchwise(self._branch, rows, "alarms"):
            logits[batch] = found
        return logits

    def encode_one(self, text: str) -> NDArray[np.float32]:
        """The vector of one text, shape (384,), read-only; the latest few are remembered."""
        return self._remembered(text)[0]

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """What stands where in each text, in the order of `texts`."""
        read = [self._tokenizer.encode(_valid(text)) for text in texts]
        found: dict[int, Tokens] = {}
        rows = [one.ids for one in read]
        for batch, (states,) in self._batchwise(self._session, rows, "states"):
            for index, row in zip(batch, states, strict=True):
                offsets = tuple(read[index].offsets)
                found[index] = Tokens(offsets, row[: len(offsets)].copy())
        return [found[index] for index in range(len(texts))]

    def tokens_one(self, text: str) -> Tokens:
        """`tokens` of one text, read-only, from the same reading as `encode_one`: of a text that
        was just encoded it costs nothing.
        """
        return self._remembered(text)[1]

    def _read(self, text: str) -> tuple[NDArray[np.float32], Tokens]:
        read = self._tokenizer.encode(_valid(text))
        vectors, states = _run(self._session, [read.ids], "vector", "states")
        for array in (vectors, states):
            array.flags.writeable = False
        return vectors[0], Tokens(tuple(read.offsets), states[0])

    def _batchwise(
        self, session: Session, rows: Sequence[Sequence[int]], *outputs: str
    ) -> Iterator[tuple[list[int], list[NDArray[np.float32]]]]:
        """The indexes of each batch and what `_run` finds for it."""
        batches = list(_batches([len(row) for row in rows]))

        def run(batch: list[int]) -> list[NDArray[np.float32]]:
            return _run(session, [rows[index] for index in batch], *outputs)

        if self._threads == 1 or len(batches) == 1:
            yield from ((batch, run(batch)) for batch in batches)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from zip(batches, pool.map(run, batches), strict=True)


def _run(
    session: Session, rows: Sequence[Sequence[int]], *outputs: str
) -> list[NDArray[np.float32]]:
    """These outputs of `minilm_graph` for texts of tokens."""
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int32)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    found: list[NDArray[np.float32]] = session.run(list(outputs), {"ids": ids, "mask": mask})
    return found


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indexes by rising length, as many at once as `_BATCH_TOKENS` allows."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _valid(text: str) -> str:
    """The text without lone surrogates, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def encoder_folder() -> Path:
    """Where this process's encoder is: the setting ENCODER_DIR."""
    return Settings.from_env().encoder_dir


@cache
def _load_once(folder: Path) -> Encoder:
    return Encoder.load(folder)


def _taught() -> tuple[Adapter, AlarmBranch]:
    """What comes with the product."""
    file = FILE
    try:
        adapter = Adapter.load()
        file = ALARMS_FILE
        return adapter, AlarmBranch.load()
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise EncoderError(f"{file} cannot be read ({error}). Take it from the product.") from error


def _session(weights: Path, adapter: Adapter, branch: AlarmBranch | None) -> Session:
    weights = weights.resolve()  # the runtime may refuse a link that leaves its folder
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(weights.parent)
    )
    try:
        graph = minilm_graph.build(weights, adapter, branch)
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's own errors have no base class but this
        first_line = str(error).partition("\n")[0]
        raise EncoderError(
            f"{weights} is the published file, but ONNX Runtime {onnxruntime.__version__} "
            f"cannot load it ({first_line}). Install the locked versions with `make setup`."
        ) from error
