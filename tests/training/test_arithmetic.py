"""One arithmetic from a run's first update to its last, whatever the machine says meanwhile."""

import dataclasses

import numpy as np
import pytest

from rnnlab.arithmetic import BFLOAT16, FLOAT32, RunArithmetic
from rnnlab.config import Experiment, ModelConfig, TextData, TrainingConfig
from rnnlab.data import load_dataset
from rnnlab.models import Network
from rnnlab.training import Trainer, WorkbenchPool, fit, stored_arithmetic
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


def losses(trainer, until=UPDATES):
    found = []
    while trainer.step < until:
        found += [record.value for record in trainer.advance(1) if record.name == "batch_loss"]
    return found


@pytest.mark.parametrize("taken", [True, False])
def test_a_stored_run_goes_on_in_its_arithmetic_when_the_machine_says_the_opposite(home, dataset, taken):
    say(home, taken)
    undisturbed = Trainer(LARGE, dataset)
    expected = losses(undisturbed)

    first = Trainer(LARGE, dataset)
    before = losses(first, until=2)
    say(home, not taken)
    second = Trainer(LARGE, dataset)
    assert second.arithmetic != first.arithmetic
    second.load_state_dict(first.state_dict())
    assert second.arithmetic == first.arithmetic
    assert before + losses(second) == expected
    for ours, theirs in zip(second.network.weights, undisturbed.network.weights, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    # The test could tell: the other arithmetic gives other numbers.
    assert losses(Trainer(LARGE, dataset)) != expected


def test_a_run_that_was_stored_without_its_arithmetic_goes_on(home, dataset):
    say(home, False)
    first = Trainer(LARGE, dataset)
    losses(first, until=1)
    stored = first.state_dict()
    assert stored_arithmetic(stored) == first.arithmetic
    del stored["arithmetic"]
    assert stored_arithmetic(stored) is None
    second = Trainer(LARGE, dataset)
    second.load_state_dict(stored)
    assert second.step == 1
    assert losses(second, until=2)[-1:] == losses(first, until=2)[-1:]


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


def test_a_fitted_run_says_its_arithmetic(home):
    say(home, True)
    small = Experiment(
        data=TextData(corpus="grammar", train_tokens=500),
        model=ModelConfig(units=4),
        training=TrainingConfig(batch_size=4, num_steps=5, epochs=1, precision="bfloat16", evaluate_every=10**6),
    )
    arithmetic = fit(small).arithmetic
    assert (arithmetic.compiled, arithmetic.window, arithmetic.output) == (True, FLOAT32, BFLOAT16)
