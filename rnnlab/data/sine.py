"""The family of waves: one number a step, known in closed form, so that a wave can be continued for ever."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnnlab.config import SineData

GOLDEN_RATIO = (1 + 5**0.5) / 2
"""Ratio of the two frequencies of `two_sines`. It is the number that fractions approximate worst, so the sum never
repeats."""

ROUNDING = 1e-8
"""In periods. After three million steps, a float64 phase has an error of 1e-10 periods. At a jump, the sign of that
error would decide the value."""


def wave(data: SineData, length: int, start: int = 0) -> np.ndarray:
    """The clean wave, without noise.

    Args:
        data: shape and frequency; the other fields do not matter here.
        length: number of values, >= 0.
        start: index of the first value; any whole number, so a wave can be continued in both directions.
    Returns:
        float32 (length,) in [-1, 1]. Every shape but the square wave starts at 0 and rises at index 0.
    """
    # float64, because a float32 phase at index 1e6 has an error of some hundredths of a radian.
    phase = data.frequency * np.arange(start, start + length, dtype=np.float64)
    return _SHAPES[data.shape](phase).astype(np.float32)


def period(data: SineData) -> float | None:
    """Steps until the wave repeats; None where it never does."""
    return None if data.shape == "two_sines" else 2 * math.pi / data.frequency


def series(data: SineData, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The wave with its noise, as a training series and its two continuations.

    Returns:
        Train, valid, test: float32 (samples + 1,) each, in this order on the time axis. The extra point is the target
        of the last sample.
    """
    points = data.samples + 1
    values = wave(data, 3 * points)
    if data.noise:
        # One draw per index, in order, so that index 7 has the same noise for every number of samples.
        values = values + (data.noise * np.random.default_rng(seed).standard_normal(3 * points)).astype(np.float32)
    train, valid, test = values.reshape(3, points)
    return train, valid, test


def _two_sines(phase: np.ndarray) -> np.ndarray:
    return (np.sin(phase) + np.sin(GOLDEN_RATIO * phase)) / 2


def _triangle(phase: np.ndarray) -> np.ndarray:
    return np.arcsin(np.sin(phase)) * 2 / np.pi


def _square(phase: np.ndarray) -> np.ndarray:
    # Not sign(sin(phase)), because that is 0 at phase 0.
    return np.where(_period_done(phase) < 0.5 - ROUNDING, 1.0, -1.0)


def _sawtooth(phase: np.ndarray) -> np.ndarray:
    return 2 * _period_done(phase + np.pi) - 1


def _period_done(phase: np.ndarray) -> np.ndarray:
    """The share of the period that is over, in [0, 1). A phase that is before a jump by a rounding error counts as
    after it."""
    periods = phase / (2 * np.pi)
    return np.maximum(periods - np.floor(periods + ROUNDING), 0.0)


_SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sine": np.sin,
    "two_sines": _two_sines,
    "triangle": _triangle,
    "square": _square,
    "sawtooth": _sawtooth,
}
