"""What a group of runs will cost, said before it starts: time from the speeds measured here, and disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rnnlab.config import DataSettings, Experiment, Sweep, counted
from rnnlab.config.data_settings import minibatches_of
from rnnlab.formulas.estimates import about_bytes, run_bytes, update_work
from rnnlab.lab import Lab
from rnnlab.watching.durations import spoken_duration

WORKERS = 2
"""Of an engine, unless it was told otherwise."""

PAST_RUNS = 40
"""Finished runs whose speeds are looked at."""


@dataclass(frozen=True)
class MeasuredSpeed:
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
        time = "time unknown: nothing like this was trained here yet"
        if self.seconds is not None:
            time = f"about {spoken_duration(max(1.0, self.seconds))}"
        disk = f", about {about_bytes(self.disk)} on disk" if self.disk is not None else ""
        return f"{counted(self.runs, 'run')}, {time}{disk}."


def estimate(lab: Lab, sweep: Sweep) -> Estimate:
    """What the runs of a sweep will cost, as far as finished runs tell. Nobody else's work is counted."""
    past = measured_speeds(lab)
    experiments = sweep.experiments
    vocabularies = {experiment.data: lab.vocabulary_of(experiment) for experiment in experiments}
    costs = [run_cost(experiment, vocabularies[experiment.data], past) for experiment in experiments]
    seconds, disk = zip(*costs, strict=True)
    at_once = min(WORKERS, len(experiments))
    return Estimate(len(experiments), _sum(seconds, at_once), _sum(disk, 1))


def measured_speeds(lab: Lab) -> list[MeasuredSpeed]:
    """The speeds of the runs that finished last, without those that were interrupted on their way."""
    vocabularies: dict[DataSettings, int | None] = {}
    found = []
    for run in lab.store.finished(PAST_RUNS):
        experiment = run.known_experiment
        if experiment is None or run.started is None or run.ended is None or run.execution != 1 or not run.step:
            continue
        if experiment.data not in vocabularies:
            vocabularies[experiment.data] = lab.vocabulary_of(experiment)
        work = _work(experiment, vocabularies[experiment.data])
        found.append(MeasuredSpeed(experiment, run.step, (run.ended - run.started).total_seconds(), work))
    return found


def run_cost(
    experiment: Experiment, vocabulary: int | None, past: Sequence[MeasuredSpeed]
) -> tuple[float | None, int | None]:
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
    like = min(past, key=lambda speed: _unlikeness(speed, experiment, work), default=None)
    seconds = like.seconds / like.updates * work / like.work * updates if like else None
    return seconds, run_bytes(parameters, updates, experiment.training.optimizer)


def updates_of(experiment: Experiment, past: Sequence[MeasuredSpeed]) -> int | None:
    """Updates of a whole run; None for a text whose length nobody has measured yet."""
    training = experiment.training
    minibatches = experiment.data.minibatches(training.batch_size, training.num_steps)
    if minibatches is None:
        length = next((n for n in (_length_of(speed, experiment) for speed in past) if n), None)
        if length is None:
            return None
        minibatches = minibatches_of(length, training.batch_size, training.num_steps)
    return training.epochs * minibatches


def _length_of(speed: MeasuredSpeed, experiment: Experiment) -> int | None:
    """About how long the data are, told by a run on the same ones."""
    if speed.experiment.data != experiment.data:
        return None
    training = speed.experiment.training
    return round(training.batch_size * (speed.updates / training.epochs * training.num_steps + 1))


def _work(experiment: Experiment, vocabulary: int | None) -> float:
    training = experiment.training
    return update_work(experiment.parameters(vocabulary), training.batch_size, training.num_steps)


def _unlikeness(speed: MeasuredSpeed, experiment: Experiment, work: float) -> tuple[bool, float]:
    """Smallest for the run whose speed says most: of the same cell, then of the most similar work."""
    return speed.experiment.model.cell != experiment.model.cell, abs(math.log(speed.work / work))


def _sum(parts: Sequence[float | int | None], at_once: int) -> int | None:
    known = [part for part in parts if part is not None]
    return round(sum(known) / at_once) if len(known) == len(parts) else None
