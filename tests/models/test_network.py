"""One step, a whole sequence and a stack of every cell against the NumPy oracle and against Keras's own layers."""

from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import CELL_KINDS, Experiment, ModelConfig, SineData, TextData
from rnnlab.models import CELLS, Network
from rnnlab.models.unrolling import unroll
from tests.models import oracle

KINDS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru_reset_after": {"cell": "gru", "reset_after": True},
}
"""The oracle's name of each cell, and the settings that ask for it."""

KERAS_LAYERS = {
    "simple_rnn": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": partial(keras.layers.GRU, reset_after=False),
    "gru_reset_after": keras.layers.GRU,
}


def randomized(network, seed=1):
    """The network with random weights everywhere, biases included, so that no term can hide behind a zero."""
    random = np.random.default_rng(seed)
    for variable in network.weights:
        variable.assign(random.normal(size=variable.shape, scale=0.5).astype("float32"))
    return network


def random_state(network, batch_size, seed=2):
    random = np.random.default_rng(seed)
    return tf.nest.map_structure(
        lambda part: tf.constant(random.normal(size=part.shape).astype("float32")), network.zero_state(batch_size)
    )


def oracle_outputs(kind, network, inputs, state):
    def array(variable):
        return variable.numpy().astype("float64")

    layers = [(array(c.kernel), array(c.recurrent_kernel), array(c.bias)) for c in network.cells]
    head = (array(network.head.kernel), array(network.head.bias))
    embedding = array(network.embedding.embeddings) if network.embedding else None
    states = [tuple(part.numpy() for part in layer) for layer in state]
    return oracle.run_network(kind, layers, head, inputs, states, embedding)


def test_every_cell_of_the_settings_has_a_class_an_oracle_and_as_many_gates_as_its_row_says():
    assert {name: len(kind.gate_names) for name, kind in CELLS.items()} == {
        name: row.gates for name, row in CELL_KINDS.items()
    }
    assert {settings["cell"] for settings in KINDS.values()} == set(CELL_KINDS)
    assert set(KINDS) == set(oracle.STEPS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("vocabulary", [0, 7])
def test_the_number_of_parameters_is_known_before_the_network_is_built(kind, vocabulary):
    model = ModelConfig(**KINDS[kind], units=4, num_layers=2)
    experiment = Experiment(TextData() if vocabulary else SineData(), model)
    assert Network(model, vocabulary).count_params() == experiment.parameters(vocabulary)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("vocabulary", [0, 7])
def test_a_sequence_equals_the_numpy_oracle(kind, num_layers, vocabulary):
    network = randomized(Network(ModelConfig(**KINDS[kind], units=4, num_layers=num_layers), vocabulary))
    random = np.random.default_rng(3)
    inputs = random.integers(0, 7, (2, 5)) if vocabulary else random.normal(size=(2, 5, 1)).astype("float32")
    state = random_state(network, 2)

    outputs, after = network(tf.constant(inputs), state)

    expected, expected_states = oracle_outputs(kind, network, inputs, state)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)
    for layer, expected_layer in zip(after, expected_states, strict=True):
        np.testing.assert_allclose(layer, expected_layer, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("vocabulary", "tied"), [(0, False), (7, False), (7, True)])
def test_steps_equal_the_whole_sequence(kind, vocabulary, tied, rows):
    model = ModelConfig(**KINDS[kind], units=6, num_layers=2, tie_embeddings=tied)
    network = randomized(Network(model, vocabulary))
    random = np.random.default_rng(4)
    inputs = random.integers(0, 7, (rows, 8)) if vocabulary else random.normal(size=(rows, 8, 1)).astype("float32")
    inputs = tf.constant(inputs)
    state = random_state(network, rows)

    whole, after_whole = network(inputs, state)
    single = []
    for t in range(8):
        output, state = network.step(inputs[:, t], state)
        single.append(output)

    np.testing.assert_allclose(tf.stack(single, axis=1), whole, atol=1e-5)
    tf.nest.map_structure(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-5), state, after_whole)


@pytest.mark.parametrize("kind", KERAS_LAYERS)
def test_weights_are_interchangeable_with_keras_layers(kind):
    network = randomized(Network(ModelConfig(**KINDS[kind], units=4)))
    inputs = tf.constant(np.random.default_rng(5).normal(size=(2, 6, 1)).astype("float32"))
    theirs = KERAS_LAYERS[kind](4, return_sequences=True)
    theirs.build(inputs.shape)
    theirs.set_weights(network.cells[0].get_weights())

    outputs, _ = network(inputs, network.zero_state(2))

    np.testing.assert_allclose(outputs, network.head(theirs(inputs)), atol=1e-5)


def test_a_cell_works_inside_keras_rnn():
    cell = CELLS["lstm"](4, forget_bias=2.0, seed=1)
    outputs = keras.layers.RNN(cell, return_sequences=True)(tf.ones((2, 3, 5)))
    assert outputs.shape == (2, 3, 4)


@pytest.mark.parametrize("kind", KERAS_LAYERS)
def test_gradients_equal_keras_layers(kind):
    """With respect to every weight, the inputs and the first state, from a loss on outputs and final state."""
    network = randomized(Network(ModelConfig(**KINDS[kind], units=3)))
    ours = network.cells[0]
    random = np.random.default_rng(6)
    inputs = tf.constant(random.normal(size=(2, 5, 1)).astype("float32"))
    first = tf.nest.map_structure(lambda part: part * 1.0, random_state(network, 2)[0])
    theirs = KERAS_LAYERS[kind](3, return_sequences=True, return_state=True)
    theirs.build(inputs.shape)
    theirs.set_weights(ours.get_weights())

    def gradients(run, weights):
        with tf.GradientTape() as tape:
            tape.watch((inputs, first))
            outputs, last = run(inputs, first)
            loss = tf.reduce_sum(tf.square(outputs)) + tf.add_n([tf.reduce_sum(tf.sin(part)) for part in last])
        return tape.gradient(loss, [*(w.value for w in weights), inputs, *first])

    def run_theirs(x, state):
        outputs, *last = theirs(x, initial_state=list(state))
        return outputs, last

    expected = gradients(run_theirs, theirs.weights)
    for our, their in zip(gradients(lambda x, s: unroll(ours, x, s), ours.weights), expected, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, -2.5])
def test_forget_bias_is_where_the_forget_gate_starts(forget_bias):
    """With zero inputs and states of c = 1 the first forget gate is sigmoid(forget_bias), and the input gate adds 0."""
    cell = CELLS["lstm"](3, forget_bias=forget_bias)
    cell.build((None, 1))
    _, (_, c) = cell(tf.zeros((1, 1)), (tf.zeros((1, 3)), tf.ones((1, 3))))
    np.testing.assert_allclose(c, 1 / (1 + np.exp(-forget_bias)), rtol=1e-6)


def test_the_published_parameter_count():
    network = Network(ModelConfig(units=200, num_layers=2), 10_000)
    assert sum(v.shape.num_elements() for v in network.weights) == 4_651_600


def test_init_scale_bounds_every_weight_but_the_cell_biases():
    network = Network(ModelConfig(units=20, num_layers=2, forget_bias=0.0, init_scale=0.1), 50)
    assert all(np.abs(v.numpy()).max() <= 0.1 for v in network.weights)
    assert np.abs(network.embedding.embeddings.numpy()).max() > 0.09
    assert not np.any(network.cells[0].bias.numpy())


def test_the_seed_decides_the_first_weights():
    def weights(seed):
        return [v.numpy() for v in Network(ModelConfig(units=5, num_layers=2), 9, seed).weights]

    for first, again in zip(weights(3), weights(3), strict=True):
        np.testing.assert_array_equal(first, again)
    assert any(not np.array_equal(a, b) for a, b in zip(weights(3), weights(4), strict=True))
    kernels = [w for w in weights(3) if w.shape == (5, 20)]
    assert not np.array_equal(kernels[0], kernels[1]), "two layers must not start alike"
