"""The nudge: where a small push of the state is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlab.analyses.nudge import GrowthRates, PushAnswer, PushState
from rnnlab.analyses.thinning import Curve
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.plots.lesson_pictures import BARS, Line, Picture
from rnnlab.presets import SINE

REGIMES = ("true values", "alone")
STEPS, SHOWN = 500, 63
"""Steps that the push is followed for, and the last ones, a period of the wave, over which its size is averaged."""

HARD = 0.5
"""A push that is half as large as the state: of a small one nothing could be seen in the wave."""

LAST = 150
"""Steps in which the two waves are shown."""

FORGOTTEN = 10.0
"""Per cent of a push below which it is forgotten."""

WHOLE = Line("the push", (100.0, 100.0), is_truth=True)
PUSH = Ask(
    "push",
    Picture("What it reads after the push", "Push remaining, %", REGIMES, (WHOLE,), limits=(0, 112), kind=BARS),
    # The keys say where it is forgotten, the words where it is left.
    (
        Choice("told", "only alone", (0.0, 100.0)),
        Choice("alone", "only with true values", (100.0, 0.0)),
        Choice("both", "in neither", (0.0, 0.0)),
        Choice("neither", "in both", (100.0, 100.0)),
    ),
)


def see(results: Results) -> Seen:
    """What is left of a push in both regimes, and how fast pushes grow or fade."""
    pushed, rates = results.ask(PushState(steps=STEPS)), results.ask(GrowthRates())
    hard = results.ask(PushState(steps=STEPS, size=HARD))
    forced, alone = (_left(curve.values) for curve in (pushed.teacher_forced, pushed.free_running))
    numbers = {
        "forced": forced,
        "alone": alone,
        "rate_forced": float(rates.teacher_forced[0]),
        "rate_alone": float(rates.free_running[0]),
        "gone": _gone(pushed.teacher_forced),
    }
    # A line for each regime, in the order and so in the colours of the other pictures.
    left = (Line(REGIMES[0], (forced, None), BARS), Line(REGIMES[1], (None, alone), BARS))
    picture = PUSH.picture.with_lines(WHOLE, *left)
    over_time = Picture(
        "Steps after the push",
        "Push remaining, %",
        (),
        tuple(
            Line(name, floats(100 * curve.values / curve.values[0]), places=tuple(map(int, curve.steps)))
            for name, curve in zip(REGIMES, (pushed.teacher_forced, pushed.free_running), strict=True)
        ),
        log_y=True,
    )
    is_forgotten = (forced < FORGOTTEN, alone < FORGOTTEN)
    came_true = {(True, False): "told", (False, True): "alone", (True, True): "both"}.get(is_forgotten, "neither")
    closer = {PUSH.step: {"Over time": over_time, "Two waves": _two_waves(hard)}}
    return Seen({PUSH.step: picture}, numbers, {PUSH.step: came_true}, closer=closer)


def _two_waves(pushed: PushAnswer) -> Picture:
    """What a network that was pushed hard makes alone in the end, beside its copy that was not pushed."""
    named = {"not pushed": "free-running", "pushed hard": "free-running, pushed"}
    curves = {name: pushed.outputs[output] for name, output in named.items()}
    lines = tuple(
        Line(name, floats(curve.values[-LAST:]), places=tuple(map(int, curve.steps[-LAST:])))
        for name, curve in curves.items()
    )
    return Picture("Steps after the push", "Value", (), lines, first_color=len(REGIMES))


def _gone(curve: Curve) -> float:
    """Steps after which less than 1 % of a push is left; all steps where that never happens."""
    below = np.flatnonzero(curve.values < curve.values[0] / 100)
    return float(curve.steps[below[0]] if len(below) else curve.steps[-1])


def _left(distances: np.ndarray) -> float:
    """Per cent of a push that is left in the end; float (N,), the distance after each step, 0 first."""
    return float(100 * np.mean(distances[-SHOWN:]) / distances[0])


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    return numbers["rate_forced"] < -0.05 and abs(numbers["rate_alone"]) < 0.01 and numbers["forced"] < 1


NUDGE = Lesson(
    id="nudge",
    title="The nudge",
    question="Where is a small push forgotten?",
    minutes=6,
    file=__file__,
    asks=(PUSH,),
    trials=(Trial(SINE.name),),
    controls=("units", "cell", "shape"),
    see=see,
    holds=holds,
    compared={"forced": "Push left, given true values (%)", "alone": "Push left, alone (%)"},
    source="Vogt 2020 and Engelken 2023 on Lyapunov exponents of recurrent networks; ten seeds here",
)
