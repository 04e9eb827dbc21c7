"""Every cell and every way to unroll it, beside TensorFlow 1's own: outputs, states, gradients."""

from dataclasses import replace

import numpy as np
import pytest

from rnnlab.models import make_cell
from tests.tf1_oracle import translation
from tests.tf1_oracle.cases import EVERYTHING, KINDS, LENGTHS, LENGTHS_AND_LOOPS
from tests.tf1_oracle.ours import assert_equal, numbers_of_ours, numbers_of_tf1, with_cells, with_network

pytestmark = pytest.mark.slow  # TensorFlow 1 needs some ten seconds, once for all of them.

CASES = {case.name: case for case in (*KINDS, *LENGTHS_AND_LOOPS)}
SINGLE = [case for case in KINDS if len(case.cells) == 1]


def name_of(case):
    return case.name


@pytest.mark.parametrize("case", CASES.values(), ids=name_of)
def test_cells_and_loops_give_tf1s_numbers(tf1, case):
    record = tf1[case.name]
    assert_equal(numbers_of_ours(case, record, with_cells(case, record)), numbers_of_tf1(case, record))


@pytest.mark.parametrize("name", ["stack", "stack_lengths", "static_stack", "bidirectional_layer"])
def test_a_network_gives_tf1s_numbers(tf1, name):
    case, record = CASES[name], tf1[name]
    assert_equal(numbers_of_ours(case, record, with_network(case, record)), numbers_of_tf1(case, record))


@pytest.mark.parametrize("case", SINGLE, ids=name_of)
def test_biases_start_where_tf1s_start(tf1, case):
    """With the forget bias, which TensorFlow 1 adds later, in its place; a GRU's gates start at 1."""
    (settings,), (width,) = case.cells, case.widths_read
    theirs = translation.weights_as_ours(settings, tf1[case.name]["first_weights/0"].arrays, width)
    ours = make_cell(translation.settings_as_ours(settings), settings.units)
    ours.build((None, width))
    np.testing.assert_array_equal(ours.bias, theirs["bias"])


# --- the comparison is not empty -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cell_clip", "everything", "everything_lengths", "static_lstm", "static_lengths"])
def test_tf1s_memory_is_clipped_here_and_free_there(tf1, name):
    memory = np.abs(tf1[name]["final/0"])
    assert memory.max() == np.float32(0.6)
    assert (memory < 0.6).any()


@pytest.mark.parametrize("name", ["proj_clip", "everything", "everything_lengths", "static_lstm", "static_lengths"])
def test_tf1s_projection_is_clipped_here_and_free_there(tf1, name):
    outputs = np.abs(tf1[name]["outputs"])
    assert outputs.max() == np.float32(0.2)
    assert ((outputs < 0.2) & (outputs > 0)).any()


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("lengths") and "bi" not in name])
def test_tf1s_outputs_end_where_the_sequences_end(tf1, name):
    counts = np.abs(tf1[name]["outputs"]).max(axis=-1) > 0
    assert counts.sum(axis=1).tolist() == list(LENGTHS)


# --- a difference would be seen --------------------------------------------------------------------------------------


def assert_unequal(tf1, case, expected):
    record = tf1[case.name]
    with pytest.raises(AssertionError, match="outputs differs"):
        assert_equal(numbers_of_ours(case, record, with_cells(case, record)), expected)


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("basic_lstm_forget_bias_1", "_lstm_gates", lambda values: values),
        ("gru", "_gru_gates", lambda gates, candidate: np.concatenate([gates, candidate], axis=-1)),
        ("basic_lstm_forget_bias_1", "state_as_ours", lambda cell, parts: parts),
        ("basic_lstm_forget_bias_2.5", "weights_as_ours", translation.arrays_as_ours),
    ],
    ids=["lstm_gates", "gru_gates", "lstm_state", "forget_bias"],
)
def test_each_row_of_the_translation_is_needed(tf1, monkeypatch, name, row, wrong):
    expected = numbers_of_tf1(CASES[name], tf1[name])
    monkeypatch.setattr(translation, row, wrong)
    assert_unequal(tf1, CASES[name], expected)


@pytest.mark.parametrize("change", [{"cell_clip": 0.0}, {"proj_clip": 0.0}, {"forget_bias": 0.6}], ids=list)
def test_each_setting_is_needed(tf1, change):
    case = CASES["everything"]
    expected = numbers_of_tf1(case, tf1[case.name])
    assert_unequal(tf1, replace(case, cells=(replace(EVERYTHING, **change),)), expected)


@pytest.mark.parametrize("name", ["basic_rnn", "gru", "everything"])
def test_each_weight_is_needed(tf1, name):
    """A hundredth more in one entry of any weight is seen."""
    case, record = CASES[name], tf1[name]
    expected = numbers_of_tf1(case, record)
    ours = with_cells(case, record)
    for weight in ours.cells[0].weights:
        right = weight.numpy()
        wrong = right.copy()
        wrong.flat[wrong.size // 2] += 0.01
        weight.assign(wrong)
        with pytest.raises(AssertionError, match="outputs differs"):
            assert_equal(numbers_of_ours(case, record, ours), expected)
        weight.assign(right)
    assert_equal(numbers_of_ours(case, record, ours), expected)
