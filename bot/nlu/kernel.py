"""A support vector machine with a Gaussian kernel over sentence vectors, as arrays.

It compares a message with the nearest examples on either side of a border, which a linear model
over sentence vectors cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_CACHE_MB = 800
"""For the kernel of 14,000 examples: with scikit-learn's 200 MB the fit took 69 s, now 16."""


@dataclass(frozen=True)
class Machine:
    """A fitted machine; a message whose score is above 0 is on the side of the true examples."""

    vectors: Floats
    """Support vectors of length 1, (n, dims)."""
    duals: Floats
    """How much each of them counts, and for which side; (n,)."""
    bias: float
    gamma: float

    @classmethod
    def fit(
        cls,
        vectors: Floats,
        truth: NDArray[np.bool_],
        gamma: float,
        strength: float,
        weights: Mapping[bool, float] | None = None,
    ) -> Machine:
        """Fit on vectors of length 1, (n, dims), of both sides; deterministic.

        Args:
            strength: scikit-learn's C.
            weights: how much more than that an error on either side costs.
        """
        from sklearn.svm import SVC
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

        machine = SVC(C=strength, gamma=gamma, cache_size=_CACHE_MB, class_weight=weights)
        with threadpool_limits(1):
            machine.fit(vectors, truth)
        return cls(
            machine.support_vectors_.astype(np.float32),
            machine.dual_coef_[0].astype(np.float32),
            float(machine.intercept_[0]),
            gamma,
        )

    def scores(self, vectors: Floats) -> Floats:
        """The distances of m messages, (m, dims), from the border; shape (m,)."""
        kernel = np.exp(2 * self.gamma * (vectors @ self.vectors.T - 1))
        result: Floats = (kernel @ self.duals + self.bias).astype(np.float32)
        return result

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {name: np.asarray(value) for name, value in vars(self).items()}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Machine:
        """What `arrays` gave."""
        return cls(
            arrays["vectors"], arrays["duals"], float(arrays["bias"]), float(arrays["gamma"])
        )
