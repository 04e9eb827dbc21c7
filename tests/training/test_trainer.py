"""Training as a person would follow it: the curve, its end, pausing, resuming, running away."""

import math
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import from_flat
from rnnlab.data import TextMissing, load_dataset, text_identifier
from rnnlab.training import NonFiniteGradient, NonFiniteLoss, NonFiniteWeights, fit
from rnnlab.training.loss import token_losses, weighted_mean

SINE = {"data": "sine", "samples": 60, "num_steps": 20, "units": 5, "epochs": 8, "evaluate_every": 4, "seed": 3}
TEXT = {
    "data": "text",
    "corpus": "upload",
    "units": 8,
    "batch_size": 4,
    "num_steps": 10,
    "epochs": 2,
    "optimizer": "sgd",
    "learning_rate": 0.5,
    "clip_norm": 1.0,
    "loss_scale": "sum_over_time",
    "evaluate_every": 5,
    "output_dropout": 0.3,
    "input_dropout": 0.1,
    "seed": 1,
}
# 1,200 words without a pattern; 80 % of them train.
WORDS = " ".join(np.random.default_rng(0).choice(["the", "cat", "sees", "a", "dog", "and", "runs"], 1200))


@pytest.fixture
def trainer(make_trainer):
    def make(flat, after=None):
        experiment = from_flat(flat)
        return make_trainer(experiment, load_dataset(experiment.data, experiment.seed, upload_text=WORDS), after)

    return make


def train(trainer, until=None, max_steps=None):
    measurements = []
    while not trainer.finished and (until is None or trainer.step < until):
        measurements += trainer.advance(max_steps)
    return measurements


def first_measures(trainer):
    """What is measured before the first update, for which nothing but the evaluation is compiled."""
    measurements = []
    while not measurements:
        measurements += trainer.advance()
    return measurements


@pytest.mark.parametrize("flat", [SINE, TEXT], ids=["sine", "text"])
def test_two_runs_of_one_experiment_give_the_same_curve_to_the_last_bit(trainer, flat):
    assert train(trainer(flat)) == train(trainer(flat), max_steps=3)


@pytest.mark.parametrize("flat", [SINE, TEXT], ids=["sine", "text"])
def test_another_seed_gives_another_curve(trainer, flat):
    one = trainer(flat)
    measurements = train(one)
    assert measurements != train(trainer(flat | {"seed": 99}, after=one))


@pytest.mark.parametrize("flat", [SINE, TEXT, SINE | {"optimizer": "sgd", "cell": "gru"}], ids=["sine", "text", "gru"])
@pytest.mark.parametrize("stop", [1, 7])
def test_a_stored_run_goes_on_as_if_it_had_never_stopped(trainer, flat, stop):
    undisturbed = trainer(flat)
    expected, weights = train(undisturbed), undisturbed.network.get_weights()

    first = trainer(flat, after=undisturbed)
    before = train(first, until=stop, max_steps=1)
    stored = first.state_dict()
    second = trainer(flat, after=first)
    second.load_state_dict(stored)
    after = train(second)

    # An evaluation that is due at the step of the checkpoint is made by the trainer that goes on.
    assert sorted({(r.step, r.name, r.value) for r in before + after}) == sorted(
        (r.step, r.name, r.value) for r in expected
    )
    for ours, theirs in zip(second.network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_curves_start_at_step_0_and_both_losses_are_measured_at_the_same_steps():
    told = []
    run = fit(from_flat(SINE), lambda step, total, measurements: told.append((step, total)))
    assert list(run.curve("train_loss")[0]) == list(run.curve("valid_loss")[0]) == [0, 4, 8, 12, 16, 20, 24]
    assert list(run.curve("batch_loss")[0]) == list(range(24))
    assert told == sorted(told)
    assert told[-1] == (24, 24)


def test_a_file_is_fitted_as_the_same_text_is(trainer, tmp_path):
    file = tmp_path / "story.txt"
    file.write_text(WORDS)
    # The file decides the corpus. Everything else is the experiment's.
    run = fit(from_flat(TEXT | {"corpus": "ptb"}), file=file)
    assert run.measurements == train(trainer(TEXT))
    assert run.experiment.data.upload == text_identifier(WORDS)
    assert run.arithmetic == RunArithmetic(compiled=True)
    assert run.dataset.decode(run.dataset.train[:2]) == " ".join(WORDS.split()[:2])
    assert fit(run.experiment, file=str(file)).measurements == run.measurements


@pytest.mark.parametrize(
    ("flat", "content", "sentence"),
    [
        (TEXT, None, "There is no file"),
        (TEXT, "", "The text is empty"),
        (TEXT, "too short", "The text has only 2 words, but needs at least 30; choose a longer one"),
        (SINE, WORDS, "the settings are those of a wave"),
    ],
)
def test_a_file_that_cannot_be_fitted_gets_a_sentence(tmp_path, flat, content, sentence):
    file = tmp_path / "story.txt"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ValueError, match=sentence):
        fit(from_flat(flat), file=file)


def test_a_text_of_ones_own_without_its_file_is_asked_for():
    with pytest.raises(TextMissing, match=r"not kept here; name its file, such as rnnlab.fit\(experiment, file='story"):
        fit(from_flat(TEXT))


def test_the_first_batch_loss_is_that_of_the_untrained_network(trainer):
    fresh = trainer(SINE)
    batch = fresh.streams.window(0, 20)
    outputs, _ = fresh.network(tf.constant(batch.inputs), fresh.network.zero_state(1))
    expected = np.mean((outputs.numpy() - batch.targets) ** 2)
    measurements = train(fresh, until=1, max_steps=1)
    first = next(r.value for r in measurements if r.name == "batch_loss")
    assert first == pytest.approx(expected, rel=1e-5)


def test_the_epoch_perplexity_is_the_mean_of_its_batches(trainer):
    measurements = train(trainer(TEXT))
    losses = [r.value for r in measurements if r.name == "batch_loss"]
    per_epoch = len(losses) // 2
    expected = [math.exp(np.mean(losses[:per_epoch])), math.exp(np.mean(losses[per_epoch:]))]
    measured = [(r.step, r.value) for r in measurements if r.name == "epoch_train_perplexity"]
    assert [step for step, _ in measured] == [per_epoch, 2 * per_epoch]
    assert [value for _, value in measured] == pytest.approx(expected)
    assert [r.step for r in measurements if r.name == "test_perplexity"] == [2 * per_epoch]


def test_the_whole_validation_split_counts_once(trainer):
    """At learning rates of almost 0 the measured perplexity is that of the untrained network on all of the split."""
    quiet = trainer(TEXT | {"learning_rate": 1e-9, "epochs": 1})
    streams = quiet.dataset.streams("valid", 4)
    outputs, _ = quiet.network(tf.constant(streams.inputs), quiet.network.zero_state(4))
    expected = math.exp(np.mean(token_losses(outputs, tf.constant(streams.targets))))
    measured = [r.value for r in train(quiet) if r.name == "epoch_valid_perplexity"]
    assert measured == [pytest.approx(expected, rel=1e-4)]


def test_how_hard_the_texts_are_for_word_frequencies_is_measured_once(trainer):
    """Against `Counter`, over the targets of the very windows that are evaluated: all of this short text."""
    one = trainer(TEXT)
    measured = {r.name: (r.step, r.value) for r in first_measures(one) if r.name.startswith("unigram")}
    tokens = one.dataset.decode(one.dataset.train).split()
    counts = Counter(tokens)
    for split, name in [("train", "unigram_train_loss"), ("valid", "unigram_valid_loss")]:
        streams = one.dataset.streams(split, 4)
        asked = one.dataset.decode(streams.targets.ravel()).split()
        expected = -np.mean([math.log(counts[token] / len(tokens)) for token in asked])
        assert measured[name] == (0, pytest.approx(expected))


def test_a_wave_and_a_tagging_task_have_no_word_frequencies(trainer):
    tags = {"data": "text", "corpus": "grammar", "task": "number_tags", "train_tokens": 2000, "units": 4}
    for flat in (SINE, tags | {"num_steps": 10, "batch_size": 4}):
        assert not [r for r in first_measures(trainer(flat)) if r.name.startswith("unigram")]


def test_how_noisy_the_parts_of_a_wave_are_is_measured_once(trainer):
    """Against the wave's formula: the training targets are values 1 to 60, and the next 61 are validation."""
    one = trainer(SINE | {"noise": 0.3})
    noise = {"train": one.dataset.train - np.sin(0.1 * np.arange(61)), "valid": one.dataset.valid}
    noise["valid"] = noise["valid"] - np.sin(0.1 * np.arange(61, 122))
    measurements = train(one)
    for split, values in [("train", noise["train"][1:]), ("valid", noise["valid"])]:
        measured = [(r.step, r.value) for r in measurements if r.name == f"noise_{split}_loss"]
        assert measured == [(0, pytest.approx(np.mean(values**2), rel=1e-4))]
    assert not [r for r in first_measures(trainer(SINE)) if r.name.startswith("noise")]
    assert not [r for r in first_measures(trainer(TEXT)) if r.name.startswith("noise")]


def test_the_settled_training_loss_is_that_without_the_first_window(trainer):
    """Against one pass of the network over all of the series."""
    one = trainer(SINE)
    measurements = train(one)
    outputs, _ = one.network(tf.constant(one.streams.inputs), one.network.zero_state(1))
    errors = (outputs.numpy() - one.streams.targets)[0, :, 0] ** 2
    settled = [(r.step, r.value) for r in measurements if r.name == "settled_train_loss"]
    assert settled[-1] == (one.step, pytest.approx(errors[20:].mean(), rel=1e-3))
    assert [step for step, _ in settled] == [r.step for r in measurements if r.name == "train_loss"]


def test_a_single_window_and_a_text_have_no_settled_loss(trainer):
    for flat in (SINE | {"num_steps": 60}, TEXT):
        assert not [r for r in first_measures(trainer(flat)) if r.name.startswith("settled")]


def test_a_sample_of_earlier_weights_shows_these_and_leaves_training_alone(trainer):
    undisturbed = trainer(SINE)
    first, expected = undisturbed.sample(), train(undisturbed)
    looked_at = trainer(SINE, after=undisturbed)
    kept = looked_at.weights()
    measurements = train(looked_at, until=10)
    late = looked_at.sample()
    assert looked_at.sample(weights=kept) == first != late
    assert looked_at.sample() == late
    assert measurements + train(looked_at) == expected


def test_carrying_the_state_changes_training_and_the_first_window_not(trainer):
    carrying = trainer(SINE | {"optimizer": "sgd", "learning_rate": 1e-9})
    carried = train(carrying, max_steps=1)
    resetting = trainer(SINE | {"optimizer": "sgd", "learning_rate": 1e-9, "carry_state": False}, after=carrying)
    reset = train(resetting, max_steps=1)

    def losses(measurements):
        return [r.value for r in measurements if r.name == "batch_loss"]

    # Three windows an epoch: the first starts from zeros in both, the others only without carrying.
    assert losses(carried)[::3] == losses(reset)[::3]
    assert all(a != b for a, b in zip(losses(carried)[1::3], losses(reset)[1::3], strict=True))


def test_the_gradient_is_clipped_to_its_global_norm(trainer):
    """With SGD at rate 1 an update is the clipped gradient itself: its norm is clip_norm."""
    fresh = trainer(SINE | {"optimizer": "sgd", "learning_rate": 1.0, "clip_norm": 0.01})
    before = [v.numpy() for v in fresh.network.weights]
    measurements = train(fresh, until=1, max_steps=1)
    moved = math.sqrt(sum(np.sum((v.numpy() - b) ** 2) for v, b in zip(fresh.network.weights, before, strict=True)))
    assert next(r.value for r in measurements if r.name == "grad_norm") > 0.01
    assert moved == pytest.approx(0.01, rel=1e-3)


def test_the_sum_over_time_is_num_steps_times_the_mean(trainer):
    """Window of 10 steps: SGD moves the weights 10 times as far."""

    def moved(loss_scale):
        fresh = trainer(
            TEXT
            | {"loss_scale": loss_scale, "clip_norm": 0, "learning_rate": 1e-3, "output_dropout": 0, "input_dropout": 0}
        )
        before = fresh.network.head.bias.numpy()
        train(fresh, until=1, max_steps=1)
        return fresh.network.head.bias.numpy() - before

    np.testing.assert_allclose(moved("sum_over_time"), 10 * moved("mean"), rtol=1e-2, atol=1e-7)


def test_padding_counts_nothing():
    losses = tf.constant([[1.0, 5.0], [2.0, 7.0]])
    weights = tf.constant([[1.0, 0.0], [1.0, 0.0]])
    assert float(weighted_mean(losses, weights)) == 1.5
    assert float(weighted_mean(losses, tf.zeros((2, 2)))) == 0.0


def test_a_uniform_model_has_the_vocabulary_as_its_perplexity():
    losses = token_losses(tf.zeros((2, 3, 10_000)), tf.constant([[1, 2, 3], [4, 5, 6]]))
    assert math.exp(float(tf.reduce_mean(losses))) == pytest.approx(10_000, rel=1e-5)


def test_a_loss_that_runs_away_ends_with_the_step_and_advice(trainer):
    running = trainer(SINE | {"optimizer": "sgd", "learning_rate": 100.0, "epochs": 300})
    with pytest.raises(NonFiniteLoss, match=r"step \d+.*lower learning rate") as failure:
        train(running)
    *before, last = failure.value.measurements
    assert all(math.isfinite(r.value) for r in before)
    assert not math.isfinite(last.value)
    assert last.step == failure.value.step


def test_a_gradient_that_overflows_blames_the_learning_rate_only_if_the_loss_had_grown():
    grown = str(NonFiniteGradient(6, 2.8e34, [], is_clipped=False))
    assert grown == (
        "The gradient overflowed at step 6, because the loss had grown to 2.8e+34; use a lower learning rate or set a "
        "clip norm."
    )
    through_time = str(NonFiniteGradient(0, 0.7, [], is_clipped=True))
    assert "backpropagation through the window made it too large" in through_time
    assert "learning rate" not in through_time


def test_weights_that_are_not_finite_are_marked_at_their_step(trainer):
    spoilt = trainer(SINE)
    train(spoilt, until=5, max_steps=1)
    spoilt.network.weights[0].assign(spoilt.network.weights[0] * np.nan)
    with pytest.raises(NonFiniteWeights, match=r"At step 5, .* not finite") as failure:
        spoilt.state_dict()
    ((step, name, value),) = [(r.step, r.name, r.value) for r in failure.value.measurements]
    assert (step, name, math.isnan(value)) == (5, "batch_loss", True)


def test_a_text_shorter_than_its_window_is_refused(trainer):
    with pytest.raises(ValueError, match="window"):
        trainer(TEXT | {"num_steps": 300})


def test_weights_of_another_network_are_refused(trainer):
    other = trainer(SINE | {"units": 6})
    with pytest.raises(ValueError, match="shape"):
        trainer(SINE).load_state_dict(other.state_dict())


def test_the_validation_of_a_wave_goes_on_where_training_ended():
    """A lead-in is read and does not count; every validation value counts once, with the value before it as input."""
    dataset = load_dataset(from_flat(SINE).data, 0)
    streams = dataset.held_out_streams("valid", 20)
    counted = streams.weights[0] == 1
    np.testing.assert_array_equal(streams.targets[0, counted, 0], dataset.valid)
    np.testing.assert_array_equal(streams.inputs[0, counted, 0], [dataset.train[-1], *dataset.valid[:-1]])
    assert set(np.unique(streams.weights)) == {0.0, 1.0}
