"""Trainers whose compiled code is made once for all tests that train the same shape."""

import pytest

from rnnlab.data import load_dataset
from rnnlab.training import Trainer, WorkbenchPool
from rnnlab.training.workbench import shape_of


@pytest.fixture(scope="session")
def pool():
    """Compiled code, one trainer at a time: as a worker keeps it."""
    return WorkbenchPool()


@pytest.fixture
def make_trainer(pool):
    """Makes trainers that live as long as the test; at its end their compiled code is free for the next test.

    A trainer that comes `after` another one of the same shape takes over its network and compiled code, as the next run
    of a worker does. The other one must not be used any more.
    """
    taken = []

    def make(experiment, dataset=None, after=None):
        dataset = dataset or load_dataset(experiment.data, experiment.seed)
        if after is not None:
            assert after.workbench.key == shape_of(experiment, len(dataset.vocabulary))
            return Trainer(experiment, dataset, after.workbench)
        made = Trainer(experiment, dataset, pool.take(experiment, len(dataset.vocabulary)))
        taken.append(made.workbench)
        return made

    yield make
    for workbench in taken:
        pool.give_back(workbench)


@pytest.fixture
def trained(pool):
    """Trains an experiment to its end and gives what was measured; its compiled code is free at once."""

    def measurements(experiment, dataset=None):
        dataset = dataset or load_dataset(experiment.data, experiment.seed)
        trainer = Trainer(experiment, dataset, pool.take(experiment, len(dataset.vocabulary)))
        found = []
        while not trainer.finished:
            found += trainer.advance()
        pool.give_back(trainer.workbench)
        return found

    return measurements
