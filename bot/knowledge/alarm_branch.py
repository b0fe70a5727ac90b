"""What the encoder was taught about emergencies: a branch of its last layers, with a classifier.

"My lip has gone white" and "my lip was white for a second when the needle went in" are about the
same subject, so the vectors that search needs are near to one another. From layer `first` on the
branch goes its own way: the same layers, changed by an adapter of its own upon that of the whole
(`bot.knowledge.adapter`), so that its vectors tell what help is needed. A linear classifier over
them says how likely each emergency is. ``alarms.npz`` holds both; ``make adapter`` fits it on
``data/alarms`` but every fifth message (`bot.knowledge.adapter.kept_back`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.adapter import Adapter, read_once

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("alarms.npz")
HARMLESS = ""
"""The kind that is no emergency."""


@dataclass(frozen=True)
class AlarmBranch:
    """The changes of the last layers, and the classifier over the vectors they make."""

    first: int
    """The layer, counted from 0, that is the first of the branch."""
    adapter: Adapter
    kinds: tuple[str, ...]
    """What it tells apart: `HARMLESS` first, and then emergencies by the ids of their entries, each
    followed by the urgency where that is not its entry's."""
    coef: Floats
    """(kinds, 384)"""
    intercept: Floats
    """(kinds,)"""

    @classmethod
    def load(cls, path: Path = FILE) -> AlarmBranch:
        """Read the file that comes with the product.

        Raises:
            OSError, ValueError, KeyError: it cannot be read, or is not such a file.
        """
        with np.load(io.BytesIO(read_once(path)), allow_pickle=False) as arrays:
            branch = cls(
                first=int(arrays["first"]),
                adapter=Adapter.of(arrays),
                kinds=tuple(str(kind) for kind in arrays["kinds"]),
                coef=arrays["coef"],
                intercept=arrays["intercept"],
            )
        if branch.kinds[:1] != (HARMLESS,):
            raise ValueError("what is harmless is not its first kind")
        return branch

    def apart_from(self, change: Adapter) -> AlarmBranch:
        """The same branch upon an adapter that is changed: what `change` does to its layers it
        takes back, so that what it knows of emergencies stays as it was taught.

        Raises:
            ValueError: layers before it are changed.
        """
        before = [name for name in change.down if int(name.split(".")[2]) < self.first]
        if before:
            raise ValueError(f"layers before the branch are changed: {', '.join(before)}")
        return replace(self, adapter=self.adapter.and_then(change.undone()))

    def save(self, path: Path) -> None:
        """Write the file: 0.6 MB for three layers at rank 16, 2.5 MB at 64."""
        np.savez_compressed(
            path,
            first=np.array(self.first),
            kinds=np.array(self.kinds),
            coef=self.coef,
            intercept=self.intercept,
            **self.adapter.arrays(),
        )
