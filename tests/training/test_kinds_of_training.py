"""Feedback, tagging, reading backwards and kept states in whole trainings."""

import numpy as np
import pytest

from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import load_dataset
from tests.support.texts import held_out_cut

SELDOM = 10**6
"""Evaluate at the ends only: between updates it would take longer than they do."""

SHORT = TrainingConfig(epochs=3, num_steps=4, batch_size=4, learning_rate=0.02, evaluate_every=SELDOM)


def sine(model=None, training=SHORT, **data):
    return Experiment(
        data=SineData(samples=200, **data), model=ModelConfig(**{"units": 6} | (model or {})), training=training, seed=5
    )


def changed(experiment, **training):
    return Experiment(experiment.data, experiment.model, TrainingConfig(**vars(experiment.training) | training), 5)


@pytest.fixture
def run(make_trainer):
    def run(experiment, stop_at=None, after=None):
        trainer = make_trainer(experiment, after=after)
        measurements = []
        while not trainer.finished and (stop_at is None or trainer.step < stop_at):
            measurements += trainer.advance(1 if stop_at else None)
        return trainer, measurements

    return run


def last_valid_loss(measurements):
    return [one.value for one in measurements if one.name == "valid_loss"][-1]


def losses(measurements):
    return [one.value for one in measurements if one.name == "batch_loss"]


def test_state_saving_and_static_unrolling_train_to_the_same_numbers_as_dynamic(run):
    expected = losses(run(sine())[1])
    for unrolling in ("static", "state_saving"):
        np.testing.assert_allclose(losses(run(sine({"unrolling": unrolling}))[1]), expected, rtol=1e-4)


def test_kept_states_are_those_of_the_streams_and_survive_a_checkpoint(run, make_trainer):
    experiment = sine({"unrolling": "state_saving", "num_layers": 2})
    undisturbed, measurements = run(experiment)
    weights = undisturbed.network.get_weights()
    stopped, first = run(experiment, stop_at=4, after=undisturbed)
    assert stopped.saver.states(["train/2"], "layer_1", [6, 6])[0].numpy().any()
    stored = stopped.state_dict()
    resumed = make_trainer(experiment, after=stopped)
    resumed.load_state_dict(stored)
    rest = []
    while not resumed.finished:
        rest += resumed.advance()
    assert losses(first) + losses(rest) == losses(measurements)
    for one, two in zip(weights, resumed.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_schedule_that_never_rises_is_teacher_forcing(run):
    """Feedback that would only begin after the last update changes nothing but the way it is computed."""
    never = changed(sine(), feedback=1.0, feedback_schedule="exponential", feedback_half=10**9)
    np.testing.assert_allclose(losses(run(never)[1]), losses(run(sine())[1]), rtol=1e-4)


@pytest.mark.parametrize("through", [False, True])
def test_training_on_its_own_output_learns_too(through, run):
    """At a rate at which twelve of twelve seeds end below 0.3 of the first losses; at 0.02 two ended above 0.6."""
    training = TrainingConfig(
        epochs=300,
        num_steps=20,
        batch_size=4,
        learning_rate=0.005,
        feedback=1.0,
        feedback_gradient=through,
        evaluate_every=SELDOM,
    )
    found = losses(run(sine(training=training))[1])
    assert np.mean(found[-20:]) < 0.6 * np.mean(found[:20])


def test_feedback_on_words_runs_and_learns(trained):
    experiment = Experiment(
        data=TextData(corpus="grammar", train_tokens=3000),
        model=ModelConfig(units=12, output_dropout=0.1),
        training=TrainingConfig(epochs=2, num_steps=10, batch_size=8, feedback=0.3, evaluate_every=SELDOM),
    )
    found = losses(trained(experiment, held_out_cut(experiment.data, experiment.seed, tokens=200)))
    assert np.mean(found[-10:]) < 0.9 * found[0]


def test_a_network_that_reads_backwards_tags_what_a_forward_one_cannot(trained):
    """`the` has the number of a noun that comes later: a forward reader cannot know it, a backward one can."""
    experiment = Experiment(
        data=TextData(corpus="grammar", task="number_tags", train_tokens=20_000),
        model=ModelConfig(units=16, unrolling="bidirectional"),
        training=TrainingConfig(epochs=3, num_steps=20, batch_size=20, learning_rate=0.02, evaluate_every=SELDOM),
    )
    text = held_out_cut(experiment.data, tokens=4000)
    both = last_valid_loss(trained(experiment, text))
    forward = Experiment(experiment.data, ModelConfig(units=16), experiment.training)
    ahead = last_valid_loss(trained(forward, text))
    assert both < 0.3 * ahead


def test_padding_is_not_read_backwards(make_trainer):
    """The validation loss of a bidirectional network does not depend on what the last window is filled up with."""
    experiment = sine({"unrolling": "bidirectional"}, target="peaks")
    evaluator = make_trainer(experiment).workbench.evaluator
    (batch,) = list(load_dataset(experiment.data, 5).streams("valid", 1).padded_windows(300))[:1]
    filled = batch.inputs.copy()
    filled[:, 200:] = 7.0
    assert batch.weights[0, 199:].sum() <= 1
    assert evaluator.loss([batch]) == pytest.approx(evaluator.loss([batch._replace(inputs=filled)]), rel=1e-5)
