"""What becomes of a small push of the state, in words."""

from __future__ import annotations

import math

import numpy as np

FORGETS, KEEPS = -0.05, 0.01
"""Largest exponents: below the first, a network forgets a push; within the second of 0, it keeps it."""

SMALLEST_SHARE = 1e-6
"""Of a push; what is left below it is soon the rounding of the numbers."""

VALUE = "value"
"""What a network of a series reads at each step."""

GONE = 0.01
"""Share of a push that is left when it counts as forgotten."""


def push_sentence(steps: int, teacher_forced: np.ndarray, free_running: np.ndarray) -> str:
    """Both distances at the end of a figure.

    Args:
        steps: from the push to the end.
        teacher_forced, free_running: distances after the push; the first one is the size of the push.
    """
    forced, alone = (float(distances[-1] / distances[0]) for distances in (teacher_forced, free_running))
    return (
        f"{steps:,} steps after the push, the distance between the pushed and the unpushed network is {_share(forced)} "
        f"the push if both are given the true values, and {_share(alone)} the push if both run alone."
    )


def outputs_sentence(teacher_forced: float, free_running: float, steps: int) -> str:
    """How far the outputs of the pushed and the unpushed network are apart in the end.

    Args:
        teacher_forced, free_running: root mean squared differences, in the units of the data.
        steps: the last ones, over which they are taken.
    """
    return (
        f"Over the last {steps:,} steps, the outputs of the pushed and the unpushed network differ by "
        f"{teacher_forced:.2g} if both are given the true values, and by {free_running:.2g} if both run alone (RMS)."
    )


def rates_sentence(teacher_forced: float, free_running: float, is_wave: bool, noun: str = VALUE) -> str:
    """What the largest exponents of both regimes say.

    Args:
        teacher_forced, free_running: in nats a step.
        is_wave: whether the data have a phase.
        noun: what the network is given at each step.
    """
    forced = f"Given the true {noun}s, {_fate(teacher_forced)}"
    # Once a word differs, the networks no longer read the same.
    condition = "" if noun == VALUE else f"and as long as the push changes no {noun}, "
    alone = f"Running alone, {condition}{_fate(free_running)}"
    if is_wave and teacher_forced < FORGETS and abs(free_running) <= KEEPS:
        alone += " So a network that runs alone never corrects its phase."
    return f"{forced} {alone}"


def words_sentence(position: int | None, steps: int, noun: str = "word") -> str:
    """Where the texts of the pushed and the unpushed network part.

    Args:
        position: of the first token that differs, from 0; None if there is none.
        steps: tokens that were drawn.
        noun: the name of a token.
    """
    if position is None:
        return f"Both networks draw with the same random numbers, and all {steps:,} {noun}s are the same."
    return (
        f"Both networks draw with the same random numbers. {noun.capitalize()} {position + 1:,} after the push is the "
        f"first that differs, and from then on they read different {noun}s."
    )


def half_life(exponent: float) -> float:
    """Steps in which a push becomes twice or half as large."""
    return math.log(2) / abs(exponent)


def _fate(exponent: float) -> str:
    """What becomes of a push whose largest exponent this is, as a sentence without its beginning."""
    rate = f"the largest exponent is {round(exponent, 4) + 0.0:.4f} a step"
    if exponent == -math.inf:
        return "a push is gone after one step."
    if exponent < -KEEPS:
        return f"a push shrinks to a hundredth within about {steps_to_forget(exponent):,} steps: {rate}."
    if exponent <= KEEPS:
        return f"a push neither fades nor grows: {rate}."
    return f"a push doubles about every {half_life(exponent):.2g} steps: {rate}."


def steps_to_forget(exponent: float) -> int:
    """Steps in which a push shrinks to a hundredth, for an exponent below 0."""
    return math.ceil(math.log(GONE) / exponent)


def _share(ratio: float) -> str:
    """How many times a push a distance is, in words."""
    if not math.isfinite(ratio):
        return "too large a multiple of"
    if ratio < SMALLEST_SHARE:
        return "less than a millionth of"
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.2g} times"
