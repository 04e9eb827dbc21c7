"""Gates and states by name, in both ways to run a network, against cells written in NumPy."""

from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.config.cells import CELL_KINDS
from rnnlab.generation import generate_series, generate_tokens
from rnnlab.inspection import trace_free_running, trace_teacher_forced
from rnnlab.models import Network
from tests.inspection import oracle
from tests.inspection.oracle import Variant

VARIANTS = {
    "simple_rnn": Variant("simple_rnn"),
    "lstm": Variant("lstm"),
    "lstm_peepholes": Variant("lstm", use_peepholes=True),
    "lstm_cell_clip": Variant("lstm", cell_clip=0.3),
    "lstm_num_proj": Variant("lstm", num_proj=3),
    "lstm_proj_clip": Variant("lstm", num_proj=3, proj_clip=0.2),
    "lstm_everything": Variant("lstm", use_peepholes=True, cell_clip=0.3, num_proj=3, proj_clip=0.2),
    "gru": Variant("gru"),
    "gru_reset_after": Variant("gru", reset_after=True),
}
GATES = {"simple_rnn": "g", "lstm": "ifgo", "gru": "zrg"}
STATES = {"simple_rnn": "h", "lstm": "hc", "gru": "h"}
VOCABULARY = 7
DATA = {"series": 0, "text": VOCABULARY}


@pytest.fixture(params=VARIANTS)
def variant(request):
    return VARIANTS[request.param]


@cache
def kept(vocabulary, **settings):
    """One network of a kind for all tests of this process: what one of them had compiled, the next one finds."""
    return Network(ModelConfig(**settings), vocabulary)


def network_of(variant, vocabulary=0):
    """Two layers of different widths with random weights everywhere, so that no term can hide behind a zero.

    They have dropout, which is of training alone: whatever looks into a network computes what evaluation does.
    """
    dropout = {"output_dropout": 0.5, "state_dropout": 0.5}
    network = kept(vocabulary, **vars(variant), num_layers=2, layer_units="5, 4", **dropout)
    random = np.random.default_rng(1)
    for variable in network.weights:
        variable.assign(random.normal(size=variable.shape, scale=0.5))
    return network


def some_inputs(vocabulary, rows=2, steps=6, seed=2):
    random = np.random.default_rng(seed)
    if vocabulary:
        return random.integers(0, vocabulary, (rows, steps)).astype("int32")
    return random.normal(size=(rows, steps, 1)).astype("float32")


def some_state(network, rows=2):
    random = np.random.default_rng(3)
    return tf.nest.map_structure(
        lambda part: tf.constant(random.normal(size=part.shape).astype("float32")), network.zero_state(rows)
    )


def expected_of(variant, network, inputs, state, horizon=0):
    weights = {name: variable.numpy().astype("float64") for name, variable in network.named_weights.items()}
    named = {name: part.numpy().astype("float64") for name, part in network.named_state(state).items()}
    return oracle.run(variant, weights, inputs, named, horizon)


def assert_equal(found, expected):
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-5, err_msg=name)


def test_every_cell_of_the_settings_has_an_oracle():
    assert {variant.cell for variant in VARIANTS.values()} == set(oracle.CELLS) == set(CELL_KINDS)


@pytest.mark.parametrize("vocabulary", DATA.values(), ids=DATA)
def test_teacher_forced_gates_and_states_equal_the_oracle(variant, vocabulary):
    network = network_of(variant, vocabulary)
    inputs, state = some_inputs(vocabulary), some_state(network)
    found = trace_teacher_forced(network, inputs, state)
    _, gates, states = expected_of(variant, network, inputs, state)
    assert_equal(found.gates, gates)
    assert_equal(found.states, states)
    np.testing.assert_array_equal(found.inputs, inputs)
    assert found.given == 6


def check_free_run(variant, vocabulary):
    network = network_of(variant, vocabulary)
    prime = some_inputs(vocabulary, steps=3)
    found = trace_free_running(network, prime, horizon=3, sampling=0.0)
    read, gates, states = expected_of(variant, network, prime, network.zero_state(2), horizon=3)
    np.testing.assert_allclose(found.inputs, read, rtol=0, atol=1e-5)
    assert_equal(found.gates, gates)
    assert_equal(found.states, states)
    assert found.given == 3


def test_free_running_gates_and_states_equal_the_oracle(variant):
    """The oracle feeds its own outputs back."""
    check_free_run(variant, vocabulary=0)


@pytest.mark.usefixtures("operation_by_operation")
def test_free_running_gates_and_states_of_a_text_equal_the_oracle(variant):
    """Both take the most likely word."""
    check_free_run(variant, VOCABULARY)


def test_every_gate_and_state_of_every_layer_has_its_name_and_shape(variant):
    found = trace_teacher_forced(network_of(variant), some_inputs(0))
    widths = {"layer_0": 5, "layer_1": 4}
    expected = {f"{layer}/{gate}": (2, 6, width) for layer, width in widths.items() for gate in GATES[variant.cell]}
    assert {name: values.shape for name, values in found.gates.items()} == expected
    assert list(found.states) == [f"{layer}/{part}" for layer in widths for part in STATES[variant.cell]]
    for name, values in found.states.items():
        layer, part = name.split("/")
        assert values.shape == (2, 6, variant.num_proj or widths[layer] if part == "h" else widths[layer])


def test_a_cells_gates_are_those_that_its_step_is_made_from(variant):
    network = network_of(variant)
    cell, state = network.cells[0], some_state(network)[0]
    inputs = some_inputs(0)[:, 0]
    _, gates, states = expected_of(variant, network, inputs[:, None], (state, some_state(network)[1]))
    found = cell.gates(tf.constant(inputs), state)
    assert tuple(found) == cell.gate_names == tuple(GATES[variant.cell])
    for gate, values in found.items():
        np.testing.assert_allclose(values, gates[f"layer_0/{gate}"][:, 0], rtol=0, atol=1e-6)
    output, after = cell(tf.constant(inputs), state)
    np.testing.assert_array_equal(output, after[0])
    for name, part in zip(cell.state_names, after, strict=True):
        np.testing.assert_allclose(part, states[f"layer_0/{name}"][:, 0], rtol=0, atol=1e-6)


@pytest.mark.parametrize("forget_bias", [0.0, 2.5])
def test_an_untrained_forget_gate_is_its_bias(forget_bias):
    network = Network(ModelConfig(cell="lstm", units=3, forget_bias=forget_bias))
    found = trace_teacher_forced(network, np.zeros((1, 1, 1), "float32"))
    np.testing.assert_allclose(found.gates["layer_0/f"], oracle.sigmoid(forget_bias), rtol=1e-6)
    np.testing.assert_allclose(found.gates["layer_0/i"], 0.5, rtol=1e-6)


def test_a_free_run_reads_the_words_that_are_drawn_with_its_seed_and_temperature():
    network = network_of(VARIANTS["lstm"], VOCABULARY)
    prime = some_inputs(VOCABULARY, steps=3)
    drawn = {seed: generate_tokens(network, prime, 20, sampling=1.5, seed=seed) for seed in (4, 5)}
    assert not np.array_equal(drawn[4], drawn[5])
    for seed, words in drawn.items():
        found = trace_free_running(network, prime, 20, sampling=1.5, seed=seed)
        np.testing.assert_array_equal(found.inputs, np.concatenate([prime, words], axis=1))
        again = trace_teacher_forced(network, found.inputs)
        np.testing.assert_array_equal(found.states["layer_1/c"], again.states["layer_1/c"])


def test_a_free_run_of_a_series_reads_what_is_generated():
    network = network_of(VARIANTS["gru"])
    prime = some_inputs(0, steps=1)
    found = trace_free_running(network, prime, 30)
    np.testing.assert_array_equal(found.inputs[:, 1:], generate_series(network, prime, 30))


def test_the_outputs_of_a_network_are_what_its_head_makes_of_the_last_layers_h(variant):
    network = network_of(variant)
    inputs = some_inputs(0)
    found = trace_teacher_forced(network, inputs)
    outputs, after = network(tf.constant(inputs), network.zero_state(2))
    np.testing.assert_allclose(network.head(found.states["layer_1/h"]), outputs, rtol=0, atol=1e-5)
    for name, part in network.named_state(after).items():
        np.testing.assert_allclose(found.states[name][:, -1], part, rtol=0, atol=1e-5)


def test_one_trace_serves_any_number_of_rows_and_steps():
    network = network_of(VARIANTS["lstm_everything"])
    for rows, steps in [(2, 6), (2, 9), (1, 4), (3, 1)]:
        inputs = some_inputs(0, rows, steps)
        _, gates, _ = expected_of(VARIANTS["lstm_everything"], network, inputs, network.zero_state(rows))
        assert_equal(trace_teacher_forced(network, inputs).gates, gates)


def test_weights_that_change_change_the_trace():
    network = network_of(VARIANTS["simple_rnn"])
    before = trace_teacher_forced(network, some_inputs(0))
    network.cells[0].bias.assign(network.cells[0].bias + 1.0)
    after = trace_teacher_forced(network, some_inputs(0))
    assert np.abs(after.gates["layer_0/g"] - before.gates["layer_0/g"]).max() > 0.1


@pytest.mark.parametrize("run", [trace_teacher_forced, lambda network, inputs: trace_free_running(network, inputs, 3)])
def test_a_network_that_reads_both_ways_is_refused(run):
    network = Network(ModelConfig(units=2, unrolling="bidirectional"), tags=2)
    with pytest.raises(ValueError, match="bidirectional, so each layer has gates of two directions; take one"):
        run(network, np.zeros((1, 2, 1), "float32"))


def test_inputs_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"have the shape \(2, 6\), but must be \(B, T, 1\)"):
        trace_teacher_forced(network_of(VARIANTS["gru"]), np.zeros((2, 6), "float32"))
    with pytest.raises(ValueError, match="The horizon was 0"):
        trace_free_running(network_of(VARIANTS["gru"]), some_inputs(0), 0)
