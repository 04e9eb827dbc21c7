"""Perplexity, and how it is written."""

from __future__ import annotations

import math

LARGEST_WRITTEN_OUT = 1e7
"""Larger ones are written with an exponent, because nobody counts 58 digits."""

DIGITS = {2.0: 3, 10.0: 2, LARGEST_WRITTEN_OUT: 1}
"""Digits after the point, by what the value is below: the labels of a good tagging network have 1.004, and not 1.0."""


def perplexity(loss: float) -> float:
    """exp of a mean cross-entropy in nats; infinite where that overflows."""
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf


def written(value: float) -> str:
    """A perplexity for a person: `1.004`, `9.56`, `1,234.5`, `8.1e+57`, `more than 1e308`."""
    if value == math.inf:
        return "more than 1e308"
    if value >= LARGEST_WRITTEN_OUT:
        return f"{value:.1e}"
    digits = next(digits for below, digits in DIGITS.items() if value < below)
    return f"{value:,.{digits}f}"
