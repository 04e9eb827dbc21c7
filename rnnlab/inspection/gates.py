"""What many gates over many steps come to: their order, their averages, and how often they are fully open or closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CLOSED, OPEN = 0.1, 0.9
"""Bounds of a gate that is left-saturated and of one that is right-saturated. Source: Karpathy, Johnson and Li 2015."""


@dataclass(frozen=True, eq=False)
class Saturation:
    """How often each unit's gate is saturated.

    Attributes:
        closed: float64 (H,), the share of steps at which it is below `CLOSED`.
        open: float64 (H,), the share of steps at which it is above `OPEN`.
    """

    closed: np.ndarray
    open: np.ndarray


def saturation(values: np.ndarray) -> Saturation:
    """How often the gates are saturated: values (T, H) between 0 and 1."""
    return Saturation(np.mean(values < CLOSED, axis=0), np.mean(values > OPEN, axis=0))


def order_by_similarity(values: np.ndarray) -> np.ndarray:
    """Units in an order in which neighbours move alike: int64 (H,).

    The order is that of the Fiedler vector of the graph whose edges weigh (1 + correlation) / 2: the best order on a
    line, in the sense of squared distances, if the positions may be any numbers. Units that never move come last.

    Args:
        values: float (T, H).
    Source: Fiedler 1973; Atkins, Boman and Hendrickson 1998 on seriation.
    """
    centred = values.astype("float64") - values.mean(axis=0, dtype="float64")
    lengths = np.linalg.norm(centred, axis=0)
    moving = np.flatnonzero(lengths > 1e-6 * np.sqrt(len(values)))
    still = np.setdiff1d(np.arange(values.shape[1]), moving)
    if len(moving) < 3:
        return np.concatenate([moving, still])
    unit = centred[:, moving] / lengths[moving]
    likeness = (1 + np.clip(unit.T @ unit, -1, 1)) / 2
    laplacian = np.diag(likeness.sum(axis=1)) - likeness
    fiedler = np.linalg.eigh(laplacian)[1][:, 1]
    sign = np.sign(fiedler[np.argmax(np.abs(fiedler))])  # An eigenvector has no sign of its own.
    return np.concatenate([moving[np.argsort(sign * fiedler, kind="stable")], still])


def thinned(values: np.ndarray, most: int) -> tuple[np.ndarray, int]:
    """At most `most` rows: the means of blocks of equal length, of which the last may be shorter.

    Args:
        values: (T, ...).
        most: >= 1.
    Returns:
        float32 (columns, ...), and the steps of one block; with 1 the values are those that were given.
    """
    stride = -(-len(values) // most)
    if stride <= 1:
        return values, 1
    starts = np.arange(0, len(values), stride)
    sums = np.add.reduceat(values, starts, axis=0, dtype="float64")
    counts = np.diff([*starts, len(values)]).reshape(-1, *[1] * (values.ndim - 1))
    return (sums / counts).astype("float32"), stride
