"""Perplexity, and how it is written."""

from __future__ import annotations

import math

LARGEST_WRITTEN_OUT = 1e7
"""Larger ones are written with an exponent, because nobody counts 58 digits."""


def perplexity(loss: float) -> float:
    """exp of a mean cross-entropy in nats; infinite where that overflows."""
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf


def written(value: float) -> str:
    """A perplexity for a person: `1,234.5`, `8.1e+57`, `more than 1e308`."""
    if value == math.inf:
        return "more than 1e308"
    return f"{value:,.1f}" if value < LARGEST_WRITTEN_OUT else f"{value:.1e}"
