"""Numbers of many seeds at once, and tokens drawn with them, against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.generation.next_token import draw
from rnnlab.generation.uniform import uniform, uniform_rows

SEEDS, STEPS = (0, 6, 2**31 - 1, 77, 77), (0, 3, 1000, 2**31 - 1, 0)


def test_each_number_is_that_of_tensorflow_with_its_seed_and_step():
    expected = [tf.random.stateless_uniform([1], pair, dtype=tf.float64)[0] for pair in zip(SEEDS, STEPS, strict=True)]
    np.testing.assert_array_equal(uniform(tf.constant(SEEDS), tf.constant(STEPS)), expected)


def test_the_first_row_of_one_seed_has_the_number_of_that_seed_alone():
    rows = uniform_rows(tf.constant(5), tf.constant(6), tf.constant(3))
    assert rows[0] == uniform(tf.constant([6]), tf.constant([3]))[0]
    assert len(set(rows.numpy())) == 5


@pytest.mark.parametrize("vocabulary", [1, 2, 3, 11, 100, 101, 1000])
def test_a_draw_inverts_the_cumulative_distribution(vocabulary):
    random = np.random.default_rng(vocabulary)
    logits = random.normal(size=(500, vocabulary), scale=3).astype("float32")
    numbers = random.uniform(size=500)
    weights = np.exp(logits.astype("float64"))
    cumulative = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    drawn = draw(tf.constant(logits), tf.constant(numbers)).numpy()
    after = np.take_along_axis(cumulative, drawn[:, None], axis=1)[:, 0]
    before = after - np.take_along_axis(weights, drawn[:, None], axis=1)[:, 0] / weights.sum(axis=1)
    assert np.all(before - 1e-6 <= numbers)
    assert np.all(numbers <= after + 1e-6)


@pytest.mark.parametrize("number", [0.0, 0.25, 0.5, 0.75, 1 - 2.0**-52])
def test_what_has_no_probability_is_never_drawn_whatever_the_number(number):
    """Probable tokens stand alone, at the ends of blocks and between them."""
    for probable in ([0], [10], [4, 5], [3, 7], [0, 10]):
        logits = np.full((1, 11), -np.inf, "float32")
        logits[0, probable] = 0.3
        assert draw(tf.constant(logits), tf.constant([number], tf.float64)).numpy()[0] in probable


def test_logits_that_are_not_numbers_still_give_a_token():
    """Those of a network that ran away: the next step must find a word vector."""
    drawn = draw(tf.fill((2, 11), np.float32("nan")), tf.constant([0.1, 0.9], tf.float64)).numpy()
    assert np.all((drawn >= 0) & (drawn < 11))
