"""The memory that a real network keeps, compared with the formula and with an LSTM in NumPy."""

import math

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import InvalidSetting, ModelConfig
from rnnlab.inspection import forget_gate_memory, memory_kept
from rnnlab.models import Network


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forget_gates(inputs, kernel, recurrent_kernel, bias, projection):
    """Forget gates (B, T, H) and projected outputs (B, T, P) of one LSTM layer read from an empty state."""
    batch_size, num_steps, _ = inputs.shape
    units, width = projection.shape
    h, c = np.zeros((batch_size, width)), np.zeros((batch_size, units))
    gates, outputs = [], []
    for t in range(num_steps):
        i, f, g, o = np.split(inputs[:, t] @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c) @ projection
        gates.append(sigmoid(f))
        outputs.append(h)
    return np.stack(gates, axis=1), np.stack(outputs, axis=1)


def expected_memory(network, inputs):
    hidden = network.embedding.embeddings.numpy()[inputs] if network.reads_tokens else inputs
    hidden, kept = hidden.astype("float64"), []
    for cell in network.cells:
        weights = [part.numpy().astype("float64") for part in (cell.kernel, cell.recurrent_kernel, cell.bias)]
        projection = np.eye(cell.units) if cell.projection is None else cell.projection.numpy().astype("float64")
        gates, hidden = forget_gates(hidden, *weights, projection)
        kept.append([1.0, *np.cumprod(gates, axis=1).mean(axis=(0, 2))])
    return np.array(kept)


def randomized(network):
    """Random weights everywhere, so that every gate opens differently."""
    random = np.random.default_rng(1)
    for variable in network.weights:
        variable.assign(random.normal(size=variable.shape).astype("float32"))
    return network


@pytest.mark.parametrize("bias", [0.0, 1.0, 2.5, -1.0])
def test_a_networks_memory_shrinks_by_the_gate_at_every_step(bias):
    kept = memory_kept(bias, 12)
    gate = 1 / (1 + math.exp(-bias))
    powers = [gate**k for k in range(13)]
    np.testing.assert_allclose(kept.measured, powers, rtol=1e-5)
    np.testing.assert_allclose(kept.expected, powers, rtol=1e-12)
    assert kept.forget_bias == bias


def test_memory_is_measured_over_at_least_one_step():
    assert len(memory_kept(1.0, 1).measured) == 2
    with pytest.raises(ValueError, match="steps was 0, but must be at least 1"):
        memory_kept(1.0, 0)


def test_a_bias_outside_the_settings_range_is_refused():
    with pytest.raises(InvalidSetting, match="forget_bias"):
        memory_kept(1e6, 3)


@pytest.mark.parametrize(
    ("num_layers", "shape"), [(1, {}), (3, {}), (2, {"layer_units": "5, 3"}), (2, {"num_proj": 2})]
)
@pytest.mark.parametrize("vocabulary", [0, 7])
def test_gates_along_data_equal_those_of_a_numpy_lstm(num_layers, shape, vocabulary):
    network = randomized(Network(ModelConfig(units=4, num_layers=num_layers, **shape), vocabulary))
    random = np.random.default_rng(2)
    inputs = random.integers(0, 7, (3, 9)) if vocabulary else random.normal(size=(3, 9, 1)).astype("float32")

    kept = forget_gate_memory(network, inputs)

    assert kept.shape == (num_layers, 10)
    np.testing.assert_allclose(kept, expected_memory(network, inputs), rtol=1e-4, atol=1e-7)


def test_with_nothing_to_look_at_the_gates_are_their_bias():
    network = Network(ModelConfig(units=3, num_layers=2, forget_bias=2.0))
    for cell in network.cells:
        cell.kernel.assign(tf.zeros_like(cell.kernel))
        cell.recurrent_kernel.assign(tf.zeros_like(cell.recurrent_kernel))
    kept = forget_gate_memory(network, np.ones((2, 5, 1), "float32"))
    np.testing.assert_allclose(kept, [memory_kept(2.0, 5).measured] * 2, rtol=1e-6)


@pytest.mark.parametrize("cell", ["gru", "simple_rnn"])
def test_a_network_without_a_forget_gate_is_refused(cell):
    with pytest.raises(ValueError, match=f"A {cell} has no forget gate; take a network whose cell is lstm"):
        forget_gate_memory(Network(ModelConfig(cell=cell, units=2)), np.zeros((1, 2, 1), "float32"))


def test_a_network_that_reads_both_ways_is_refused():
    network = Network(ModelConfig(units=2, unrolling="bidirectional"), tags=2)
    with pytest.raises(ValueError, match="bidirectional, so its memory has two directions; take one"):
        forget_gate_memory(network, np.zeros((1, 2, 1), "float32"))
