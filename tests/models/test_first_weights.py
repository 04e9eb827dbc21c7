"""Initial weights are drawn by Keras's initialisers, in a new network and in one that is set back."""

import dataclasses

import keras
import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.models import Network

SEED = 7

CASES = {
    "simple_rnn": (ModelConfig(cell="simple_rnn", units=4, num_layers=2), 0, 0),
    "lstm": (ModelConfig(units=4, num_layers=2, forget_bias=2.5), 0, 0),
    "scaled_text": (ModelConfig(units=4, num_layers=2, forget_bias=0.0, init_scale=0.1), 11, 0),
    "variants": (ModelConfig(units=4, use_peepholes=True, num_proj=3, forget_bias=-1.0), 0, 0),
    "gru": (ModelConfig(cell="gru", units=4, layer_units="4, 3", num_layers=2, init_scale=0.3), 0, 0),
    "gru_reset_after": (ModelConfig(cell="gru", units=4, reset_after=True), 11, 0),
    "tags": (ModelConfig(units=4, unrolling="bidirectional", forget_bias=0.5), 11, 3),
    "tied": (ModelConfig(units=4, tie_embeddings=True, init_scale=0.2), 11, 0),
}
"""Settings, vocabulary and tags."""

FIRST_BIASES = {
    "simple_rnn": lambda cell, model: np.zeros(cell.units),
    "lstm": lambda cell, model: np.repeat([0, model.forget_bias, 0, 0], cell.units),
    "gru": lambda cell, model: np.zeros((2, 3 * cell.units)) if model.reset_after else np.repeat([1, 1, 0], cell.units),
}


def drawn(variable, model, seed, default):
    """What Keras draws for a weight."""
    uniform = keras.initializers.RandomUniform(-model.init_scale, model.init_scale, seed=int(seed))
    start = uniform if model.init_scale else default(seed=int(seed))
    return np.array(start(variable.shape))


def seeds_from(seed, count):
    return np.random.SeedSequence(int(seed)).generate_state(count) // 2


def assert_starts_as_keras_does(network, model, seed):
    glorot, orthogonal = keras.initializers.GlorotUniform, keras.initializers.Orthogonal
    cells = [*network.cells, *network.backward_cells]
    embedding_seed, head_seed, *cell_seeds = seeds_from(seed, 2 + len(cells))
    expected = []
    for cell, cell_seed in zip(cells, cell_seeds, strict=True):
        seeds = seeds_from(cell_seed, 4)
        expected.append((cell.kernel, drawn(cell.kernel, model, seeds[0], glorot)))
        expected.append((cell.recurrent_kernel, drawn(cell.recurrent_kernel, model, seeds[1], orthogonal)))
        expected.append((cell.bias, FIRST_BIASES[model.cell](cell, model)))
        if model.use_peepholes:
            expected.append((cell.peepholes, drawn(cell.peepholes, model, seeds[2], glorot)))
        if model.num_proj:
            expected.append((cell.projection, drawn(cell.projection, model, seeds[3], glorot)))
    if network.embedding:
        vectors = network.embedding.embeddings
        expected.append((vectors, drawn(vectors, model, embedding_seed, keras.initializers.RandomUniform)))
    bias = network.head.bias
    if model.tie_embeddings:
        expected.append((bias, np.zeros(bias.shape)))
    else:
        expected.append((network.head.kernel, drawn(network.head.kernel, model, head_seed, glorot)))
        expected.append((bias, drawn(bias, model, head_seed + 1, lambda seed: keras.initializers.Zeros())))
    assert {id(variable) for variable, _ in expected} == {id(variable) for variable in network.weights}
    for variable, values in expected:
        assert variable.numpy().tobytes() == values.astype("float32").tobytes(), variable.path


@pytest.mark.parametrize("case", CASES)
def test_a_new_network_starts_as_keras_does(case):
    model, vocabulary, tags = CASES[case]
    assert_starts_as_keras_does(Network(model, vocabulary, SEED, tags), model, SEED)


@pytest.mark.parametrize("case", CASES)
def test_a_used_network_starts_as_a_new_one_does(case):
    model, vocabulary, tags = CASES[case]
    other = dataclasses.replace(model, forget_bias=3.0, init_scale=0.0 if model.init_scale else 0.7)
    network = Network(other, vocabulary, SEED + 1, tags)
    for variable in network.weights:
        variable.assign(np.full(variable.shape, 9.0))

    network.start(model, SEED)

    assert network.model == model
    assert_starts_as_keras_does(network, model, SEED)
