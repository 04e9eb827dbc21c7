"""Feed it its own voice: hand back the output and the state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlab.analyses.series import CompareSeries
from rnnlab.config.feeding import CARRIED, REREAD, RESET, ZERO_FILLED
from rnnlab.data import wave
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.plots.lesson_pictures import Line, Picture
from rnnlab.presets import SINE

PRIME, HORIZON, SHOWN = 50, 500, 150
"""Values read, values generated, and values drawn."""

WAVE = wave(SINE.experiment.data, SHOWN)  # type: ignore[arg-type]
HALF_PERIOD = round(np.pi / SINE.experiment.data.frequency)  # type: ignore[union-attr]
STILL = 0.05
"""A wave whose last values have a smaller standard deviation stands still."""

AXES = Picture("Time step", "Value", tuple(range(SHOWN)), limits=(-1.3, 1.3))
PRIMED = AXES.with_lines(Line("values read", floats(WAVE[:PRIME]), is_truth=True))


def _after_prime(values: np.ndarray) -> tuple[float, ...]:
    """A drawn answer: nothing while the prime is read."""
    return (*[float("nan")] * PRIME, *map(float, values[: SHOWN - PRIME]))


VOICE = Ask(
    "voice",
    PRIMED,
    (
        Choice("on", "goes on", _after_prime(WAVE[PRIME:])),
        Choice("phase", "wrong phase", _after_prime(-WAVE[PRIME:])),
        Choice("still", "stands still", _after_prime(np.full(SHOWN, WAVE[PRIME - 1] / 2))),
    ),
)


def see(results: Results) -> Seen:
    """The ways of feeding back, of one network; and the carried way of one that learned the previous value."""
    answers = {way.key: results.ask(CompareSeries(PRIME, HORIZON, way.key)) for way in (CARRIED, RESET, ZERO_FILLED)}
    reread = results.ask(CompareSeries(PRIME, HORIZON, REREAD.key))
    previous = results.ask(CompareSeries(PRIME, HORIZON), 1)
    carried = answers[CARRIED.key]
    # The two networks first, in the order and so in the colours of their trainings.
    drawn = {
        "output and state": carried.free_running,
        "previous value": previous.free_running,
        "output only": answers[RESET.key].free_running,
        "zeros as inputs": answers[ZERO_FILLED.key].free_running,
    }
    alone = tuple(range(PRIME, SHOWN))
    lines = [Line(name, floats(values[: len(alone)]), places=alone) for name, values in drawn.items()]
    numbers = {
        "carried": carried.free_running_rmse,
        "reset": answers[RESET.key].free_running_rmse,
        "spread": float(np.std(answers[RESET.key].free_running[-100:])),
        "zeros": answers[ZERO_FILLED.key].free_running_rmse,
        "previous": previous.free_running_rmse,
        "gap": float(np.max(np.abs(reread.free_running - carried.free_running))),
    }
    picture = AXES.with_lines(Line("true wave", floats(carried.target[:SHOWN]), is_truth=True), *lines)
    return Seen({VOICE.step: picture}, numbers, {VOICE.step: _came_true(numbers)})


def _came_true(numbers: Mapping[str, float]) -> str:
    if numbers["spread"] < STILL:
        return "still"
    return "on" if numbers["reset"] < 2 * STILL else "phase"


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    stands_still = numbers["reset"] > 0.5 and numbers["spread"] < STILL
    return numbers["carried"] < 0.05 and stands_still and numbers["gap"] < 1e-4 and numbers["previous"] > 0.5


OWN_VOICE = Lesson(
    id="own-voice",
    title="Feed it its own voice",
    question="How is a network's output fed back, and why does the curve break?",
    minutes=6,
    file=__file__,
    asks=(VOICE,),
    trials=(
        Trial(SINE.name, name="next value as target"),
        Trial(SINE.name, {"target": "previous"}, name="previous value as target"),
    ),
    controls=("shape", "units", "cell"),
    see=see,
    holds=holds,
    source="Williams and Zipser 1989 on teacher forcing; ten seeds here",
    compared={"carried": "Error with output and state", "reset": "Error with the output only"},
)
