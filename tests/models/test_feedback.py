"""The network reading its own output in training: both ends, what lies between, and which way the gradient goes."""

from functools import cache, partial

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.generation import generate_series
from rnnlab.models import Network
from rnnlab.models.feedback import call_with_feedback, feed_back, own_steps

SEED = tf.constant([4, 9])
NOISY = {"input_dropout": 0.3, "output_dropout": 0.4, "state_dropout": 0.2}
CELLS = [{"cell": "lstm"}, {"cell": "gru"}, {"cell": "lstm", "num_proj": 3, "use_peepholes": True}]


@cache
def series(**model):
    """One network for all tests of these settings, none of which changes it."""
    return Network(ModelConfig(**{"units": 5, "num_layers": 2} | model), seed=3)


def wave(batch=2, steps=6):
    return tf.constant(np.random.default_rng(0).normal(size=(batch, steps, 1)).astype("float32"))


def words(batch=3, steps=10, vocabulary=7):
    return tf.constant(np.random.default_rng(1).integers(0, vocabulary, (batch, steps)).astype("int32"))


def assert_same(one, two, **tolerance):
    tf.nest.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, **{"rtol": 1e-5, "atol": 1e-6} | tolerance), one, two
    )


@pytest.mark.parametrize("masks", ["per_step", "variational"])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("through", [False, True])
def test_probability_0_is_teacher_forcing_dropout_included(cell, masks, through):
    network = series(**cell, **NOISY, dropout_masks=masks)
    inputs, state = wave(), network.zero_state(2)
    forced = network(inputs, state, dropout_seed=SEED)
    assert_same(call_with_feedback(network, inputs, state, tf.constant(0.0), SEED, through), forced)


def test_probability_0_is_teacher_forcing_for_words():
    network = Network(ModelConfig(units=5, **NOISY), 7)
    inputs, state = words(), network.zero_state(3)
    fed = feed_back(network, inputs, state, tf.zeros((3, 10), bool), SEED)
    forced, after = network(inputs, state, dropout_seed=SEED)
    np.testing.assert_array_equal(fed.inputs, inputs)
    assert_same((fed.outputs, fed.state), (forced, after))
    assert_same(call_with_feedback(network, inputs, state, tf.constant(0.0), SEED), (forced, after))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("through", [False, True])
def test_probability_1_runs_free_from_the_first_value(cell, through):
    network, inputs = series(**cell), wave()
    outputs, _ = call_with_feedback(network, inputs, network.zero_state(2), tf.constant(1.0), SEED, through)
    assert_same(outputs, generate_series(network, inputs[:, :1].numpy(), inputs.shape[1]))


def test_probability_1_of_a_sure_text_network_repeats_what_it_says():
    """With a head that always predicts word 3, there is only one free run."""
    network = Network(ModelConfig(units=4), 7)
    network.head.bias.assign(tf.one_hot(3, 7) * 1e3)
    inputs = words()
    fed = feed_back(network, inputs, network.zero_state(3), own_steps(tf.shape(inputs), tf.constant(1.0), SEED), SEED)
    np.testing.assert_array_equal(fed.inputs[:, 0], inputs[:, 0])
    np.testing.assert_array_equal(fed.inputs[:, 1:], np.full((3, 9), 3))


def test_words_are_drawn_from_what_the_network_said():
    """1,000 streams of one step: the shares are those of the softmax, within four standard deviations."""
    network = Network(ModelConfig(units=4, init_scale=1.0), 5)
    inputs = tf.zeros((4000, 2), tf.int32)
    own = own_steps(tf.shape(inputs), tf.constant(1.0), SEED)
    fed = feed_back(network, inputs, network.zero_state(4000), own, SEED)
    expected = tf.nn.softmax(fed.outputs[0, 0]).numpy()
    shares = np.bincount(fed.inputs[:, 1], minlength=5) / 4000
    assert np.all(np.abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / 4000))


def test_the_share_of_own_inputs_and_never_the_first():
    own = own_steps(tf.constant([50, 401]), tf.constant(0.3), SEED).numpy()
    assert not own[:, 0].any()
    assert abs(own[:, 1:].mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 20_000)
    assert not np.array_equal(own, own_steps(tf.constant([50, 401]), tf.constant(0.3), tf.constant([4, 10])))


def gradients_and_loss(network, run):
    with tf.GradientTape() as tape:
        outputs, _ = run()
        loss = tf.reduce_sum(tf.square(outputs - 0.3))
    return tape.gradient(loss, [v.value for v in network.trainable_variables]), loss


@pytest.mark.parametrize("through", [False, True])
@pytest.mark.parametrize("compiled", [False, True])
def test_the_gradient_goes_through_the_fed_back_value_or_not(through, compiled):
    """Against a plain loop of single steps that TensorFlow differentiates by itself."""
    network, inputs = series(cell="lstm"), wave(steps=4)
    zero, probability = network.zero_state(2), tf.constant(0.5)

    def by_hand():
        own = own_steps(tf.constant([2, 4]), probability, SEED)
        state, previous, outputs = zero, tf.zeros((2, 1)), []
        for t in range(4):
            output, state = network.step(tf.where(own[:, t, None], previous, inputs[:, t]), state)
            previous = output if through else tf.stop_gradient(output)
            outputs.append(output)
        return tf.stack(outputs, axis=1), state

    def ours():
        return call_with_feedback(network, inputs, zero, probability, SEED, through)

    # XLA draws other numbers from a seed, so both are compiled or neither.
    compile_or_not = partial(tf.function, jit_compile=True, autograph=False) if compiled else lambda run: run
    results = [compile_or_not(lambda way=way: gradients_and_loss(network, way))() for way in (ours, by_hand)]
    assert own_steps(tf.constant([2, 4]), probability, SEED).numpy().any()
    assert_same(*results, rtol=1e-4)


def test_the_two_gradients_differ():
    network, inputs = series(cell="lstm"), wave()
    ways = [
        gradients_and_loss(
            network,
            lambda way=way: call_with_feedback(network, inputs, network.zero_state(2), tf.constant(1.0), SEED, way),
        )[0]
        for way in (False, True)
    ]
    assert any(not np.allclose(one, two, atol=1e-4) for one, two in zip(*ways, strict=True))
