"""How straight a curve of measurements is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Line(NamedTuple):
    """`start + slope * size`, and how far the measurements are from it.

    Attributes:
        start, slope: of the line with the smallest squared relative deviations.
        deviation: the largest one, as a share of the line's value.
    """

    start: float
    slope: float
    deviation: float


def fitted_line(sizes: Sequence[float], values: Sequence[float]) -> Line:
    """The line through measurements whose errors are shares of what was measured, as those of times are.

    Args:
        sizes: two different ones at least.
        values: positive, one for each size.
    """
    x, y = np.asarray(sizes, "float64"), np.asarray(values, "float64")
    slope, start = np.polyfit(x, y, 1, w=1 / y)
    line = start + slope * x
    return Line(float(start), float(slope), float(np.max(np.abs(y / line - 1))))
