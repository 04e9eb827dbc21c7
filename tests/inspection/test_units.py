"""A unit that knows: in built states, and in a network whose unit is known."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.inspection import accuracy_of, best_unit, most_tokens, states_of, trace_teacher_forced
from rnnlab.inspection.units import answers_of
from rnnlab.models import Network


@pytest.fixture
def random():
    """Each test has numbers of its own, whatever ran before it."""
    return np.random.default_rng(4)


def noise(random, steps, width):
    return random.normal(size=(steps, width)).astype("float32")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_unit_that_was_built_to_tell_the_classes_apart_is_found(sign, random):
    labels = random.integers(0, 2, 200)
    states = {"layer_0/h": noise(random, 200, 5), "layer_0/c": noise(random, 200, 7)}
    states["layer_0/c"][:, 3] = sign * (0.2 + labels + random.uniform(0, 0.5, 200))
    unit = best_unit(states, labels)
    assert (unit.part, unit.position, unit.is_high, unit.accuracy) == ("layer_0/c", 3, sign == 1, 1.0)
    np.testing.assert_array_equal(answers_of(unit, states["layer_0/c"][:, 3]), labels)
    assert accuracy_of(unit, states, labels) == 1.0
    assert accuracy_of(unit, states, 1 - labels) == 0.0


def plain_best(values, labels):
    """The highest balanced accuracy of any threshold and direction, tried one after the other."""
    found = 0.0
    for threshold in np.unique(values):
        said = values > threshold
        right = np.mean([np.mean(said[labels == one] == one) for one in (0, 1)])
        found = max(found, right, 1 - right)
    return found


def test_no_threshold_is_better_than_the_one_that_is_found(random):
    labels = random.choice([0, 1, -1], 90, p=[0.15, 0.5, 0.35])
    values = np.round(noise(random, 90, 4) + 0.4 * labels[:, None], 1)  # Rounded, so that many are equal.
    unit = best_unit({"h": values}, labels)
    counted = labels >= 0
    expected = [plain_best(column[counted], labels[counted]) for column in values.T]
    assert unit.accuracy == pytest.approx(max(expected))
    assert expected[unit.position] == pytest.approx(max(expected))  # Several units may be equally good.
    assert accuracy_of(unit, {"h": values}, labels) == pytest.approx(unit.accuracy)


def test_two_neighbouring_float32_numbers_are_told_apart():
    low = np.float32(1.0)
    values = np.array([low, np.nextafter(low, np.float32(2))], "float32")[:, None]
    unit = best_unit({"h": values}, np.array([0, 1]))
    assert accuracy_of(unit, {"h": values}, np.array([0, 1])) == 1.0


def test_tokens_without_a_class_do_not_count():
    values = np.array([[0.0], [9.0], [1.0], [-9.0]], "float32")
    unit = best_unit({"h": values}, np.array([0, -1, 1, -1]))
    assert 0.0 <= unit.threshold < 1.0
    assert accuracy_of(unit, {"h": values}, np.array([0, -1, 1, -1])) == 1.0


def test_a_stretch_with_one_class_is_refused(random):
    with pytest.raises(ValueError, match="No token of this stretch is in class 1, but both must occur"):
        best_unit({"h": noise(random, 3, 1)}, np.array([0, 0, -1]))


def test_the_unit_of_a_network_that_was_built_to_keep_a_word_is_found(random):
    """Unit 2 of a simple RNN takes a large value when it reads the word 1, the opposite at the word 2, and keeps it."""
    network = Network(ModelConfig(cell="simple_rnn", units=4, embedding_dim=1), 5)
    (cell,) = network.cells
    network.embedding.embeddings.assign([[0.0], [1.0], [-1.0], [0.0], [0.0]])
    cell.kernel.assign(tf.constant([[0.0, 0.0, 5.0, 0.0]]))
    cell.recurrent_kernel.assign(tf.linalg.diag([0.0, 0.0, 2.0, 0.0]))
    tokens = random.choice(5, 600, p=[0.3, 0.05, 0.05, 0.3, 0.3]).astype("int32")
    last, labels = -1, []
    for position, token in enumerate(tokens):
        last = -1 if position % 250 == 0 else last  # Each stream starts from an empty state.
        last = {1: 1, 2: 0}.get(int(token), last)
        labels.append(last)
    states = states_of(network, tokens)
    unit = best_unit(states, np.array(labels))
    assert (unit.part, unit.position, unit.is_high, unit.accuracy) == ("layer_0/h", 2, True, 1.0)


def test_states_are_those_of_a_trace_of_each_stream(random):
    network = Network(ModelConfig(units=3, num_layers=2), 7)
    tokens = random.integers(0, 7, 300).astype("int32")
    states = states_of(network, tokens)
    for low, high in ((0, 250), (250, 300)):
        trace = trace_teacher_forced(network, tokens[None, low:high])
        assert states.keys() == trace.states.keys()
        for name, values in trace.states.items():
            np.testing.assert_allclose(states[name][low:high], values[0], atol=1e-6)


def test_a_larger_network_is_looked_at_over_fewer_tokens():
    assert most_tokens(Network(ModelConfig(units=4), 7)) == 10_000
    wide = most_tokens(Network(ModelConfig(units=600), 7))
    assert wide == 20_000_000 // (600 * 6) // 250 * 250 < 10_000
