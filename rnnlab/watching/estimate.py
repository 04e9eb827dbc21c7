"""What a group of runs will cost, said before it starts: time from the speeds measured here, and disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rnnlab.config import Experiment, InvalidSetting, SineData, Sweep, TextData
from rnnlab.formulas.estimates import about_bytes, run_bytes, update_work
from rnnlab.lab import WORKERS, Lab
from rnnlab.store.run import Run
from rnnlab.watching.durations import spoken_duration

PAST_RUNS = 40
"""Finished runs whose speeds are looked at."""


@dataclass(frozen=True)
class Pace:
    """How fast one experiment was trained here.

    Attributes:
        experiment: its settings.
        updates: of the whole run.
        seconds: from its start to its end.
        work: of one update, see `update_work`.
    """

    experiment: Experiment
    updates: int
    seconds: float
    work: float


@dataclass(frozen=True)
class Estimate:
    """What some runs will cost.

    Attributes:
        runs: how many there are.
        seconds: for all of them on this machine's workers; None where nothing like them was trained here.
        disk: bytes; None where the length of a run is not known.
    """

    runs: int
    seconds: float | None
    disk: int | None

    @property
    def words(self) -> str:
        """One sentence, such as `9 runs, about 40 s, about 2 MB on disk.`"""
        count = f"{self.runs} run{'s' if self.runs > 1 else ''}"
        time = "time unknown: nothing like this was trained here yet"
        if self.seconds is not None:
            time = f"about {spoken_duration(max(1.0, self.seconds))}"
        disk = f", about {about_bytes(self.disk)} on disk" if self.disk is not None else ""
        return f"{count}, {time}{disk}."


def estimate(lab: Lab, sweep: Sweep) -> Estimate:
    """What the runs of a sweep will cost, as far as finished runs tell. Nobody else's work is counted."""
    past = paces(lab)
    experiments = sweep.experiments
    vocabularies = {experiment.data: lab.vocabulary_of(experiment) for experiment in experiments}
    costs = [run_cost(experiment, vocabularies[experiment.data], past) for experiment in experiments]
    seconds, disk = zip(*costs, strict=True)
    at_once = min(WORKERS, len(experiments))
    return Estimate(len(experiments), _sum(seconds, at_once), _sum(disk, 1))


def paces(lab: Lab) -> list[Pace]:
    """The speeds of the runs that finished last, without those that were interrupted on their way."""
    vocabularies: dict[SineData | TextData, int | None] = {}
    found = []
    for run in lab.store.finished(PAST_RUNS):
        experiment = _experiment(run)
        if experiment is None or run.started is None or run.ended is None or run.attempt != 1 or not run.step:
            continue
        if experiment.data not in vocabularies:
            vocabularies[experiment.data] = lab.vocabulary_of(experiment)
        work = _work(experiment, vocabularies[experiment.data])
        found.append(Pace(experiment, run.step, (run.ended - run.started).total_seconds(), work))
    return found


def run_cost(experiment: Experiment, vocabulary: int | None, past: Sequence[Pace]) -> tuple[float | None, int | None]:
    """Seconds and bytes of one run; None for what cannot be known.

    Args:
        vocabulary: tokens of its text, None where that is not known or there is no text.
        past: speeds that were measured here.
    """
    updates = updates_of(experiment, past)
    if updates is None:
        return None, None
    parameters = experiment.parameters(vocabulary)
    work = _work(experiment, vocabulary)
    like = min(past, key=lambda pace: _unlikeness(pace, experiment, work), default=None)
    seconds = like.seconds / like.updates * work / like.work * updates if like else None
    return seconds, run_bytes(parameters, updates, experiment.training.optimizer)


def updates_of(experiment: Experiment, past: Sequence[Pace]) -> int | None:
    """Updates of a whole run; None for a text whose length nobody has measured yet."""
    length = experiment.train_length or next((n for n in (_length_of(p, experiment) for p in past) if n), None)
    if length is None:
        return None
    training = experiment.training
    stream = length // training.batch_size - 1
    return training.epochs * max(1, stream // training.num_steps)


def _length_of(pace: Pace, experiment: Experiment) -> int | None:
    """About how long the data are, told by a run on the same ones."""
    if pace.experiment.data != experiment.data:
        return None
    training = pace.experiment.training
    return round(training.batch_size * (pace.updates / training.epochs * training.num_steps + 1))


def _experiment(run: Run) -> Experiment | None:
    """None for a run that was stored by a version with other settings."""
    try:
        return run.experiment
    except InvalidSetting:
        return None


def _work(experiment: Experiment, vocabulary: int | None) -> float:
    training = experiment.training
    return update_work(experiment.parameters(vocabulary), training.batch_size, training.num_steps)


def _unlikeness(pace: Pace, experiment: Experiment, work: float) -> tuple[bool, float]:
    """Smallest for the run whose speed says most: of the same cell, then of the most similar work."""
    return pace.experiment.model.cell != experiment.model.cell, abs(math.log(pace.work / work))


def _sum(parts: Sequence[float | int | None], at_once: int) -> int | None:
    known = [part for part in parts if part is not None]
    return round(sum(known) / at_once) if len(known) == len(parts) else None
