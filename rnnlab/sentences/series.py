"""How well a wave was predicted and continued, in words."""

from __future__ import annotations

import math


def series_verdict(teacher_forced_rmse: float, free_running_rmse: float, horizon: int) -> str:
    """The two errors in words."""
    told = f"Told the truth at every step, it is off by {teacher_forced_rmse:.3g} on average (RMSE)."
    alone = f"Running alone for {horizon} steps, it is off by {free_running_rmse:.3g}"
    if not math.isfinite(free_running_rmse):
        return f"{told} Running alone, it ran away to infinity."
    return f"{told} {alone}: {_judgement(free_running_rmse)}."


def attempt_verdict(
    teacher_forced_rmse: float, attempt_rmse: float, carried_rmse: float | None, horizon: int, told: str = "the truth"
) -> str:
    """The errors of a way of feeding back in words.

    Args:
        teacher_forced_rmse: of one-step prediction.
        attempt_rmse: of generation in this way.
        carried_rmse: of generation with the state carried; None when that is this way.
        horizon: steps generated.
        told: what the network read in one-step prediction.
    """
    forced = f"Told {told} at every step, it is off by {teacher_forced_rmse:.3g} on average (RMSE)."
    alone = f"Fed back in this way for {horizon} steps, it is off by {_distance(attempt_rmse)}"
    beside = "" if carried_rmse is None else f"; with the state carried, by {_distance(carried_rmse)}"
    return f"{forced} {alone}{beside}."


def by_heart_sentence(later_steps: int, later_rmse: float) -> str:
    """What the output of a network that hears zeros would be worth for the same wave begun elsewhere.

    Args:
        later_steps: how much later the other wave begins.
        later_rmse: of the same output, against that wave.
    """
    return (
        f"Had the wave begun {later_steps} steps later, it would have said the very same and been off by "
        f"{_distance(later_rmse)}: it plays by heart, it does not listen."
    )


def _judgement(rmse: float) -> str:
    if rmse < 0.05:
        return "it has learned to go on by itself"
    return (
        "it stays near the wave, but drifts" if rmse < 0.25 else "it drifts away, because its own errors are its inputs"
    )


def _distance(rmse: float) -> str:
    return f"{rmse:.3g}" if math.isfinite(rmse) else "more than a number can say"
