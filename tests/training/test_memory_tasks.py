"""The memory tasks are learned, and are not where the memory does not last: in several seeds, by small networks."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import LAZY_ERROR, Experiment, MemoryData, ModelConfig, TrainingConfig, from_flat
from rnnlab.data import load_dataset
from rnnlab.data.levels import known_level
from rnnlab.generation.answers import answer_sequences, answers_of
from rnnlab.presets import preset
from rnnlab.training import Trainer
from rnnlab.training.evaluation import Evaluator
from rnnlab.training.loss import token_losses

SELDOM = 10**6
"""Evaluate at the ends only: nobody looks at the curves."""

SHORT_RECALL = Experiment(
    data=MemoryData(time_lag=20, symbols=4, sequences=400),
    model=ModelConfig(units=16, forget_bias=4.0),
    training=TrainingConfig(
        learning_rate=0.01, epochs=10, full_rate_epochs=10, batch_size=20, clip_norm=1.0, evaluate_every=SELDOM
    ),
)

SHORT_ADDING = Experiment(
    data=MemoryData(problem="adding", time_lag=5, sequences=4_000),
    model=ModelConfig(units=16),
    training=TrainingConfig(learning_rate=0.02, epochs=4, batch_size=40, clip_norm=1.0, evaluate_every=SELDOM),
)


def values(measurements, name):
    return [one.value for one in measurements if one.name == name]


def with_settings(experiment, **settings):
    return from_flat(settings, experiment)


@pytest.mark.parametrize("seed", range(3))
def test_an_open_forget_gate_recalls_and_a_closed_one_does_not(trained, seed):
    open_gate = values(trained(with_settings(SHORT_RECALL, seed=seed)), "valid_accuracy")
    closed_gate = values(trained(with_settings(SHORT_RECALL, seed=seed, forget_bias=-2.0)), "valid_accuracy")
    assert open_gate[-1] == 1.0
    assert closed_gate[-1] == 0.25


@pytest.mark.parametrize("seed", range(3))
def test_two_numbers_are_added(trained, seed):
    losses = values(trained(with_settings(SHORT_ADDING, seed=seed)), "valid_loss")
    assert losses[0] > LAZY_ERROR  # An untrained network is worse than the lazy answer.
    assert losses[-1] < 0.01


@pytest.mark.parametrize(("motif", "num_steps"), [("a a b", 1), ("x y x z", 3)])
@pytest.mark.parametrize("seed", range(2))
def test_a_period_text_is_not_known_without_the_state_and_is_with_it(trained, motif, num_steps, seed):
    settings = {"motif": motif, "num_steps": num_steps, "seed": seed}
    reset = with_settings(preset("period").experiment, epochs=4, **settings)
    floor = known_level(reset).loss
    losses = values(trained(reset), "valid_loss")
    assert min(losses) >= floor - 1e-4
    assert losses[-1] < floor + 0.02
    carried = values(trained(with_settings(reset, carry_state=True)), "valid_loss")
    assert carried[-1] < floor / 2


def test_the_presets_are_those_that_were_measured():
    recall = preset("delayed-recall").experiment
    assert (recall.data.problem, recall.data.time_lag, recall.data.symbols) == ("recall", 50, 8)
    assert (recall.model.cell, recall.model.units, recall.training.learning_rate) == ("lstm", 32, 0.003)
    assert (recall.training.optimizer, recall.training.batch_size) == ("adam", 20)
    assert recall.data.sequences // 20 * recall.training.epochs == 600
    adding = preset("adding").experiment
    assert (adding.data.problem, adding.data.time_lag, adding.model.cell) == ("adding", 20, "lstm")


# --- what is measured ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("experiment", [SHORT_RECALL, SHORT_ADDING], ids=["recall", "adding"])
def test_the_measures_are_those_of_the_last_steps(make_trainer, experiment):
    """Loss and accuracy, from the network's outputs to each held-out sequence by itself."""
    trainer = make_trainer(experiment)
    measurements = []
    while not measurements:
        measurements += trainer.advance()
    inputs, answers = trainer.dataset.sequences["valid"]
    outputs, _ = trainer.network(inputs, trainer.network.zero_state(len(inputs)))
    last = outputs[:, -1].numpy()
    if experiment.task.tags:
        shares = np.exp(last) / np.exp(last).sum(axis=1, keepdims=True)
        expected = -np.log(shares[np.arange(len(answers)), answers]).mean()
        assert values(measurements, "valid_accuracy") == [pytest.approx(np.mean(last.argmax(axis=1) == answers))]
        assert len(values(measurements, "train_accuracy")) == 1
    else:
        expected = np.mean((last[:, 0] - answers) ** 2)
        assert not values(measurements, "valid_accuracy")
    assert values(measurements, "valid_loss") == [pytest.approx(expected, rel=1e-4)]


def test_windows_are_measured_with_the_state_that_training_gives_them(make_trainer):
    """With the state carried, the loss of a whole text is that of one long window; otherwise that of each by itself."""
    trainer = make_trainer(with_settings(preset("period").experiment, num_steps=3))
    windows = list(trainer.dataset.quick_windows("valid", 20, 3))
    evaluator = Evaluator(trainer.network, xla=False)
    long_inputs, long_targets, weights = (np.concatenate(part, axis=1) for part in zip(*windows, strict=True))
    state = trainer.network.zero_state(len(weights))
    in_one = token_losses(trainer.network(long_inputs, state)[0], tf.constant(long_targets))
    assert evaluator.loss(windows) == pytest.approx(np.average(in_one, weights=weights), rel=1e-5)
    alone = [token_losses(trainer.network(inputs, state)[0], tf.constant(targets)) for inputs, targets, _ in windows]
    expected = np.average(np.concatenate(alone, axis=1), weights=weights)
    assert evaluator.loss(windows, carry_state=False) == pytest.approx(expected, rel=1e-5)
    measurements = []
    while not measurements:
        measurements += trainer.advance()
    assert values(measurements, "valid_loss") == [pytest.approx(expected, rel=1e-4)]


def test_a_run_that_is_resumed_gives_the_same_numbers(make_trainer):
    experiment = with_settings(SHORT_RECALL, epochs=1)

    def numbers(trainer, until=None):
        found = []
        while not trainer.finished and (until is None or trainer.step < until):
            found += trainer.advance(1)
        return found

    undisturbed = make_trainer(experiment)
    expected = values(numbers(undisturbed), "batch_loss")
    first = make_trainer(experiment, after=undisturbed)
    before = values(numbers(first, until=7), "batch_loss")
    stored = first.state_dict()
    second = make_trainer(experiment, after=first)
    second.load_state_dict(stored)
    assert before + values(numbers(second), "batch_loss") == expected


def test_another_forget_bias_compiles_nothing_anew(pool):
    dataset = load_dataset(SHORT_RECALL.data, 0)
    one = Trainer(SHORT_RECALL, dataset, pool.take(SHORT_RECALL, len(dataset.vocabulary)))
    pool.give_back(one.workbench)
    other = with_settings(SHORT_RECALL, forget_bias=0.0, seed=7)
    assert pool.take(other, len(dataset.vocabulary)) is one.workbench
    pool.give_back(one.workbench)


# --- the answers -----------------------------------------------------------------------------------------------------


def test_samples_have_one_answer_for_each_symbol(make_trainer):
    trainer = make_trainer(SHORT_RECALL)
    content = trainer.sample()
    assert content["truth"] == [0, 1, 2, 3]
    inputs = trainer.dataset.sequences["valid"].inputs
    first = np.array([inputs[inputs[:, 0] == symbol][0] for symbol in range(4)])
    np.testing.assert_allclose(content["probabilities"], answer_sequences(trainer.network, first), rtol=1e-5)
    np.testing.assert_allclose(np.sum(content["probabilities"], axis=1), 1, rtol=1e-5)


def test_samples_of_sums_are_the_networks_last_outputs(make_trainer):
    trainer = make_trainer(SHORT_ADDING)
    content = trainer.sample()
    inputs, truth = trainer.dataset.sequences["valid"]
    outputs, _ = trainer.network(inputs[:100], trainer.network.zero_state(100))
    np.testing.assert_allclose(content["values"], outputs[:, -1, 0], rtol=1e-5)
    np.testing.assert_array_equal(np.float32(content["truth"]), truth[:100])


def test_one_long_sequence_has_no_answers(make_trainer):
    trainer = make_trainer(from_flat({"samples": 60, "num_steps": 20, "units": 5}))
    with pytest.raises(ValueError, match="one long sequence"):
        answers_of(trainer.network, trainer.dataset)


def test_a_network_of_two_features_refuses_other_shapes_and_a_free_run(make_trainer):
    from rnnlab.generation import generate_series, predict_teacher_forced

    network = make_trainer(SHORT_ADDING).network
    with pytest.raises(ValueError, match=r"must be \(B, T, 2\)"):
        predict_teacher_forced(network, np.zeros((1, 5, 1)))
    with pytest.raises(ValueError, match="reads 2 numbers at each step"):
        generate_series(network, np.zeros((1, 5, 1)), 5)
