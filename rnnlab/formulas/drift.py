"""What an error of the frequency alone does to a wave."""

from __future__ import annotations

import math

SMALL = 1.0
"""Radians by which the phase may be off in the end for the short formula to hold to a fortieth."""


def rmse_of_drift(drift: float, horizon: float, amplitude: float = 1.0) -> float:
    """The error of a wave whose only fault is its frequency: amplitude * drift * horizon / sqrt(6).

    The difference of sin((w + d) t) and sin(w t) is about d t cos(w t). Its mean square over 0 <= t <= H is the mean of
    d^2 t^2, which is d^2 H^2 / 3, times the mean of cos^2, which is 1/2. The root is d H / sqrt(6). This holds while
    the phase error d H is small, and over whole periods.

    Args:
        drift: error of the frequency, in radians a step.
        horizon: steps H.
        amplitude: of the wave.
    Returns:
        The root mean squared error, in the units of the amplitude.
    """
    return amplitude * abs(drift) * horizon / math.sqrt(6)


def is_small(drift: float, horizon: float) -> bool:
    """Whether `rmse_of_drift` holds."""
    return abs(drift) * horizon <= SMALL
