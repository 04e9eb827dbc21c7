"""What many gates over many steps come to."""

import numpy as np
import pytest

from rnnlab.inspection.gates import order_by_similarity, saturation, thinned


def test_saturation_counts_the_steps_below_a_tenth_and_above_nine_tenths():
    gates = np.array([[0.05, 0.5, 0.95], [0.2, 0.09, 0.99], [0.01, 0.5, 0.901], [0.5, 0.5, 0.9]])
    found = saturation(gates)
    np.testing.assert_allclose(found.closed, [0.5, 0.25, 0.0])
    np.testing.assert_allclose(found.open, [0.0, 0.0, 0.75])


def test_units_that_shift_step_by_step_come_in_their_order():
    """Each unit is a bump a little later than the one before; the order on a line is that of the bumps."""
    times = np.arange(100)[:, None]
    centres = np.linspace(20, 80, 12)
    bumps = np.exp(-(((times - centres) / 12) ** 2))
    shuffled = np.random.default_rng(3).permutation(12)
    found = shuffled[order_by_similarity(bumps[:, shuffled])]
    assert list(found) in (list(range(12)), list(range(11, -1, -1)))


def test_two_kinds_of_units_are_not_mixed_and_still_ones_come_last():
    wave = np.sin(np.arange(60) / 3)[:, None]
    values = np.concatenate([wave, -wave, np.full((60, 1), 0.3), wave * 0.5, -2 * wave], axis=1)
    found = list(order_by_similarity(values))
    assert found[-1] == 2
    assert {frozenset(found[:2]), frozenset(found[2:4])} == {frozenset({0, 3}), frozenset({1, 4})}


@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_few_units_have_an_order_too(width):
    values = np.random.default_rng(0).normal(size=(5, width))
    assert sorted(order_by_similarity(values)) == list(range(width))


def test_long_sequences_are_thinned_to_means_of_blocks():
    values = np.arange(14, dtype="float32").reshape(7, 2)
    found, stride = thinned(values, 3)
    assert stride == 3
    np.testing.assert_allclose(found, [values[:3].mean(axis=0), values[3:6].mean(axis=0), values[6]])
    same, one = thinned(values, 7)
    assert one == 1
    np.testing.assert_array_equal(same, values)
