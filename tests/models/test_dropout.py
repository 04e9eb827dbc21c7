"""Where dropout is, how much it drops, and that time carries none of it."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.models import Network
from rnnlab.models.dropout import drop

SEED = tf.constant([1, 2])


def test_the_share_that_is_dropped_and_the_mean():
    dropped = drop(tf.ones((10, 100, 200)), 0.3, SEED, place=0).numpy()
    # Four standard deviations of a binomial share of 200,000.
    assert abs(np.mean(dropped == 0) - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 200_000)
    np.testing.assert_allclose(dropped[dropped != 0], 1 / 0.7, rtol=1e-6)


def test_every_time_step_has_a_mask_of_its_own_and_every_place_too():
    masks = drop(tf.ones((4, 6, 50)), 0.5, SEED, place=0).numpy()
    assert not any(np.array_equal(masks[:, 0], masks[:, t]) for t in range(1, 6))
    assert not np.array_equal(masks, drop(tf.ones((4, 6, 50)), 0.5, SEED, place=1).numpy())
    assert not np.array_equal(masks, drop(tf.ones((4, 6, 50)), 0.5, tf.constant([1, 3]), place=0).numpy())
    np.testing.assert_array_equal(masks, drop(tf.ones((4, 6, 50)), 0.5, SEED, place=0).numpy())


def test_without_a_seed_nothing_is_dropped():
    network = Network(ModelConfig(units=8, input_dropout=0.9, output_dropout=0.9))
    plain = Network(ModelConfig(units=8))
    plain.set_weights(network.get_weights())
    inputs = tf.ones((2, 4, 1))
    np.testing.assert_array_equal(network(inputs, network.zero_state(2))[0], plain(inputs, plain.zero_state(2))[0])


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_the_recurrent_path_carries_no_noise(cell):
    """Output dropout changes what the head sees, and never the state of the layer that it follows."""
    network = Network(ModelConfig(cell=cell, units=8, output_dropout=0.8))
    inputs = tf.constant(np.random.default_rng(0).normal(size=(2, 30, 1)).astype("float32"))
    quiet, state = network(inputs, network.zero_state(2))
    noisy, noisy_state = network(inputs, network.zero_state(2), dropout_seed=SEED)
    assert not np.allclose(quiet, noisy)
    tf.nest.map_structure(np.testing.assert_array_equal, state, noisy_state)
