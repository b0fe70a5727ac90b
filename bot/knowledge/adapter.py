"""What the encoder was taught about our subjects: small changes of its layers.

The published encoder knows English, and not that "how long till my face settles" is about swelling
and "how long till it kicks in" is not. Low-rank adaptation (LoRA, https://arxiv.org/abs/2106.09685)
adds the product of two thin matrices to each matrix of a layer. They are fitted to tell the
entries' wordings apart, emergencies from what only sounds like them, and the words with which a
question begins from others, and stand in ``adapter.npz``; a knowledge file that is edited later
needs no new ones. What stands there is the mean of three fits, made as wordings were added, of
which the last was shown mistyped texts too; then that mean went further once, with 1,984 messages
of several questions more. ``make adapter`` fits three anew, all on what there is now.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("adapter.npz")
_DOWN, _UP = "down:", "up:"

KEPT_BACK = 5
"""Every so manieth message of ``data`` was not shown to the adapter, so that it may judge what is
made of the encoder's vectors: an alarm, or a message with several questions."""


@dataclass(frozen=True)
class Adapter:
    """Changes of some matrices, by the names they have in the encoder's weight file."""

    down: Mapping[str, Floats]
    """(rank, columns) each."""
    up: Mapping[str, Floats]
    """(rows, rank) each, of the same names."""

    @classmethod
    def load(cls, path: Path = FILE) -> Adapter:
        """Read the file that comes with the product.

        Raises:
            OSError, ValueError: it cannot be read, or is not such a file.
        """
        with np.load(io.BytesIO(read_once(path)), allow_pickle=False) as arrays:
            return cls.of(arrays)

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Adapter:
        """What `arrays` gave; others may be among them."""
        return cls(_those(arrays, _DOWN), _those(arrays, _UP))

    def save(self, path: Path) -> None:
        """Write the file: 1.2 MB for six layers at rank 16, 3.7 MB at 48."""
        np.savez_compressed(path, **self.arrays())

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """What is saved, in half precision."""
        found = {_DOWN + name: array for name, array in self.down.items()}
        found |= {_UP + name: array for name, array in self.up.items()}
        return {key: array.astype(np.float16) for key, array in found.items()}

    @classmethod
    def mean(cls, adapters: Sequence[Adapter]) -> Adapter:
        """Changes each matrix by the mean of what these change it by. Fits of the same weights err
        differently, and their mean often errs less than each (https://arxiv.org/abs/2203.05482).

        Args:
            adapters: of the same matrices, one or more.
        """
        names, share = adapters[0].down.keys(), 1 / len(adapters)
        return cls(
            {name: np.concatenate([one.down[name] for one in adapters]) for name in names},
            {name: np.hstack([share * one.up[name] for one in adapters]) for name in names},
        )

    def and_then(self, other: Adapter) -> Adapter:
        """Changes each matrix as this one does, and then as the other."""
        names = {**self.down, **other.down}
        own = {name: [one for one in (self, other) if name in one] for name in names}
        return Adapter(
            {name: np.concatenate([one.down[name] for one in own[name]]) for name in names},
            {name: np.hstack([one.up[name] for one in own[name]]) for name in names},
        )

    def undone(self) -> Adapter:
        """Takes back what this one changes."""
        return Adapter(self.down, {name: -up for name, up in self.up.items()})

    def of_rank(self, rank: int) -> Adapter:
        """The nearest to this one whose changes have `rank` at most (Eckart and Young 1936): what
        is fitted again and again says much twice. The three fits of rank 16 that the product came
        with lose a thousandth of what they say, in squares, at rank 32.
        """
        found = {name: _nearest(self.up[name], self.down[name], rank) for name in self.down}
        return Adapter(
            {name: down for name, (_, down) in found.items()},
            {name: up for name, (up, _) in found.items()},
        )

    def __contains__(self, name: str) -> bool:
        """Whether the matrix of this name is changed."""
        return name in self.down

    def adapt(self, name: str, matrix: Floats) -> Floats:
        """The changed matrix, of the shape of `matrix`: (rows, columns)."""
        changed: Floats = matrix + self.up[name] @ self.down[name]
        return changed


NO_ADAPTER = Adapter({}, {})
"""Leaves the encoder as it is published."""


@cache
def version(path: Path = FILE) -> str:
    """Differs where vectors do: the SHA-256 of the file, shortened."""
    return hashlib.sha256(read_once(path)).hexdigest()[:16]


@cache
def read_once(path: Path) -> bytes:
    """So that a process that goes on while the software is updated has one adapter, and knows it by
    its own name.
    """
    return path.read_bytes()


def kept_back(text: str) -> bool:
    """Whether a message was not shown to the adapter: always the same ones, by their text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % KEPT_BACK == 0


def _nearest(up: Floats, down: Floats, rank: int) -> tuple[Floats, Floats]:
    """Two matrices of a rank, (rows, rank) and (rank, columns), whose product is nearest to that of
    these two. That is never made: its singular values are those of a matrix as small as they are
    thin.
    """
    rows, above = np.linalg.qr(up.astype(np.float64))
    columns, beside = np.linalg.qr(down.astype(np.float64).T)
    left, values, right = np.linalg.svd(above @ beside.T)
    share = np.sqrt(values[:rank])
    new_up, new_down = rows @ left[:, :rank] * share, (columns @ right[:rank].T * share).T
    return new_up.astype(np.float32), new_down.astype(np.float32)


def _those(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, Floats]:
    return {
        name.removeprefix(prefix): arrays[name].astype(np.float32)
        for name in arrays
        if name.startswith(prefix)
    }
