"""Perplexity, and how it is written."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

LARGEST_WRITTEN_OUT = 1e7
"""Larger ones are written with an exponent, because nobody counts 58 digits."""

LARGEST_DRAWN = 700.0
"""Nats of a loss above which its perplexity is drawn no higher: the next ones overflow."""

DIGITS = {2.0: 3, 10.0: 2, LARGEST_WRITTEN_OUT: 1}
"""Digits after the point, by what the value is below: the labels of a good tagging network have 1.004, and not 1.0."""


def perplexity(loss: float) -> float:
    """exp of a mean cross-entropy in nats; infinite where that overflows."""
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf


def perplexities(losses: ArrayLike) -> np.ndarray:
    """The perplexities of many losses in nats, for a chart: float64 of their shape, finite, NaN where the loss is."""
    return np.exp(np.minimum(losses, LARGEST_DRAWN))


def written(value: float) -> str:
    """A perplexity for a person: `1.004`, `9.56`, `1,234.5`, `8.1e+57`, `more than 1e308`."""
    if value == math.inf:
        return "more than 1e308"
    if value >= LARGEST_WRITTEN_OUT:
        return f"{value:.1e}"
    digits = next(digits for below, digits in DIGITS.items() if value < below)
    return f"{value:,.{digits}f}"
