"""How well a wave was predicted and continued, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

LONGEST = 1e9
"""Errors from here on are written with an exponent."""

PARTED = 0.25
"""Error from which a free run no longer follows a wave between -1 and 1."""


def series_verdict(
    teacher_forced_rmse: float, free_running_rmse: float, horizon: int, amplitude: float = 1.0, noun: str = "wave"
) -> str:
    """Both errors of a network whose state is carried.

    Args:
        teacher_forced_rmse: of one-step prediction.
        free_running_rmse: of the free run.
        horizon: steps of the free run.
        amplitude: the size of the series, which the errors are judged by.
        noun: what the series is called.
    """
    forced = f"Given the true value at every step, its error is {size(teacher_forced_rmse)} (RMSE)"
    if not math.isfinite(free_running_rmse):
        return f"{forced}; running alone, its values overflow."
    alone = f"running alone for {horizon:,} steps, its error is {size(free_running_rmse)}"
    return f"{forced}; {alone}: {_judgement(free_running_rmse / amplitude, noun)}."


def way_verdict(
    teacher_forced_rmse: float,
    way_rmse: float,
    carried_rmse: float | None,
    horizon: int,
    read: str = "the true value",
) -> str:
    """The errors of one way of feeding back.

    Args:
        teacher_forced_rmse: of one-step prediction.
        way_rmse: of generation in this way.
        carried_rmse: of generation with the state carried; None when that is this way.
        horizon: steps generated.
        read: what the network reads at each step of one-step prediction.
    """
    forced = f"Given {read} at every step, its error is {size(teacher_forced_rmse)} (RMSE)"
    alone = f"fed back in this way for {horizon:,} steps, its error is {size(way_rmse)}"
    beside = "" if carried_rmse is None else f", and with the state carried it is {size(carried_rmse)}"
    return f"{forced}; {alone}{beside}."


def by_heart_sentence(later_steps: int, later_rmse: float) -> str:
    """What the output of a network that reads zeros is worth for the same wave begun elsewhere.

    Args:
        later_steps: how much later the other wave begins.
        later_rmse: of the same output, against that wave.
    """
    return (
        f"If the wave had begun {later_steps} steps later, the output would be exactly the same and its error "
        f"{size(later_rmse)}: the network has memorised a wave and does not read this one."
    )


def parting_sentence(
    teacher_forced: np.ndarray, free_running: np.ndarray, target: np.ndarray, amplitude: float = 1.0
) -> str:
    """Where in the chart of the errors to look: the step at which the free run leaves the wave.

    Args:
        teacher_forced, free_running, target: float (horizon,), the values after the prime; at least one.
        amplitude: the size of the series, which the errors are judged by.
    """
    steps, parted = len(target), PARTED * amplitude
    with np.errstate(over="ignore", invalid="ignore"):
        forced, alone = np.abs(teacher_forced - target), np.abs(free_running - target)
    largest = f"the teacher-forced error is never above {size(float(np.max(forced)))}"
    left = np.flatnonzero(~(alone <= parted))  # Also where it is not a number.
    if not len(left):
        return f"For all {steps:,} steps the free-running error stays below {size(parted)}; {largest}."
    when = "at its first step" if left[0] == 0 else f"{left[0] + 1:,} steps after the prime"
    return f"The free-running error first exceeds {size(parted)} {when}; {largest}."


def naive_sentence(
    teacher_forced_rmse: float, free_running_rmse: float, naive: Sequence[tuple[str, float, float]]
) -> str:
    """Whether the network is better than forecasts that take no network.

    Args:
        teacher_forced_rmse, free_running_rmse: of the network.
        naive: the name of each such forecast, its error when it knows all values before, and alone.
    """
    best_forced, name_forced = min((one_step, name) for name, one_step, _ in naive)
    best_alone, name_alone = min((alone, name) for name, _, alone in naive)
    return (
        f"Given the true values, the network is {_against(teacher_forced_rmse, best_forced, name_forced)}. Running "
        f"alone, it is {_against(free_running_rmse, best_alone, name_alone)}. These are root mean squared errors. The "
        "lines in the chart are the forecasts that run alone: they repeat the last values before the horizon."
    )


def _against(error: float, naive_error: float, name: str) -> str:
    judged = "better" if error < naive_error else "not better"
    return f"{judged} than “{name}”: {size(error)} against {size(naive_error)}"


def short_sentence(prime: int, horizon: int, asked_prime: int, asked_horizon: int) -> str:
    """Why fewer values are shown than were asked for; "" if all are.

    Args:
        prime, horizon: what is shown.
        asked_prime, asked_horizon: what was asked for.
    """
    parts = []
    if prime < asked_prime:
        parts.append(f"The training part has only {prime:,} values for the prime.")
    if horizon < asked_horizon:
        parts.append(f"The series has only {horizon:,} values after its training part, so the free run ends there.")
    return " ".join(parts)


def _judgement(rmse: float, noun: str) -> str:
    if rmse < 0.05:
        return f"it has learned to continue the {noun} on its own"
    return (
        f"it stays near the {noun}, but drifts"
        if rmse < 0.25
        else "it drifts away, because its own errors are its inputs"
    )


def size(error: float) -> str:
    """An error with three digits, such as `0.0314` or `12,300`."""
    if not math.isfinite(error):
        return "too large for a number"
    return f"{float(f'{error:.3g}'):,.0f}" if 1_000 <= error < LONGEST else f"{error:.3g}"
