"""The main components of states: the plane in which they move most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Components:
    """Orthogonal directions of the state, those with the largest variance first.

    Attributes:
        middle: float64 (S,), the mean of the states that they were found in.
        directions: float64 (K, S), of length 1.
        shares: float64 (K,), of the whole variance.
    """

    middle: np.ndarray
    directions: np.ndarray
    shares: np.ndarray

    def project(self, states: np.ndarray) -> np.ndarray:
        """States (N, S) in these components: (N, K)."""
        return (np.asarray(states, "float64") - self.middle) @ self.directions.T


def main_components(states: np.ndarray, count: int = 2) -> Components:
    """Principal component analysis of states.

    Args:
        states: (N, S), N > 1.
        count: K <= S.
    """
    states = np.asarray(states, "float64")
    middle = states.mean(axis=0)
    _, sizes, directions = np.linalg.svd(states - middle, full_matrices=False)
    variances = np.square(sizes)
    return Components(middle, directions[:count], variances[:count] / max(variances.sum(), np.finfo(float).tiny))
