"""Keras's layers, which take cuDNN's kernels on a GPU, computing with our weights."""

import gc
import weakref

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.models import LSTMCell, ResetAfterGRUCell, fast_path
from rnnlab.models.fast_path import has_keras_layer, unroll_by_keras, unroll_fast
from rnnlab.models.unrolling import unroll
from tests.models.test_unrolling import (
    BATCH,
    FEATURES,
    KINDS,
    LENGTHS,
    STEPS,
    assert_same,
    normal,
    numbers_of,
    problem,
    python_loop,
    random_cell,
    random_state,
)

KNOWN_TO_KERAS = ("gru_reset_after", "lstm")


@pytest.fixture
def a_gpu(monkeypatch):
    """The fast path is made for a GPU. Without one, Keras computes it on the CPU."""
    monkeypatch.setattr(fast_path, "_has_gpu", lambda: True)


def by_keras(cell, inputs, state, lengths=None, noise=None):
    return unroll_by_keras(cell, inputs, state)


def give_other_weights(cell, seed):
    draw = np.random.default_rng(seed)
    for weight in cell.weights:
        weight.assign(draw.normal(size=weight.shape, scale=0.7))


@pytest.mark.parametrize("kind", KINDS)
def test_which_cells_keras_has_a_layer_for(kind):
    assert has_keras_layer(random_cell(kind)) == (kind in KNOWN_TO_KERAS)


@pytest.mark.parametrize("kind", KNOWN_TO_KERAS)
def test_keras_gives_our_numbers_and_gradients_for_whatever_weights_the_cell_has(kind):
    cell = random_cell(kind)
    inputs, state = normal(2, BATCH, STEPS, FEATURES), random_state(cell)
    seen = []
    for seed in (11, 12):
        give_other_weights(cell, seed)
        seen.append(numbers_of(by_keras, cell, inputs, state))
        assert_same(seen[-1], numbers_of(python_loop, cell, inputs, state))
        assert_same(seen[-1], numbers_of(unroll, cell, inputs, state))
    assert not np.allclose(seen[0]["outputs"], seen[1]["outputs"], atol=0.01)


@pytest.mark.parametrize("kind", KNOWN_TO_KERAS)
def test_compiled_code_follows_the_weights(kind):
    """Training: the cell changes between two calls of the same compiled function."""
    cell = random_cell(kind)
    inputs, state = normal(2, BATCH, STEPS, FEATURES), random_state(cell)
    compiled = tf.function(lambda x, s: numbers_of(by_keras, cell, x, s), autograph=False)
    compiled(inputs, state)
    give_other_weights(cell, 13)
    assert_same(compiled(inputs, state), numbers_of(unroll, cell, inputs, state))


@pytest.mark.parametrize("kind", KNOWN_TO_KERAS)
def test_two_cells_have_two_layers(kind):
    one, other = random_cell(kind, seed=1), random_cell(kind, seed=2)
    inputs, state = normal(2, BATCH, STEPS, FEATURES), random_state(one)
    for cell in (one, other, one):
        np.testing.assert_allclose(by_keras(cell, inputs, state)[0], unroll(cell, inputs, state)[0], atol=1e-5)


@pytest.mark.parametrize("kind", KNOWN_TO_KERAS)
def test_a_cell_that_nobody_needs_any_more_is_let_go(kind):
    """A worker trains network after network: neither they nor their Keras layers may pile up."""
    cell = random_cell(kind)
    by_keras(cell, normal(2, BATCH, STEPS, FEATURES), random_state(cell))
    layer, cell = weakref.ref(fast_path._layers[cell]), weakref.ref(cell)
    gc.collect()
    assert cell() is None
    gc.collect()  # The layer is let go when the cell is, and has circles of its own.
    assert layer() is None


@pytest.mark.parametrize("with_noise", [False, True], ids=["quiet", "noise"])
@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_with_a_gpu_the_numbers_are_the_same(a_gpu, kind, lengths, with_noise):
    """What Keras cannot do is unrolled: lengths, noise and other cells."""
    parts, expected = problem(kind, lengths, with_noise)
    assert_same(numbers_of(unroll_fast, *parts), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_with_a_gpu_keras_computes_the_plain_cells(a_gpu, kind):
    cell = random_cell(kind)
    unroll_fast(cell, normal(2, BATCH, STEPS, FEATURES), random_state(cell))
    assert (cell in fast_path._layers) == (kind in KNOWN_TO_KERAS)


def test_without_a_gpu_our_own_loop_computes_them():
    for cell in (LSTMCell(4), ResetAfterGRUCell(4)):
        cell.build((None, FEATURES))
        unroll_fast(cell, normal(2, BATCH, STEPS, FEATURES), random_state(cell))
        assert (cell in fast_path._layers) == bool(tf.config.list_physical_devices("GPU"))
