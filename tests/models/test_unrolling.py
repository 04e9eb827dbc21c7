"""Every way to unroll against a plain Python loop over the cell, differentiated by TensorFlow itself."""

from functools import cache, partial

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.models import Network, StateSaver, make_cell
from rnnlab.models.products import Arithmetic, full_product, half_product
from rnnlab.models.through_time import WIDE_STEP
from rnnlab.models.unrolling import unroll, unroll_bidirectional, unroll_state_saving, unroll_static

BATCH, STEPS, FEATURES, UNITS = 3, 4, 2, 4
ROWS = ("a", "b", "c")
WIDE_UNITS = 350
COMPILED = Arithmetic(full_product, full_product, is_compiled=True)
assert BATCH * UNITS * 4 < WIDE_STEP <= BATCH * WIDE_UNITS

KINDS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "gru": {"cell": "gru"},
    "gru_reset_after": {"cell": "gru", "reset_after": True},
    "lstm": {"cell": "lstm"},
    "lstm_peepholes": {"cell": "lstm", "use_peepholes": True},
    "lstm_cell_clip": {"cell": "lstm", "cell_clip": 0.5},
    "lstm_num_proj": {"cell": "lstm", "num_proj": 3},
    "lstm_everything": {"cell": "lstm", "use_peepholes": True, "cell_clip": 0.5, "num_proj": 3, "proj_clip": 0.3},
}

# A sequence that ends at once, one in the middle, one that goes to the end.
LENGTHS = {"whole": None, "lengths": (0, 2, STEPS)}


def random_cell(kind, seed=1, units=UNITS):
    """A cell whose weights are all random, biases included."""
    cell = make_cell(ModelConfig(**KINDS[kind], units=units), units)
    cell.build((None, FEATURES))
    draw = np.random.default_rng(seed)
    for weight in cell.weights:
        weight.assign(draw.normal(size=weight.shape, scale=1.4 / np.sqrt(units)))
    return cell


def normal(seed, *shape):
    return tf.constant(np.random.default_rng(seed).normal(size=shape).astype("float32"))


def random_state(cell, seed=3):
    return tuple(normal((seed, k), BATCH, width) for k, width in enumerate(cell.state_size))


def random_noise(cell, steps=STEPS, seed=4):
    """Dropout of a third."""
    kept = np.random.default_rng(seed).uniform(size=(BATCH, steps, cell.output_size)) > 1 / 3
    return tf.constant(np.where(kept, 1.5, 0).astype("float32"))


def python_loop(cell, inputs, state, lengths=None, noise=None):
    """Row by row, each to its own end, with zeros after it: no masks, no loop of TensorFlow's, no gradient of ours."""
    outputs, after = [], []
    for row in range(BATCH):
        one = tuple(part[row : row + 1] for part in state)
        end = inputs.shape[1] if lengths is None else lengths[row]
        read = [tf.zeros((0, cell.output_size))]
        for t in range(end):
            h, *rest = one
            fed = h if noise is None else h * noise[row : row + 1, t]
            output, one = cell(inputs[row : row + 1, t], (fed, *rest))
            read.append(output)
        outputs.append(tf.concat([*read, tf.zeros((inputs.shape[1] - end, cell.output_size))], axis=0))
        after.append(one)
    return tf.stack(outputs), tuple(tf.concat(parts, axis=0) for parts in zip(*after, strict=True))


def by_stream(cell, inputs, state, lengths, noise):
    """State-saving, going on from where the streams were left."""
    saver = StateSaver()
    saver.save_state(ROWS, "layer", state)
    outputs = unroll_state_saving(cell, inputs, ROWS, saver, "layer", lengths, noise)
    return outputs, saver.states(ROWS, "layer", cell.state_size)


def numbers_of(way, cell, inputs, state, lengths=None, noise=None):
    """Outputs, last state, and the gradient of a sum of both, with random weights, by everything that goes in."""
    with tf.GradientTape() as tape:
        tape.watch((inputs, state))
        outputs, after = way(cell, inputs, state, lengths, noise)
        goal = tf.add_n([tf.reduce_sum(part * normal((5, k), *part.shape)) for k, part in enumerate([outputs, *after])])
    weights = {weight.name: weight.value for weight in cell.weights}
    d_inputs, d_state, d_weights = tape.gradient(goal, (inputs, state, weights))
    numbers = {"outputs": outputs, "inputs": d_inputs} | d_weights
    numbers |= {f"after/{k}": part for k, part in enumerate(after)}
    return numbers | {f"state/{k}": slope for k, slope in enumerate(d_state)}


kept_cell = cache(random_cell)


@cache
def problem(kind, lengths, with_noise, units=UNITS):
    """A cell, its inputs, state, lengths and noise, and the numbers that the loop in Python finds for them: once for
    all tests, none of which changes the cell."""
    cell = kept_cell(kind, units=units)
    noise = random_noise(cell) if with_noise else None
    parts = cell, normal(2, BATCH, STEPS, FEATURES), random_state(cell), LENGTHS[lengths], noise
    return parts, numbers_of(python_loop, *parts)


def assert_same(numbers, expected):
    """To 1e-5, relative to the largest magnitude of each array."""
    assert numbers.keys() == expected.keys()
    for name, theirs in expected.items():
        scale = np.abs(theirs).max()
        np.testing.assert_allclose(numbers[name], theirs, rtol=0, atol=1e-5 * scale, err_msg=name)


@pytest.mark.parametrize("with_noise", [False, True], ids=["quiet", "noise"])
@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_dynamic_and_static_give_the_loops_numbers(kind, lengths, with_noise):
    parts, expected = problem(kind, lengths, with_noise)
    assert_same(numbers_of(unroll, *parts), expected)
    assert_same(numbers_of(unroll_static, *parts), expected)


@pytest.mark.parametrize("with_noise", [False, True], ids=["quiet", "noise"])
@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_state_saving_gives_the_same_numbers(kind, lengths, with_noise):
    """A saved state is an array and not a tensor, so no gradient goes back into the previous window."""
    parts, _ = problem(kind, lengths, with_noise)

    def stopped(cell, inputs, state, lengths, noise):
        outputs, after = unroll(cell, inputs, state, lengths, noise)
        return outputs, tuple(tf.stop_gradient(part) for part in after)

    expected, numbers = numbers_of(stopped, *parts), numbers_of(by_stream, *parts)
    into_the_window_before = {name: numbers.pop(name) for name in list(numbers) if name.startswith("state/")}
    assert set(into_the_window_before.values()) == {None}
    assert_same(numbers, {name: expected[name] for name in expected if name not in into_the_window_before})


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_step(kind):
    cell = random_cell(kind)
    inputs, state = normal(2, BATCH, 1, FEATURES), random_state(cell)
    expected = numbers_of(python_loop, cell, inputs, state)
    assert_same(numbers_of(unroll, cell, inputs, state), expected)
    assert_same(numbers_of(unroll_static, cell, inputs, state), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_xla_gives_the_loops_numbers(kind):
    """As small networks are trained: the whole update is one program, in which every step is valid."""
    (cell, inputs, state, _, noise), expected = problem(kind, "whole", with_noise=True)

    @tf.function(jit_compile=True, autograph=False)
    def compiled(inputs, state, noise):
        return numbers_of(unroll, cell, inputs, state, None, noise)

    assert_same(compiled(inputs, state, noise), expected)


@pytest.mark.parametrize(("lengths", "units"), [("lengths", UNITS), ("whole", WIDE_UNITS)], ids=["narrow", "wide"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_that_xla_compiles_within_a_graph_gives_the_loops_numbers(kind, lengths, units):
    """As large networks are trained; a wide one fetches its inputs ahead."""
    (cell, inputs, state, ends, noise), expected = problem(kind, lengths, True, units)

    @tf.function(autograph=False)
    def graph(inputs, state, noise):
        steps = None if ends is None else tf.constant(ends)
        return numbers_of(partial(unroll, arithmetic=COMPILED), cell, inputs, state, steps, noise)

    assert_same(graph(inputs, state, noise), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_operation_by_operation_a_wide_network_gives_the_loops_numbers(kind):
    """A narrow one is among the tests above."""
    parts, expected = problem(kind, "lengths", True, WIDE_UNITS)
    assert_same(numbers_of(unroll, *parts), expected)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("lstm_cell_clip", "lstm_everything")])
def test_windows_in_bfloat16_are_near(kind):
    """8 bits: outputs, states and gradients differ by a few per cent of the largest, and do differ.

    Next to a bound, the slope of a clip jumps by 1, so gradients cannot be compared there.
    """
    (cell, inputs, state, *_), expected = problem(kind, "whole", with_noise=False)
    half = partial(unroll, arithmetic=Arithmetic(half_product, full_product, is_compiled=True))
    numbers = tf.function(lambda *parts: numbers_of(half, cell, *parts), autograph=False)(inputs, state)
    for name, theirs in expected.items():
        assert numbers[name].dtype == tf.float32
        assert 0 < np.abs(numbers[name] - theirs).max() < 0.04 * np.abs(theirs).max(), name


@pytest.mark.parametrize("kind", ["gru", "lstm_everything"])
def test_static_works_under_xla_too(kind):
    (cell, inputs, state, *_), expected = problem(kind, "whole", with_noise=False)
    compiled = tf.function(lambda x, s: numbers_of(unroll_static, cell, x, s), jit_compile=True, autograph=False)
    assert_same(compiled(inputs, state), expected)


@pytest.mark.parametrize("xla", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("kind", ["gru_reset_after", "lstm_everything"])
def test_one_graph_for_sequences_of_any_length(kind, xla):
    """Neither the batch nor the number of steps is known when the graph is built."""
    cell = random_cell(kind)
    signature = [tf.TensorSpec((None, None, FEATURES)), tuple(tf.TensorSpec((None, w)) for w in cell.state_size)]

    @tf.function(input_signature=signature, jit_compile=xla, autograph=False)
    def compiled(inputs, state):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, after = unroll(cell, inputs, state)
            goal = tf.reduce_sum(outputs**2) + tf.reduce_sum(after[-1])
        return outputs, tape.gradient(goal, [inputs, *(weight.value for weight in cell.weights)])

    for steps in (2, STEPS):
        inputs, state = normal(6, BATCH, steps, FEATURES), random_state(cell)
        outputs, slopes = compiled(inputs, state)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            expected, after = python_loop(cell, inputs, state)
            goal = tf.reduce_sum(expected**2) + tf.reduce_sum(after[-1])
        theirs = tape.gradient(goal, [inputs, *(weight.value for weight in cell.weights)])
        assert_same(dict(enumerate([outputs, *slopes])), dict(enumerate([expected, *theirs])))


@pytest.mark.parametrize("with_noise", [False, True], ids=["quiet", "noise"])
@pytest.mark.parametrize("lengths", [None, (1, 3, STEPS)], ids=["whole", "lengths"])
def test_bidirectional_is_a_loop_each_way(lengths, with_noise):
    """The backward cell starts at each sequence's own end; its noise is in the order of its reading."""
    forward, backward = random_cell("lstm_everything"), random_cell("gru", seed=7)
    inputs, states = normal(2, BATCH, STEPS, FEATURES), (random_state(forward), random_state(backward, seed=8))
    noises = (random_noise(forward), random_noise(backward, seed=9)) if with_noise else (None, None)

    def turned(values):
        ends = lengths or (STEPS,) * BATCH
        rows = [tf.concat([row[:end][::-1], row[end:]], axis=0) for row, end in zip(values, ends, strict=True)]
        return tf.stack(rows)

    outputs, after = unroll_bidirectional(forward, backward, inputs, states, lengths, noises if with_noise else None)

    ahead, after_ahead = python_loop(forward, inputs, states[0], lengths, noises[0])
    back, after_back = python_loop(backward, turned(inputs), states[1], lengths, noises[1])
    np.testing.assert_allclose(outputs, tf.concat([ahead, turned(back)], axis=-1), atol=1e-5)
    tf.nest.map_structure(
        lambda ours, theirs: np.testing.assert_allclose(ours, theirs, atol=1e-5), after, (after_ahead, after_back)
    )


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_a_network_says_the_same_whichever_way_it_is_unrolled(cell):
    """In training, with masks in all three places, and in evaluation."""
    dropout = {"input_dropout": 0.3, "output_dropout": 0.4, "state_dropout": 0.5}
    networks = [
        Network(ModelConfig(cell=cell, units=5, num_layers=2, unrolling=unrolling, **dropout), vocabulary=7, seed=1)
        for unrolling in ("dynamic", "static", "state_saving")
    ]
    words, lengths = tf.constant([[1, 2, 3, 4, 5], [6, 5, 0, 0, 0]]), tf.constant([5, 2])
    for seed in (None, tf.constant([1, 2])):
        results = [network(words, network.zero_state(2), dropout_seed=seed, lengths=lengths) for network in networks]
        for other in results[1:]:
            tf.nest.map_structure(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-6), results[0], other)
