"""The output layer and its loss in one piece, against the two written apart and differentiated by TensorFlow."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import Experiment, InvalidSetting, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import load_dataset
from rnnlab.models import Network
from rnnlab.training.machine import MARGIN
from rnnlab.training.precision import (
    LARGE_KERNEL,
    LARGE_WORK,
    PAYS,
    bfloat16_speed,
    bfloat16_step_speed,
    compiled_logits_speed,
    use_compiled_logits,
    use_half,
    use_half_steps,
)
from rnnlab.training.softmax import softmax_losses
from tests.support.texts import held_out_cut

B, T, P, V = 3, 5, 8, 23


def problem(is_transposed, seed=0, size=1.0):
    random = np.random.default_rng(seed)
    hidden = tf.constant(random.normal(size=(B, T, P)).astype("float32") * size)
    kernel = random.normal(size=(V, P) if is_transposed else (P, V)).astype("float32")
    bias = tf.constant(random.normal(size=V).astype("float32"))
    targets = tf.constant(random.integers(0, V, (B, T)).astype("int32"))
    factors = tf.constant(random.uniform(0, 2, (B, T)).astype("float32"))
    return (hidden, tf.constant(kernel), bias), targets, factors


def apart(hidden, kernel, bias, targets, is_transposed):
    kernel = tf.transpose(kernel) if is_transposed else kernel
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, tf.tensordot(hidden, kernel, 1) + bias)


def with_gradients(losses_of, parts, factors):
    with tf.GradientTape() as tape:
        tape.watch(parts)
        losses = losses_of(*parts)
        goal = tf.reduce_sum(losses * factors)
    return losses, tape.gradient(goal, parts)


@pytest.mark.parametrize("is_transposed", [False, True])
@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_losses_and_gradients_are_those_of_the_two_apart(is_transposed, jit_compile):
    parts, targets, factors = problem(is_transposed)

    def fused(*parts):
        return softmax_losses(*parts, targets, is_transposed)

    run = with_gradients if jit_compile is None else tf.function(with_gradients, jit_compile=jit_compile)
    expected = with_gradients(lambda *parts: apart(*parts, targets, is_transposed), parts, factors)
    for ours, theirs in zip(tf.nest.flatten(run(fused, parts, factors)), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("is_transposed", [False, True])
def test_bfloat16_is_near(is_transposed):
    """8 bits: about half a percent of the largest value, for the losses and for every gradient.

    How sums are rounded depends on the processor: one that has no products of bfloat16 was 1.4 % off in the worst of
    150 seeds.
    """
    worst = [list(errors_of_half(is_transposed, seed)) for seed in range(20)]
    assert np.all(np.median(worst, axis=0) < 0.01)
    assert np.max(worst) < 0.03


def errors_of_half(is_transposed, seed):
    """The largest error of the losses and of each gradient, as a share of its largest value."""
    parts, targets, factors = problem(is_transposed, seed)
    expected = with_gradients(lambda *parts: apart(*parts, targets, is_transposed), parts, factors)
    ours = with_gradients(lambda *parts: softmax_losses(*parts, targets, is_transposed, half=True), parts, factors)
    assert not np.array_equal(ours[0], expected[0])
    for one, other in zip(tf.nest.flatten(ours), tf.nest.flatten(expected), strict=True):
        assert one.dtype == tf.float32
        yield np.abs(one - other).max() / np.abs(other).max()


def test_logits_too_large_for_exp():
    parts, targets, factors = problem(False, size=200.0)
    ours, gradients = with_gradients(lambda *parts: softmax_losses(*parts, targets), parts, factors)
    np.testing.assert_allclose(ours, apart(*parts, targets, False), rtol=1e-4, atol=1e-3)
    assert all(np.all(np.isfinite(gradient)) for gradient in gradients)


@pytest.mark.parametrize("is_transposed", [False, True])
def test_compiled_bfloat16_is_near(is_transposed):
    """Where XLA has the product for this processor; where it has none it is never chosen."""
    rows, inner, columns = 64, 96, 512
    if not compiled_logits_speed(rows, inner, columns, is_transposed):
        assert not use_compiled_logits(rows, inner, columns, is_transposed)
        return
    random = np.random.default_rng(1)
    kernel = random.normal(size=(columns, inner) if is_transposed else (inner, columns)).astype("float32")
    hidden = tf.constant(random.normal(size=(1, rows, inner)).astype("float32"))
    parts = (hidden, tf.constant(kernel), tf.constant(random.normal(size=columns).astype("float32")))
    targets, factors = tf.constant(random.integers(0, columns, (1, rows)).astype("int32")), tf.ones((1, rows))
    expected = with_gradients(lambda *parts: apart(*parts, targets, is_transposed), parts, factors)
    half = tf.function(
        lambda *parts: with_gradients(
            lambda *p: softmax_losses(*p, targets, is_transposed, half=True, compiled_logits=True), parts, factors
        )
    )
    for one, other in zip(tf.nest.flatten(half(*parts)), tf.nest.flatten(expected), strict=True):
        assert 0 < np.abs(one - other).max() < 0.02 * np.abs(other).max()


@pytest.mark.parametrize("is_likely", [False, True])
def test_the_loss_of_a_target_that_is_next_to_impossible(is_likely):
    """Its probability is no float32 any more, the loss is 100 nats."""
    logits = tf.constant([[[0.0, 100.0, 3.0]]])
    losses = softmax_losses(logits, tf.eye(3), tf.zeros(3), tf.constant([[1 if is_likely else 0]]))
    np.testing.assert_allclose(losses, [[0.0 if is_likely else 100.0]], atol=1e-5)


# --- which precision -------------------------------------------------------------------------------------------------


def test_small_output_layers_stay_in_float32():
    assert not use_half("auto", LARGE_WORK - 1)
    assert not use_half("float32", 10**12)
    assert use_half("bfloat16", 1)
    assert use_half("auto", 10**12) == (bfloat16_speed() >= PAYS * MARGIN)


def test_single_steps_stay_in_float32_unless_their_kernel_is_large_and_it_pays():
    inner, columns = 500, 2000
    assert inner * columns >= LARGE_KERNEL
    assert not use_half_steps("bfloat16", 20, inner, LARGE_KERNEL // inner - 1)
    assert not use_half_steps("float32", 20, inner, columns)
    assert use_half_steps("bfloat16", 20, inner, columns) == (bfloat16_step_speed(20, inner, columns) >= PAYS * MARGIN)


SELDOM = 10**6
"""Evaluate at the ends of epochs only: the whole validation text between updates would take longer than they do."""


def text(precision, **model):
    return Experiment(
        data=TextData(corpus="grammar", train_tokens=4000),
        model=ModelConfig(**{"units": 24, "init_scale": 0.1} | model),
        training=TrainingConfig(
            optimizer="sgd", learning_rate=1.0, loss_scale="sum_over_time", clip_norm=5.0, epochs=4, full_rate_epochs=4,
            batch_size=10, num_steps=10, precision=precision, evaluate_every=SELDOM,
        ),
    )  # fmt: skip


def test_training_in_bfloat16_ends_where_float32_ends(trained):
    """On average: a single run goes another way after any rounding, and ends a few per cent above or below."""

    def end(seed, precision):
        experiment = dataclasses.replace(text(precision), seed=seed)
        measurements = trained(experiment, held_out_cut(experiment.data, tokens=2000))
        return [one.value for one in measurements if one.name == "epoch_valid_perplexity"][-1]

    ratios = [end(seed, "bfloat16") / end(seed, "float32") for seed in range(4)]
    assert np.exp(np.mean(np.log(ratios))) == pytest.approx(1.0, abs=0.03)
    assert all(ratio != 1.0 for ratio in ratios)


# --- tied embeddings -------------------------------------------------------------------------------------------------


def test_tied_embeddings_are_one_matrix():
    experiment = text("float32", tie_embeddings=True)
    vocabulary = len(load_dataset(experiment.data, 0).vocabulary)
    network = Network.for_experiment(experiment, vocabulary)
    assert network.count_params() == experiment.parameters(vocabulary)
    untied = text("float32").parameters(vocabulary)
    assert experiment.parameters(vocabulary) == untied - 24 * vocabulary
    inputs = tf.constant([[1, 2, 3]])
    hidden, _ = network.read(inputs, network.zero_state(1))
    network.head.bias.assign(tf.range(float(vocabulary)))
    vectors = network.embedding.embeddings.numpy()
    expected = hidden.numpy() @ vectors.T + np.arange(vocabulary)
    np.testing.assert_allclose(network(inputs, network.zero_state(1))[0], expected, rtol=1e-5, atol=1e-5)


def test_tied_gradients_come_from_both_ends():
    """Against TensorFlow's own gradient of the plain formula."""
    experiment = text("float32", tie_embeddings=True)
    network = Network.for_experiment(experiment, 11, seed=1)
    inputs = tf.constant(np.random.default_rng(0).integers(0, 11, (2, 6)).astype("int32"))
    vectors = network.embedding.embeddings.value

    def gradient(losses_of):
        with tf.GradientTape() as tape:
            hidden, _ = network.read(inputs, network.zero_state(2))
            loss = tf.reduce_sum(losses_of(hidden))
        return tf.convert_to_tensor(tape.gradient(loss, vectors))

    ours = gradient(lambda h: softmax_losses(h, vectors, network.head.bias.value, inputs, is_transposed=True))
    theirs = gradient(lambda h: tf.nn.sparse_softmax_cross_entropy_with_logits(inputs, network.head(h)))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def losses_until(trainer, step):
    found = []
    while trainer.step < step:
        found += [one.value for one in trainer.advance(1) if one.name == "batch_loss"]
    return found


def test_a_tied_network_learns_and_is_taken_up_again(make_trainer):
    experiment = text("float32", tie_embeddings=True)
    undisturbed = make_trainer(experiment)
    expected = losses_until(undisturbed, 12)
    first = make_trainer(experiment, after=undisturbed)
    found = losses_until(first, 5)
    stored = first.state_dict()
    second = make_trainer(experiment, after=first)
    second.load_state_dict(stored)
    assert found + losses_until(second, 12) == expected
    assert expected[-1] < expected[0]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"embedding_dim": 16}, "word vectors are 16 wide and the last layer's output is 24"),
        ({"num_proj": 8}, "the last layer's output is 8"),
        ({"num_layers": 2, "layer_units": "24, 12"}, "the last layer's output is 12"),
    ],
)
def test_tied_embeddings_must_be_as_wide_as_the_output(settings, says):
    with pytest.raises(InvalidSetting, match=says):
        text("float32", tie_embeddings=True, **settings)


def test_a_series_has_no_word_vectors_to_tie():
    experiment = Experiment(data=SineData(), model=ModelConfig(tie_embeddings=True))
    assert not experiment.is_tied
    assert experiment.parameters() == dataclasses.replace(experiment, model=ModelConfig()).parameters()
