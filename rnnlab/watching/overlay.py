"""The curves of several runs over one axis: steps, epochs, seconds or tokens; and a running mean of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from rnnlab.config import Experiment
from rnnlab.store.run import Run
from rnnlab.watching.trends import Points

Times = Sequence[tuple[int, datetime]]
"""Steps, ascending, and when each was reached."""


@dataclass(frozen=True)
class Clock:
    """What it takes to place the steps of one run on another axis.

    Attributes:
        run: whose steps they are.
        experiment: its settings.
        times: when some of its steps were reached, besides its start and its end.
    """

    run: Run
    experiment: Experiment
    times: Times = ()


def epochs(clock: Clock, steps: np.ndarray) -> np.ndarray:
    """Passes over the training data: float64 (N,); NaN as long as no worker has looked at the data."""
    total = clock.run.total_steps
    return steps * clock.experiment.training.epochs / total if total else np.full(len(steps), np.nan)


def tokens(clock: Clock, steps: np.ndarray) -> np.ndarray:
    """Tokens, or values of a series, that the network was trained on: float64 (N,)."""
    training = clock.experiment.training
    return steps * float(training.batch_size * training.num_steps)


def seconds(clock: Clock, steps: np.ndarray) -> np.ndarray:
    """Time since training began, pauses included: float64 (N,), interpolated between the moments that are known.

    NaN for a run that has not begun.
    """
    run = clock.run
    if run.started is None:
        return np.full(len(steps), np.nan)
    end = run.ended or run.heartbeat
    known = [(0, run.started), *clock.times, *([(run.step, end)] if end else [])]
    known = [moment for moment in known if moment[1] >= run.started]
    at = np.array([step for step, _ in known], float)
    since = np.array([(moment - run.started).total_seconds() for _, moment in known])
    order = np.lexsort((since, at))
    return np.interp(steps, at[order], np.maximum.accumulate(since[order]))


AXES: dict[str, Callable[[Clock, np.ndarray], np.ndarray]] = {
    "Step": lambda _clock, steps: steps.astype(float),
    "Epoch": epochs,
    "Seconds": seconds,
    "Tokens": tokens,
}
"""How far along each axis a run is at each of its steps."""


def running_mean(values: np.ndarray, span: int) -> np.ndarray:
    """The mean of each value (N,) and its neighbours, `span` of them in all; fewer at both ends.

    Args:
        span: odd numbers keep the mean in the middle; 1 or less changes nothing.
    """
    if span <= 1:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values)])
    middle = np.arange(len(values))
    # As many neighbours on both sides, so that a falling curve is not lifted at its ends.
    reach = np.minimum(np.minimum(middle, len(values) - 1 - middle), span // 2)
    return (sums[middle + reach + 1] - sums[middle - reach]) / (2 * reach + 1)


def placed(points: Points, clock: Clock, axis: str) -> tuple[np.ndarray, np.ndarray]:
    """The points of a curve with their places on an axis, without those whose place or value is not finite.

    Args:
        axis: a name in `AXES`.
    """
    steps, values = points
    places = AXES[axis](clock, steps)
    there = np.isfinite(places) & np.isfinite(values)
    return places[there], values[there]
