"""Jacobians of open and closed loop against central differences in float64; orbits against the generation's own."""

import dataclasses

import numpy as np
import pytest

from rnnlab import generation
from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.inspection.lyapunov import carry_along
from rnnlab.inspection.nudge import text_orbit
from rnnlab.inspection.state_map import jacobians, orbit, precise, state_width
from rnnlab.models import Network

VARIANTS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "lstm, two layers": {"cell": "lstm", "num_layers": 2},
    "lstm with peepholes, projection and clips": {
        "cell": "lstm",
        "use_peepholes": True,
        "num_proj": 2,
        "cell_clip": 5.0,
        "proj_clip": 5.0,
    },
    "gru": {"cell": "gru"},
    "gru that resets after": {"cell": "gru", "reset_after": True},
}

EPSILON = 1e-6


def network_of(vocabulary=0, **model):
    return precise(Network(dataclasses.replace(ModelConfig(units=3), **model), vocabulary, seed=5))


def states_of(network, count=3):
    return np.random.default_rng(0).normal(size=(count, state_width(network))) * 0.5


def central_differences(step, states):
    """(T, S, S) of a function of (B, S)."""
    return np.stack(
        [
            np.stack([(step(s + push)[0] - step(s - push)[0]) / (2 * EPSILON) for push in EPSILON * np.eye(s.size)], -1)
            for s in states[:, None]
        ]
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_both_jacobians_of_every_cell_equal_central_differences(name):
    network = network_of(**VARIANTS[name])
    states, values = states_of(network), np.array([0.3, -0.8, 0.1])

    closed = central_differences(lambda s: orbit(network, [], 1, s).states[0], states)
    np.testing.assert_allclose(jacobians(network, states), closed, atol=1e-6)

    forced = [
        central_differences(lambda s, x=x: orbit(network, [x], 1, s).states[0], s)
        for x, s in zip(values, states[:, None], strict=True)
    ]
    np.testing.assert_allclose(jacobians(network, states, values), np.concatenate(forced), atol=1e-6)


def test_jacobians_of_a_text_equal_central_differences():
    network = network_of(vocabulary=5)
    states, tokens = states_of(network), np.array([4, 0, 2])
    forced = [
        central_differences(lambda s, x=x: text_orbit(network, [x], 1, start=s).states[0], s)
        for x, s in zip(tokens, states[:, None], strict=True)
    ]
    np.testing.assert_allclose(jacobians(network, states, tokens), np.concatenate(forced), atol=1e-6)


@pytest.mark.parametrize("inputs", [None, np.array([0.3, -0.8, 0.1])])
def test_tangent_vectors_are_carried_by_the_product_of_the_jacobians(inputs):
    network = network_of(cell="gru", num_layers=2)
    states, vectors = states_of(network), np.random.default_rng(1).normal(size=(6, 2))
    first, second, third = jacobians(network, states, inputs)
    carried = carry_along(network, states, inputs)(0, 3, vectors)
    np.testing.assert_allclose(carried, third @ second @ first @ vectors, atol=1e-12)


def test_an_orbit_is_what_the_network_reads_and_generates():
    network = Network(ModelConfig(units=4), seed=3)
    values = np.sin(0.1 * np.arange(30)).astype("float32")
    found = orbit(precise(network), values[:20], 30)
    generated = generation.generate_series(network, values[None, :20, None], 11)[0, :, 0]
    np.testing.assert_allclose(found.outputs[19:, 0], generated, atol=1e-5)
    np.testing.assert_allclose(found.inputs[20:, 0], generated[:-1], atol=1e-5)
    predicted = generation.predict_teacher_forced(network, values[None, :, None])[0][0, :, 0]
    np.testing.assert_allclose(orbit(precise(network), values, 30).outputs[:, 0], predicted, atol=1e-5)


def test_a_text_goes_on_as_it_is_generated_also_from_the_middle():
    network = Network(ModelConfig(units=4), vocabulary=7, seed=3)
    prime = np.array([1, 5, 2], "int32")
    whole = text_orbit(network, prime, 13, seed=9)
    np.testing.assert_array_equal(
        whole.tokens[:, 0], [*prime, *generation.generate_tokens(network, prime[None], 10, seed=9)[0]]
    )
    rest = text_orbit(network, [], 6, seed=9, start=whole.states[6], first_draw=4)
    np.testing.assert_array_equal(rest.tokens, whole.tokens[7:])
    np.testing.assert_allclose(rest.states, whole.states[7:], atol=1e-6)


def test_a_precise_copy_follows_the_weights_and_has_double_precision():
    network = Network(ModelConfig(units=2), seed=1)
    assert precise(network).head.kernel.value.dtype == "float64"
    network.head.kernel.assign(np.full((2, 1), 0.25))
    np.testing.assert_array_equal(precise(network).head.kernel, np.full((2, 1), 0.25))
    assert precise(network) is precise(network)
    assert Network(ModelConfig(units=2)).head.kernel.value.dtype == "float32"


def test_a_network_whose_training_exploded_gets_a_sentence():
    network = Network(ModelConfig(units=2), seed=1)
    network.head.bias.assign([np.nan])
    with pytest.raises(LabError, match="train it again with a lower learning rate"):
        orbit(precise(network), [0.5], 3)
