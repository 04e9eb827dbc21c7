"""A good loss: a small validation loss does not show how a network runs alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlab.analyses.series import CompareSeries
from rnnlab.data import wave
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.measures import VALID_LOSS
from rnnlab.plots.lesson_pictures import Line, Picture
from rnnlab.presets import SINE, SINE_ORIGINAL

PRIME, HORIZON, SHOWN = 50, 500, 400
TIMES = np.arange(SHOWN)
WAVE = wave(SINE_ORIGINAL.experiment.data, SHOWN)  # type: ignore[arg-type]
SLOWER = 0.95
"""Of the drawn answer that drifts: its frequency, compared with the wave's."""

AXES = Picture("Time step", "Value", tuple(range(SHOWN)), limits=(-1.4, 1.4))
SAME_WAVE = {"frequency": SINE_ORIGINAL.experiment.data.frequency}  # type: ignore[union-attr]
"""For the large network, because one picture shows both beside one true wave."""

SMALL, LARGE = "small network", "large network"
"""Words for the two trainings, which are true whatever a student changes."""

FOLLOWS, DEAD = 0.1, 0.2
"""A smaller error follows the wave; last values with a smaller standard deviation have died away."""


def _after_prime(values: np.ndarray) -> tuple[float, ...]:
    return (*[float("nan")] * PRIME, *map(float, values[PRIME:]))


def _at_phase(times: np.ndarray) -> np.ndarray:
    """The wave at times between its samples."""
    return np.interp(times, TIMES, WAVE)


_ALONE = TIMES - PRIME
"""Steps since the prime, negative before it."""

ALONE = Ask(
    "alone",
    AXES.with_lines(Line("true wave", floats(WAVE), is_truth=True)),
    (
        Choice("follows", "follows the wave", _after_prime(WAVE)),
        Choice("drifts", "drifts out of step", _after_prime(_at_phase(PRIME + SLOWER * _ALONE))),
        Choice("dies", "dies away", _after_prime(WAVE * np.exp(-np.maximum(_ALONE, 0) / 60))),
    ),
)


def see(results: Results) -> Seen:
    """A network that is too small, and one that is large enough, given the true values and alone."""
    small, large = (results.ask(CompareSeries(PRIME, HORIZON), index) for index in (0, 1))
    numbers = {
        "loss": float(results.curve(VALID_LOSS, 0)[1][-1]),
        "forced": small.teacher_forced_rmse,
        "alone": small.free_running_rmse,
        "large": large.free_running_rmse,
        "ratio": small.free_running_rmse / large.free_running_rmse,
    }
    alone = tuple(range(PRIME, SHOWN))
    lines = (
        Line("true wave", floats(small.target[:SHOWN]), is_truth=True),
        # The two networks in the order and so in the colours of their trainings.
        Line("small, alone", floats(small.free_running[: len(alone)]), places=alone),
        Line("large, alone", floats(large.free_running[: len(alone)]), places=alone),
        Line("small, true values", floats(small.teacher_forced[:SHOWN])),
    )
    came_true = "drifts"
    if small.free_running_rmse < FOLLOWS:
        came_true = "follows"
    elif float(np.std(small.free_running[-100:])) < DEAD:
        came_true = "dies"
    return Seen({ALONE.step: AXES.with_lines(*lines)}, numbers, {ALONE.step: came_true})


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    return numbers["loss"] < 0.02 and numbers["ratio"] > 5


GOOD_LOSS = Lesson(
    id="good-loss",
    title="A good loss",
    question="Is a small validation loss enough?",
    minutes=6,
    file=__file__,
    asks=(ALONE,),
    trials=(Trial(SINE_ORIGINAL.name, name=SMALL), Trial(SINE.name, SAME_WAVE, is_played_with=False, name=LARGE)),
    controls=("units", "epochs", "learning_rate"),
    see=see,
    holds=holds,
    compared={"loss": "Validation loss", "forced": "Error, given the true values", "alone": "Error alone"},
    source="Bengio 2015 on the difference between training and generation; ten seeds here",
)
