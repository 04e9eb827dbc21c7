"""Amplitude and phase of an oscillation of a known frequency, period by period."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.errors import LabError

ALIVE = 0.1
"""Share of the true amplitude below which an oscillation has no phase to speak of."""

FEWEST = 3
"""Periods that a line through the phases needs."""


@dataclass(frozen=True, eq=False)
class PhaseFit:
    """A sine fitted to each period: amplitude * sin(frequency * t + phase) + offset.

    Attributes:
        times: float64 (K,), the middle of each period, in the time steps of the values.
        amplitudes: float64 (K,), in the units of the values.
        phases: float64 (K,), in radians ahead of the true wave, without jumps from one period to the next; NaN where
            the oscillation has died.
        drift: of the phase, in radians a step: the error of the frequency. NaN if fewer than three periods have a
            phase.
        frequency: of the true wave, in radians a step.
    """

    times: np.ndarray
    amplitudes: np.ndarray
    phases: np.ndarray
    drift: float
    frequency: float

    @property
    def frequency_error(self) -> float:
        """The error of the frequency as a share of it."""
        return self.drift / self.frequency


def fit_phase(values: np.ndarray, frequency: float, start: int = 0) -> PhaseFit:
    """Fit a sine of the true frequency to each period by least squares.

    Args:
        values: (N,), of at least three periods.
        frequency: of the true wave sin(frequency * t), in radians a step.
        start: t of the first value.
    Raises:
        ValueError: fewer than three periods.
    """
    period = max(3, round(2 * math.pi / frequency))
    count = len(values) // period
    if count < FEWEST:
        raise LabError(
            f"There were {len(values)} values, but a period has {period}; take at least {FEWEST * period} steps."
        )
    times = start + np.arange(count * period).reshape(count, period)
    phase = frequency * times
    design = np.stack([np.sin(phase), np.cos(phase), np.ones_like(phase)], axis=-1)  # (K, period, 3)
    observed = np.asarray(values[: count * period], "float64").reshape(count, period, 1)
    sine, cosine, _ = (np.linalg.pinv(design) @ observed)[..., 0].T
    amplitudes = np.hypot(sine, cosine)
    is_alive = amplitudes > ALIVE
    phases = np.full(count, np.nan)
    phases[is_alive] = np.unwrap(np.arctan2(cosine, sine)[is_alive])
    middles = times.mean(axis=1)
    drift = float(np.polyfit(middles[is_alive], phases[is_alive], 1)[0]) if is_alive.sum() >= FEWEST else math.nan
    return PhaseFit(middles, amplitudes, phases, drift, frequency)
