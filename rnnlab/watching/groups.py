"""What a session has read of a group of runs so far, and what its finished runs came to."""

from __future__ import annotations

import dataclasses
import json
import statistics
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rnnlab.config import from_json
from rnnlab.config.sweep import variant_of
from rnnlab.data.levels import known_level
from rnnlab.lab import Lab
from rnnlab.measures import EVALUATION, LOSS_UNIT, MEASURES, VALID_ACCURACY, VALID_LOSS, Measure
from rnnlab.store.curves import NOTHING_READ, Curves
from rnnlab.store.group import Group
from rnnlab.store.run import Run
from rnnlab.store.states import FINISHED
from rnnlab.watching.curves import EXPLAINING, GrowingCurve
from rnnlab.watching.trends import NO_POINTS, Points, finite

MEASURED = tuple(
    measure for measure in MEASURES.values() if measure.when == EVALUATION and measure.name not in EXPLAINING
)
"""What two runs are compared by: it is measured on the same data, whatever the minibatch."""

WINDOW_SECONDS = 60.0
"""The progress of the last seconds tells how long the rest takes: longer than a worker stands still to compile."""


class Final(NamedTuple):
    """What one finished run came to.

    Attributes:
        variant: index of its variant in `Group.variants`.
        seed: of the run.
        value: of the measure, at the run's last step.
    """

    variant: int
    seed: int
    value: float


class Outcome(NamedTuple):
    """The final values of one variant: of how many runs, their median, the smallest and the largest."""

    variant: str
    runs: int
    median: float
    low: float
    high: float


class WatchedGroup:
    """The evaluation curves of a group's runs as they grow.

    Args:
        clock: says the time in seconds; it only goes forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._curves: dict[tuple[str, str], GrowingCurve] = {}
        self._read: dict[str, Curves] = {}
        self._seen: dict[str, tuple[int, int, str]] = {}
        self._progress: deque[tuple[float, float]] = deque()

    def look(self, lab: Lab, runs: Sequence[Run]) -> None:
        """Read what is new of the runs that have moved since the last look."""
        for run in runs:
            state = (run.execution, run.step, run.state)
            if self._seen.get(run.id) != state:
                self._seen[run.id] = state
                self._look_at(lab, run.id)
        self._progress.append((self._clock(), done_share(runs)))
        while len(self._progress) > 2 and self._progress[-1][0] - self._progress[0][0] > WINDOW_SECONDS:
            self._progress.popleft()

    def points(self, run_id: str, measure: str) -> Points:
        """One curve of one run; no points if it has none yet. What is not finite is left out."""
        curve = self._curves.get((run_id, measure))
        return curve.points if curve else NO_POINTS

    @property
    def seconds_left(self) -> float | None:
        """Until the last run ends, at the speed of the last seconds; None when it is not known."""
        if len(self._progress) < 2:
            return None
        (began, first), (ended, last) = self._progress[0], self._progress[-1]
        return (1 - last) * (ended - began) / (last - first) if last > first else None

    def _look_at(self, lab: Lab, run_id: str) -> None:
        read = lab.curves(run_id, self._read.get(run_id, NOTHING_READ))
        for measure in MEASURED:
            key = (run_id, measure.name)
            if read.replaces:
                self._curves.pop(key, None)
            curve = read.by_name.get(measure.name)
            if curve is not None:
                self._curves.setdefault(key, GrowingCurve()).append(*finite((curve.steps, curve.values)))
        # Where to read on is all that the next look needs of it.
        self._read[run_id] = dataclasses.replace(read, by_name={})


def done_share(runs: Sequence[Run]) -> float:
    """The share of all updates of some runs that is done, from 0 to 1; a run that is over counts as done."""
    return sum(_share(run) for run in runs) / len(runs)


def compared_measures(runs: Sequence[Run]) -> list[Measure]:
    """The measures that the runs can be compared by; the validation loss before there is any.

    Those of the validation part come first, and of these what is no loss, because people think in such numbers.
    """
    measured = {name for run in runs for name in run.measured}
    found = [measure for measure in MEASURED if measure.name in measured]
    return sorted(found, key=lambda one: (one.role != VALID_LOSS.role, one.unit == LOSS_UNIT)) or [VALID_LOSS]


def place_of(group: Group, run: Run) -> tuple[int, int]:
    """Where a run belongs in its group: the index of its variant in `Group.variants`, and its seed."""
    words, seed = _place(run.experiment_json, json.dumps(group.varies))
    return group.variants.index(words), seed


@lru_cache(maxsize=4096)  # A screen asks at every tick, and reading the settings takes longer than all else.
def _place(experiment: str, varies: str) -> tuple[str, int]:
    read = from_json(experiment)
    return variant_of(read, json.loads(varies)), read.seed


def finals(group: Group, runs: Sequence[Run], measure: str) -> list[Final]:
    """What the finished runs of a group came to, in the order of the runs."""
    return [
        Final(*place_of(group, run), run.measured[measure].last)
        for run in runs
        if run.state == FINISHED and measure in run.measured
    ]


def outcomes(group: Group, found: Sequence[Final]) -> list[Outcome]:
    """The final values of each variant that has one, in the order of the variants."""
    listed = []
    for index, words in enumerate(group.variants):
        values = [final.value for final in found if final.variant == index]
        if values:
            listed.append(Outcome(words, len(values), statistics.median(values), min(values), max(values)))
    return listed


def one_of_each(group: Group, runs: Sequence[Run]) -> list[Run]:
    """The first of these runs of each variant, in the order of the variants; all of them if there is one variant."""
    if len(group.variants) == 1:
        return list(runs)
    first: dict[int, Run] = {}
    for run in runs:
        first.setdefault(place_of(group, run)[0], run)
    return [run for _, run in sorted(first.items())]


def levels(run: Run, measure: str) -> dict[str, float]:
    """Values of a measure to compare with, by their names, such as the floor of a grammar."""
    level = known_level(run.experiment)
    known = {VALID_LOSS.name: level.loss, VALID_ACCURACY.name: level.accuracy} if level else {}
    value = known.get(measure)
    return {level.name: value} if level and value is not None else {}


def _share(run: Run) -> float:
    if not run.is_waiting_or_live:
        return 1.0
    return run.step / run.total_steps if run.total_steps else 0.0
