"""What a noisy curve does, as numbers: how noisy it is, where it turns, since when it is flat."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Points = tuple[np.ndarray, np.ndarray]
"""Steps int64 (N,), ascending, and values float64 (N,)."""

NO_POINTS: Points = (np.array([], "int64"), np.array([]))

MOST_GROUPS = 128
"""Points that a trend is read from. A run is usually evaluated about 100 times; of more, neighbours are averaged."""

SMOOTHING = 5
"""Neighbours whose median is taken: two outliers beside each other do not move it."""


def finite(points: Points) -> Points:
    """The points that are finite numbers."""
    steps, values = points
    there = np.isfinite(values)
    return points if there.all() else (steps[there], values[there])


def grouped(points: Points) -> Points:
    """Neighbours averaged until at most `MOST_GROUPS` points are left; each has the last step of its group.

    A last group that is not complete is left out, so that its average does not jump while it fills.
    """
    steps, values = points
    size = -(-len(steps) // MOST_GROUPS) or 1
    whole = len(steps) // size * size
    return steps[size - 1 : whole : size], values[:whole].reshape(-1, size).mean(axis=1)


def noise(values: np.ndarray) -> float:
    """Standard deviation of independent noise on a smooth curve (N,); 0 for fewer than three values.

    A second difference of a smooth curve is nearly 0, and that of noise has six times its variance. The median does not
    see the few places where the curve bends sharply.
    """
    if len(values) < 3:
        return 0.0
    return float(np.median(np.abs(np.diff(values, 2)))) / 0.6745 / 6**0.5  # 0.6745: the median of |N(0, 1)|


def smoothed(values: np.ndarray) -> np.ndarray:
    """The median of each value (N,) and its neighbours, mirrored at both ends; N >= `SMOOTHING`."""
    around = np.pad(values, SMOOTHING // 2, mode="reflect")
    return np.median(np.lib.stride_tricks.sliding_window_view(around, SMOOTHING), axis=1)


class Tails(NamedTuple):
    """A straight line through the rest of a curve, from each of its points on.

    Attributes:
        change: from the first to the last point of the line, float64 (N - 2,).
        error: standard error of the change, float64 (N - 2,).
    """

    change: np.ndarray
    error: np.ndarray


def tails(values: np.ndarray) -> Tails:
    """Least squares through `values[i:]` for every i that leaves three points; N >= 3."""
    centred = values - values.mean()
    positions = np.arange(len(values))
    first = positions[:-2]
    total, squares, moment = (_sums_to_the_end(part)[:-2] for part in (centred, centred**2, positions * centred))
    count = len(values) - first
    spread = count * (count**2 - 1) / 12  # sum of squared distances of 0 .. count - 1 from their mean
    covariance = moment - (first + (count - 1) / 2) * total
    slope = covariance / spread
    rest = np.maximum(squares - total**2 / count - slope * covariance, 0.0)
    return Tails(slope * (count - 1), np.sqrt(rest / (count - 2) / spread) * (count - 1))


def flat_since(values: np.ndarray, tolerance: float, shortest: int) -> int | None:
    """The first index since which a curve (N,) has certainly changed by less than the tolerance; None if there is none.

    Args:
        values: N >= `SMOOTHING`.
        tolerance: the most that it may change.
        shortest: fewest points that must be flat, >= 3.
    """
    line = tails(values)
    course = smoothed(values)
    level = np.median(values[-shortest:])
    farthest = np.maximum.accumulate(np.abs(course - level)[::-1])[::-1][:-2]
    is_flat = (np.abs(line.change) + CERTAIN * line.error < tolerance) & (farthest < tolerance)
    found = np.flatnonzero(is_flat[: len(values) - shortest + 1])
    return int(found[0]) if len(found) else None


CERTAIN = 3.0
"""Standard errors: chance reaches so far once in 700 looks."""


def _sums_to_the_end(values: np.ndarray) -> np.ndarray:
    return np.cumsum(values[::-1])[::-1]
