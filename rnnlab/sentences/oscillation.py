"""The free run of a wave as an oscillation, in words."""

from __future__ import annotations

import math

import numpy as np

from rnnlab.formulas.drift import is_small, rmse_of_drift

DEAD = 0.1
"""Amplitude of a free run that has died, where the true one is 1."""

CLOSE = 0.25
"""Share by which the angle at a fixed point may differ from the wave's frequency. A large oscillation around the point
need not be as fast as a small one: the step is not linear."""


def phase_sentence(amplitudes: np.ndarray, phases: np.ndarray) -> str:
    """The last period of a free run.

    Args:
        amplitudes: (K,), where the true one is 1.
        phases: (K,), in radians ahead of the true wave; NaN where there is none.
    """
    amplitude, phase = float(amplitudes[-1]), float(phases[-1])
    if not amplitude > DEAD:
        return f"In the last period, the amplitude is {amplitude:.2g}. The oscillation has died, so it has no phase."
    side = "ahead of" if phase > 0 else "behind"
    return (
        f"In the last period, the amplitude is {amplitude:.3f} and the true one is 1. The free run is "
        f"{abs(math.degrees(phase)):.3g}° {side} the true wave."
    )


def frequency_sentence(drift: float, frequency: float, horizon: int, rmse: float) -> str:
    """The error of the frequency, and what it alone would do.

    Args:
        drift: error of the frequency, in radians a step.
        frequency: in radians a step.
        horizon: steps of the free run.
        rmse: of the free run.
    """
    if math.isnan(drift):
        return "Too few periods have a phase to tell the frequency of the free run."
    error = f"The frequency is off by {100 * drift / frequency:+.3g} % ({drift:+.2g} radians a step)."
    if not is_small(drift, horizon):
        return (
            f"{error} After {horizon:,} steps that is {abs(drift) * horizon:.2g} radians, too much for the formula "
            f"Δω · H / √6. The RMSE is {rmse:.2g}."
        )
    alone = rmse_of_drift(drift, horizon)
    return (
        f"{error} An error of the frequency alone gives an RMSE of Δω · H / √6 = {abs(drift):.2g} · {horizon:,} / "
        f"2.449 = {alone:.2g}. The RMSE of this free run is {rmse:.2g}."
    )


def portrait_sentence(target: np.ndarray, free_running: np.ndarray, delay: int) -> str:
    """How far a free run lies from the ellipse of the true wave.

    Args:
        target, free_running: (M,), values.
        delay: steps, about a quarter of a period.
    """
    outward = float(_radius(free_running, delay) / _radius(target, delay) - 1)
    where = "on the ellipse of the true wave" if abs(outward) < 0.01 else f"{abs(outward):.1%} {_side(outward)} it"
    if abs(outward) >= 0.01:
        return f"The true wave runs on an ellipse. The curve of the free run lies {where} on average."
    return f"The curve of the free run lies {where}, within 1 % on average."


def components_sentence(shares: np.ndarray) -> str:
    """How much of the movement of the states two components show."""
    return f"The two main components hold {shares[0]:.0%} and {shares[1]:.0%} of the variance of the states."


def spectrum_sentence(eigenvalues: np.ndarray, frequency: float) -> str:
    """What the eigenvalues at a fixed point say about the oscillation around it.

    Args:
        eigenvalues: complex (S,).
        frequency: of the true wave, in radians a step.
    """
    turning = eigenvalues[np.imag(eigenvalues) > 0]
    if not len(turning):
        return "No eigenvalue turns: all are real, so the network does not oscillate around this point."
    pair = turning[np.argmax(np.abs(turning))]
    angle, size = float(np.angle(pair)), float(np.abs(pair))
    turn = f"The largest pair of complex eigenvalues turns by {angle:.4f} radians a step, once in "
    turn += f"{2 * math.pi / angle:.1f} steps. The wave turns once in {2 * math.pi / frequency:.1f} steps."
    if abs(angle / frequency - 1) > CLOSE:
        return f"{turn} So the oscillation is not that of this point."
    if size > 1:
        return f"{turn} Its modulus is {size:.4f}, so a small oscillation around the point grows."
    return f"{turn} Its modulus is {size:.4f}, so a small oscillation around the point fades."


def _radius(values: np.ndarray, delay: int) -> float:
    """Mean distance from the origin in the plane of a value and the value a quarter of a period before."""
    return float(np.mean(np.hypot(values[:-delay], values[delay:])))


def _side(outward: float) -> str:
    return "outside" if outward > 0 else "inside"
