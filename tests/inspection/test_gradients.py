"""Gradients back in time against closed forms, finite differences, and training's own backward pass."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.formulas.forgetting import share_kept
from rnnlab.inspection.gradients import gradients_back
from rnnlab.models import Network
from rnnlab.training.loss import token_losses
from tests.inspection.test_traces import VARIANTS, network_of, some_inputs

STEPS = 6


def zeroed(network, names=("kernel", "recurrent_kernel")):
    for cell in network.cells:
        for name in names:
            getattr(cell, name).assign(tf.zeros_like(getattr(cell, name)))
    return network


def test_the_gradient_of_a_linear_cell_is_multiplied_by_its_transposed_matrix_at_each_step():
    """A simple RNN at h = 0 has the slope 1 everywhere. Inputs are zeros, so it stays there."""
    network = Network(ModelConfig(cell="simple_rnn", units=4))
    random = np.random.default_rng(0)
    kernel, head = random.normal(size=(4, 4), scale=0.7), random.normal(size=(4, 1))
    network.cells[0].recurrent_kernel.assign(kernel)
    network.head.kernel.assign(head)
    found = gradients_back(network, np.zeros((1, 31, 1), "float32"), np.array([-0.5]))
    v = 2 * 0.5 * head[:, 0]  # of (y - target)^2 with y = 0
    for k in range(31):
        power = np.linalg.matrix_power(kernel.astype("float32").astype("float64"), k)
        np.testing.assert_allclose(found.by_state["layer_0/h"][0, k], power @ v, rtol=1e-4)
        assert found.norms("layer_0/h")[k] == pytest.approx(np.linalg.norm(power @ v), rel=1e-5)


@pytest.mark.parametrize("bias", [0.0, 1.0, 5.0, -4.0])
def test_a_zero_kernel_lstm_keeps_the_gradient_of_its_memory_by_the_forget_gate(bias):
    network = zeroed(Network(ModelConfig(cell="lstm", units=3, forget_bias=bias)))
    found = gradients_back(network, np.zeros((2, 200, 1), "float32"), np.array([1.0, 2.0])).norms("layer_0/c")
    expected = share_kept(bias, np.arange(199))
    reached = expected > 1e-150  # The square in a norm ends at 1e-308.
    np.testing.assert_allclose((found[1:] / found[1])[reached], expected[reached], rtol=1e-3)
    assert found[0] == 0  # The head has read h, and no later step reads c.


def losses_with(network, inputs, targets, pushed_after, part, push):
    """The loss of the last step, float64 (B,), after `push` was added to a part of the state after one step."""
    state = network.zero_state(inputs.shape[0])
    for t in range(inputs.shape[1]):
        pushes = tf.nest.map_structure(tf.zeros_like, state)
        if t == pushed_after:
            flat = tf.nest.flatten(pushes)
            flat[part] = flat[part] + push
            pushes = tf.nest.pack_sequence_as(pushes, flat)
        hidden, state, _ = network.read_step(tf.constant(inputs[:, t]), state, pushes=pushes)
    wanted = tf.constant(targets) if network.gives_logits else tf.constant(targets.astype("float32"))[:, None]
    return token_losses(network.head(hidden)[:, None], wanted[:, None]).numpy()[:, 0].astype("float64")


@pytest.mark.parametrize("name", ["simple_rnn", "lstm_everything", "gru", "gru_reset_after"])
def test_gradients_are_finite_differences(name):
    """Of every part of the state of two layers, in a random direction."""
    network, inputs = network_of(VARIANTS[name]), some_inputs(0, steps=STEPS)
    targets = np.array([2.0, -3.0])
    found = gradients_back(network, inputs, targets)
    random = np.random.default_rng(7)
    for part, state_name in enumerate(network.state_names):
        for back in (0, 1, 4):
            gradient = found.by_state[state_name][:, back]
            direction = random.normal(size=gradient.shape).astype("float32")
            at = STEPS - 1 - back
            # Both ways at once: the rows that are pushed ahead, then those that are pushed back.
            push = 1e-2 * np.concatenate([direction, -direction])
            twice = np.concatenate([inputs, inputs]), np.concatenate([targets, targets])
            ahead, behind = np.split(losses_with(network, *twice, at, part, push), 2)
            np.testing.assert_allclose(
                (gradient * direction).sum(axis=1), (ahead - behind) / 2e-2, rtol=2e-2, atol=2e-3, err_msg=state_name
            )


def test_words_have_a_cross_entropy_at_the_last_step():
    network, inputs = network_of(VARIANTS["lstm"], vocabulary=7), some_inputs(7, steps=3)
    targets = np.array([2, 5], "int32")
    gradient = gradients_back(network, inputs, targets).by_state["layer_1/h"][:, 0]
    hidden = gradients_of_logits(network, inputs, targets)
    np.testing.assert_allclose(gradient, hidden, rtol=1e-4, atol=1e-6)


def gradients_of_logits(network, inputs, targets):
    """(softmax - one hot) W', the closed form."""
    outputs, _ = network(tf.constant(inputs), network.zero_state(len(inputs)))
    wrong = tf.nn.softmax(outputs[:, -1]).numpy() - np.eye(network.vocabulary)[targets]
    return wrong @ network.head.kernel.numpy().T


def test_beyond_a_window_the_gradient_is_exactly_zero_and_within_it_unchanged():
    network, inputs = network_of(VARIANTS["lstm"]), some_inputs(0, steps=9)
    whole = gradients_back(network, inputs, np.zeros(2))
    cut = gradients_back(network, inputs, np.zeros(2), window=4)
    for name in network.state_names:
        np.testing.assert_array_equal(cut.by_state[name][:, 4:], 0.0)
        np.testing.assert_array_equal(cut.by_state[name][:, :4], whole.by_state[name][:, :4])
        assert (np.abs(whole.by_state[name][:, 4:]) > 0).all()


def test_trainings_own_backward_pass_gives_the_top_layers_gradient():
    """The loop over time has a gradient of its own, `run_through_time`."""
    network, inputs = network_of(VARIANTS["gru"]), some_inputs(0, steps=STEPS)
    _, state = network.step(tf.constant(inputs[:, 0]), network.zero_state(2))
    with tf.GradientTape() as tape:
        tape.watch(state)
        outputs, _ = network(tf.constant(inputs[:, 1:]), state)
        losses = token_losses(outputs[:, -1:], tf.ones((2, 1, 1)))
    expected = tape.gradient(losses, state)[1][0]
    found = gradients_back(network, inputs, np.ones(2)).by_state["layer_1/h"]
    np.testing.assert_allclose(found[:, STEPS - 1], expected, rtol=1e-3, atol=1e-6)


def test_a_target_is_needed_for_each_row():
    with pytest.raises(ValueError, match=r"shape \(3,\), but must be \(2,\)"):
        gradients_back(network_of(VARIANTS["gru"]), some_inputs(0), np.zeros(3))


def test_a_network_that_reads_both_ways_is_refused():
    network = Network(ModelConfig(units=2, unrolling="bidirectional"), tags=2)
    with pytest.raises(ValueError, match="bidirectional"):
        gradients_back(network, np.zeros((1, 2, 1), "float32"), np.zeros(1))
