"""Reference runs of the tests of one process: trained in one go, without a store, a task or an interruption."""

from __future__ import annotations

from functools import cache

from rnnlab.config import Experiment
from rnnlab.data import load_dataset
from rnnlab.training import Trainer, WorkbenchPool
from rnnlab.training.fit import FittedRun

_pool = WorkbenchPool()
"""Compiled code that no worker's task has: runs of one shape are compiled once for all references."""


@cache
def fitted(experiment: Experiment) -> FittedRun:
    """As `training.fit`; but the next reference of the same shape takes over its network, so only its curves stay."""
    trainer = reference_trainer(experiment)
    measurements = []
    while not trainer.finished:
        measurements += trainer.advance()
    keep_for_references(trainer)
    return FittedRun(experiment, trainer.dataset, trainer.network, measurements, trainer.arithmetic)


def reference_trainer(experiment: Experiment) -> Trainer:
    """A trainer of a wave at its first weights."""
    dataset = load_dataset(experiment.data, experiment.seed)
    return Trainer(experiment, dataset, _pool.take(experiment, len(dataset.vocabulary)))


def keep_for_references(trainer: Trainer) -> None:
    """Let the next reference have what this one has compiled."""
    _pool.give_back(trainer.workbench)
