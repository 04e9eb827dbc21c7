"""A run keeps one arithmetic from its first update to its last, whatever the machine measures in between."""

import dataclasses
from typing import NamedTuple

import numpy as np
import pytest

from rnnlab.arithmetic import BFLOAT16, FLOAT32, RunArithmetic
from rnnlab.config import ModelConfig
from rnnlab.data import load_dataset
from rnnlab.models import Network
from rnnlab.training import Trainer, WorkbenchPool, stored_arithmetic
from rnnlab.training.precision import LARGE_KERNEL, step_choice
from rnnlab.training.update import choose_arithmetic, take_up
from tests.support.large import COLUMNS, LARGE, WORDS, say

UPDATES = 6


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def dataset():
    made = load_dataset(LARGE.data, 0, upload_text=WORDS)
    assert len(made.vocabulary) == COLUMNS
    return made


class Part(NamedTuple):
    """What one trainer did of a run."""

    losses: list[float]
    state: dict[str, np.ndarray]
    arithmetic: RunArithmetic


@pytest.fixture
def train(pool, dataset):
    """Trains some updates, from the beginning or from what another trainer stored, as a worker does."""

    def part(until=UPDATES, stored=None):
        trainer = Trainer(LARGE, dataset, pool.take(LARGE, COLUMNS))
        if stored:
            trainer.load_state_dict(stored)
        losses = []
        while trainer.step < until:
            losses += [one.value for one in trainer.advance(1) if one.name == "batch_loss"]
        pool.give_back(trainer.workbench)
        return Part(losses, trainer.state_dict(), trainer.arithmetic)

    return part


@pytest.mark.parametrize("taken", [True, False])
def test_a_stored_run_goes_on_in_its_arithmetic_when_the_machine_says_the_opposite(home, train, taken):
    say(home, taken)
    undisturbed, first = train(), train(until=2)
    say(home, not taken)
    second, other = train(stored=first.state), train()
    assert second.arithmetic == first.arithmetic == undisturbed.arithmetic
    assert first.losses + second.losses == undisturbed.losses
    assert second.state.keys() == undisturbed.state.keys()
    for name, array in undisturbed.state.items():
        np.testing.assert_array_equal(second.state[name], array)
    # The test can fail: the other arithmetic gives other numbers.
    assert other.arithmetic != undisturbed.arithmetic
    assert other.losses != undisturbed.losses


def test_a_run_that_was_stored_without_its_arithmetic_goes_on(home, train):
    say(home, False)
    first = train(until=1)
    assert stored_arithmetic(first.state) == first.arithmetic
    stored = {name: array for name, array in first.state.items() if name != "arithmetic"}
    assert stored_arithmetic(stored) is None
    assert first.losses + train(until=2, stored=stored).losses == train(until=2).losses


def test_compiled_code_of_another_arithmetic_is_not_used_again(home, dataset):
    pool = WorkbenchPool()
    say(home, True)
    half = pool.take(LARGE, len(dataset.vocabulary))
    pool.give_back(half)
    say(home, False)
    full = pool.take(LARGE, len(dataset.vocabulary))
    assert full is not half
    pool.give_back(full)
    assert pool.take(LARGE, len(dataset.vocabulary), half.arithmetic) is half
    assert pool.take(LARGE, len(dataset.vocabulary)) is full


def test_what_the_processor_cannot_do_is_not_taken_up(home):
    """A run that another machine began with products that XLA does not have for this one."""
    experiment = dataclasses.replace(LARGE, model=ModelConfig(units=500))
    assert LARGE_KERNEL <= 500 * 2000
    network = Network.for_experiment(experiment, COLUMNS)
    recorded = RunArithmetic(False, BFLOAT16, BFLOAT16, BFLOAT16, True)
    say(home, False, speed=0.0)
    found = take_up(recorded, network, experiment.training)
    assert found == RunArithmetic(False, BFLOAT16, FLOAT32, BFLOAT16, False)
    say(home, False, speed=0.5)  # It can, though slowly.
    assert take_up(recorded, network, experiment.training) == recorded


def test_layers_that_never_ask_for_it_are_not_said_to_be_in_bfloat16(home):
    """Feedback reads step by step in float32; a static loop makes the products of its steps so."""
    say(home, True, logits=True)
    large = dataclasses.replace(LARGE, model=ModelConfig(units=500))

    def chosen(**changes):
        experiment = dataclasses.replace(large, **changes)
        network = Network.for_experiment(experiment, COLUMNS)
        return choose_arithmetic(network, experiment.training, xla=False)

    assert chosen() == RunArithmetic(False, BFLOAT16, BFLOAT16, BFLOAT16, True)
    fed_back = dataclasses.replace(LARGE.training, feedback=0.5)
    assert chosen(training=fed_back) == RunArithmetic()
    assert chosen(model=ModelConfig(units=500, unrolling="static")).step == FLOAT32
    assert step_choice(LARGE.training.batch_size, 500, 2000).taken
