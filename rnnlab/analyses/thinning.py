"""A curve as it is drawn: of a long one, some points."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

MOST_POINTS = 2000
"""Of a curve: as many as a screen has columns, and few enough for a browser."""


class Curve(NamedTuple):
    """A curve as it is drawn.

    Attributes:
        steps: int (M,), rising.
        values: float (M,).
    """

    steps: np.ndarray
    values: np.ndarray


def extremes(values: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """The positions of the lowest and the highest value of each stretch, so that a thinned curve keeps its extent.

    Args:
        values: (N,). What is not a number counts as lower than any number.
        most: of the positions, an even number of at least 4.
    Returns:
        int (at most `most`,), rising, the first and the last position among them; all of a curve with no more points.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    borders = np.linspace(0, count, most // 2).astype(int)
    known = np.nan_to_num(np.asarray(values, "float64"), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    found = [
        first + position
        for first, stop in pairwise(borders)
        for position in sorted({int(known[first:stop].argmin()), int(known[first:stop].argmax())})
    ]
    return np.unique([0, *found, count - 1])


def drawn(values: np.ndarray, first: int = 0) -> Curve:
    """A curve with few enough points for a browser.

    Args:
        values: (N,).
        first: the step of the first value.
    """
    positions = extremes(values)
    return Curve(first + positions, np.asarray(values)[positions])
