"""One unit under the microscope: its terms add up, and its last line is the next state of a cell written in NumPy."""

import math

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.inspection.microscope import worked_step
from rnnlab.models import Network
from tests.inspection import oracle
from tests.inspection.test_traces import VARIANTS, expected_of, network_of, some_inputs

STEPS = 4


def clip_of(name):
    bound = float(name.removeprefix("clip ±"))
    return lambda x: max(-bound, min(bound, x))


def function_of(name):
    return {"σ": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh, "": lambda x: x}.get(name) or clip_of(name)


@pytest.fixture(scope="module", params=VARIANTS)
def looked_at(request):
    """A network, its inputs, and the oracle's gates and states."""
    variant = VARIANTS[request.param]
    network, inputs = network_of(variant), some_inputs(0, rows=1, steps=STEPS)
    _, gates, states = expected_of(variant, network, inputs, network.zero_state(1))
    return network, inputs, gates, states


@pytest.mark.parametrize(("step", "layer", "unit"), [(0, 0, 4), (STEPS - 1, 1, 1), (2, 1, 3)])
def test_every_line_adds_up_and_the_last_ones_are_the_next_state(looked_at, step, layer, unit):
    network, inputs, gates, states = looked_at
    found = worked_step(network, inputs, step, layer, unit)
    for line in found.lines:
        assert sum(term.value for term in line.terms) == pytest.approx(line.total, abs=1e-5)
        assert function_of(line.function)(line.total) == pytest.approx(line.value, abs=1e-5)
        for term in line.terms:
            if term.factors:
                assert math.prod(factor.value for factor in term.factors) == pytest.approx(term.value, abs=1e-5)
    named, cell = found.named, network.cells[layer]
    for gate in cell.gate_names:
        assert named[gate].value == pytest.approx(gates[f"layer_{layer}/{gate}"][0, step, unit], abs=1e-5)
    for part in cell.state_names:
        at = found.output if part == "h" else unit
        assert named[f"{part}'"].value == pytest.approx(states[f"layer_{layer}/{part}"][0, step, at], abs=1e-5)
        assert named[f"{part}'"].index == at
    for factor in found.before:
        at = found.output if factor.name == "h" else unit
        known = states[f"layer_{layer}/{factor.name}"][0, step - 1, at] if step else 0.0
        assert factor.value == pytest.approx(known, abs=1e-5)


def test_every_factor_is_a_number_that_is_shown_before(looked_at):
    """A reader can find where each number comes from: `f·c` is the f of an earlier line and the c before the step."""
    network, inputs, _, _ = looked_at
    found = worked_step(network, inputs, 2, 0, 1)
    known = {factor.name: factor.value for factor in found.before}
    for line in found.lines:
        for factor in (factor for term in line.terms for factor in term.factors):
            if factor.name in known:
                assert factor.value == pytest.approx(known[factor.name], abs=1e-6)
        known[line.name] = line.value


def test_each_term_is_the_product_of_its_weights():
    """The parts of a gate's sum, from the weights themselves."""
    network, inputs = network_of(VARIANTS["lstm_peepholes"]), some_inputs(0, rows=1, steps=3)
    weights = {name: weight.numpy().astype("float64") for name, weight in network.named_weights.items()}
    _, _, states = expected_of(VARIANTS["lstm_peepholes"], network, inputs, network.zero_state(1))
    found = worked_step(network, inputs, 2, layer=1, unit=3).named["f"]
    column = 4 + 3  # The forget gate is the second block of 4 units.
    expected = {
        "W x": states["layer_0/h"][0, 2] @ weights["layer_1/kernel"][:, column],
        "U h": states["layer_1/h"][0, 1] @ weights["layer_1/recurrent_kernel"][:, column],
        "b": weights["layer_1/bias"][column],
        "p c": states["layer_1/c"][0, 1, 3] * weights["layer_1/peepholes"][1, 3],
    }
    assert {term.name for term in found.terms} == expected.keys()
    for term in found.terms:
        assert term.value == pytest.approx(expected[term.name], abs=1e-5)


def test_words_are_read_as_their_vectors():
    network = network_of(VARIANTS["simple_rnn"], vocabulary=7)
    found = worked_step(network, np.array([[3, 5]], "int32"), 0, layer=0, unit=2).named["g"]
    expected = network.embedding.embeddings.numpy()[3] @ network.cells[0].kernel.numpy()[:, 2]
    assert found.terms[0].value == pytest.approx(expected, abs=1e-5)


def test_a_forget_bias_is_the_b_of_the_forget_gate():
    network = Network(ModelConfig(cell="lstm", units=2, forget_bias=2.5))
    found = worked_step(network, np.zeros((1, 1, 1), "float32"), 0, 0, 1).named["f"]
    assert {term.name: term.value for term in found.terms} == {"W x": 0.0, "U h": 0.0, "b": 2.5}
    assert found.value == pytest.approx(oracle.sigmoid(2.5))


@pytest.mark.parametrize(
    ("place", "words"),
    [((9, 0, 0), "step was 9, but must be 0 to 3"), ((0, 2, 0), "layer was 2"), ((0, 1, 4), "unit was 4, .* 0 to 3")],
)
def test_what_is_not_there_is_refused(place, words):
    with pytest.raises(ValueError, match=words):
        worked_step(network_of(VARIANTS["gru"]), some_inputs(0, rows=1, steps=STEPS), *place)
