"""A multinomial logistic regression over sentence vectors, kept as plain NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
S = TypeVar("S", bound="Softmax")


@dataclass(frozen=True)
class Softmax:
    """One row of `coef` and one number of `intercept` for each named class."""

    names: tuple[str, ...]
    coef: Floats
    """(classes, dims)"""
    intercept: Floats
    """(classes,)"""
    temperature: float = 1.0
    """What logits are divided by before they become chances."""

    @classmethod
    def of_fitted(cls: type[S], model: Any, temperature: float = 1.0) -> S:
        """What scikit-learn has fitted; of two classes it keeps one row, and we two."""
        coef, intercept = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            coef = np.vstack([-coef, coef]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        names = tuple(str(name) for name in model.classes_)
        return cls(names, coef.astype(np.float32), intercept.astype(np.float32), temperature)

    def logits(self, vectors: Floats) -> Floats:
        """Of vectors (n, dims): (n, classes)."""
        result: Floats = vectors @ self.coef.T + self.intercept
        return result

    def chances(self, vectors: Floats) -> Floats:
        """Of vectors (n, dims) the chances of the classes, (n, classes)."""
        logits = self.logits(vectors) / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Floats = powers / powers.sum(axis=1, keepdims=True)
        return result

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {
            "names": np.array(self.names),
            "coef": self.coef,
            "intercept": self.intercept,
            "temperature": np.array(self.temperature),
        }

    @classmethod
    def of(cls: type[S], arrays: Mapping[str, NDArray[Any]]) -> S:
        """What `arrays` gave."""
        names = tuple(str(name) for name in arrays["names"])
        return cls(names, arrays["coef"], arrays["intercept"], float(arrays["temperature"]))
