"""The loss by hand: losses of steps, of examples, and what they become."""

import math

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.formulas import perplexities, perplexity
from rnnlab.training.loss import objective, sequence_loss_by_example, token_losses, weighted_mean

# Logits that are logarithms of probabilities, so that every loss is the logarithm of a known number.
PROBABILITIES = [[[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]], [[0.25, 0.25, 0.5], [0.2, 0.2, 0.6]]]
TARGETS = [[0, 0], [1, 2]]


@pytest.fixture
def logits():
    return tf.math.log(tf.constant(PROBABILITIES))


def by_example(logits, weights, **options):
    return sequence_loss_by_example(logits, tf.constant(TARGETS), tf.constant(weights), **options).numpy()


def test_a_uniform_model_has_perplexity_v_exactly():
    vocabulary = 10_000
    targets = tf.constant(np.random.default_rng(0).integers(0, vocabulary, (3, 5)))
    weights = tf.constant([[1.0] * 5, [1.0] * 2 + [0.0] * 3, [0.5, 2.0, 1.0, 3.0, 0.0]])
    # 0 is the logit of every word; any other constant is the same model.
    losses = sequence_loss_by_example(tf.fill((3, 5, vocabulary), 3.0), targets, weights)
    for loss in losses.numpy():
        assert perplexity(float(loss)) == pytest.approx(vocabulary, rel=1e-5)
    tokens = token_losses(tf.zeros((3, 5, vocabulary)), targets)
    assert perplexity(float(weighted_mean(tokens, weights))) == pytest.approx(vocabulary, rel=1e-5)


def test_the_loss_of_an_example_is_the_mean_over_its_weights(logits):
    losses = by_example(logits, [[1.0, 3.0], [1.0, 1.0]])
    assert losses[0] == pytest.approx((math.log(2) + 3 * math.log(10)) / 4, rel=1e-6)
    assert losses[1] == pytest.approx((math.log(4) + math.log(1 / 0.6)) / 2, rel=1e-6)


def test_the_sum_over_time_is_not_divided_by_the_weights(logits):
    losses = by_example(logits, [[1.0, 3.0], [1.0, 1.0]], average_across_timesteps=False)
    assert losses[0] == pytest.approx(math.log(2) + 3 * math.log(10), rel=1e-6)


def test_padding_does_not_count(logits):
    np.testing.assert_allclose(by_example(logits, [[1.0, 0.0], [0.0, 0.0]]), [math.log(2), 0.0], rtol=1e-6)


def test_padding_has_no_gradient_even_where_nothing_counts(logits):
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = tf.reduce_sum(sequence_loss_by_example(logits, tf.constant(TARGETS), tf.constant([[1.0, 0], [0, 0]])))
    gradient = tape.gradient(loss, logits).numpy()
    np.testing.assert_allclose(gradient[0, 0], [-0.5, 0.25, 0.25], rtol=1e-5)  # Probabilities minus the truth.
    assert not gradient[0, 1].any()
    assert not gradient[1].any()


def test_the_sum_over_time_is_t_times_the_mean_where_everything_counts(logits):
    losses, weights = token_losses(logits, tf.constant(TARGETS)), tf.ones((2, 2))
    mean, summed = (float(objective(losses, weights, scale)) for scale in ("mean", "sum_over_time"))
    assert summed == pytest.approx(2 * mean, rel=1e-6)
    assert mean == pytest.approx(math.log(2 * 10 * 4 / 0.6) / 4, rel=1e-6)


def test_the_loss_of_a_series_is_the_mean_square_of_a_step():
    outputs, targets = tf.constant([[[1.0, 2.0], [0.0, 0.0]]]), tf.constant([[[3.0, 2.0], [0.5, -0.5]]])
    np.testing.assert_allclose(token_losses(outputs, targets), [[2.0, 0.25]])


def test_perplexity_is_weighted_by_tokens():
    losses = tf.constant([[math.log(2.0), math.log(8.0)], [math.log(4.0), 99.0]])
    weights = tf.constant([[1.0, 1.0], [1.0, 0.0]])
    assert perplexity(float(weighted_mean(losses, weights))) == pytest.approx(4, rel=1e-6)


def test_nothing_that_counts_is_loss_0():
    assert float(weighted_mean(tf.ones((2, 2)), tf.zeros((2, 2)))) == 0


def test_a_loss_too_large_for_exp_is_infinite_perplexity():
    assert perplexity(1e6) == math.inf
    assert perplexity(0.0) == 1


def test_many_perplexities_are_finite_for_a_chart_and_leave_gaps_where_the_losses_do():
    drawn = perplexities([0.0, math.log(4), 1e6, math.nan])
    assert drawn[:2] == pytest.approx([1, 4])
    assert 1e300 < drawn[2] < math.inf
    assert math.isnan(drawn[3])
