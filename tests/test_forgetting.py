"""The closed form against plain arithmetic."""

import math

import numpy as np
import pytest

from rnnlab.formulas.forgetting import half_life, share_kept

BIASES = [-100.0, -1.0, 0.0, 1.0, 2.5, 100.0]


@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 2.5])
def test_share_is_the_gate_multiplied_by_itself(bias):
    gate, product = 1 / (1 + math.exp(-bias)), 1.0
    for steps in range(30):
        assert share_kept(bias, steps) == pytest.approx(product, rel=1e-12)
        product *= gate


def test_share_of_many_steps_has_their_shape():
    steps = np.arange(6).reshape(2, 3)
    np.testing.assert_allclose(share_kept(0.0, steps), [[1, 1 / 2, 1 / 4], [1 / 8, 1 / 16, 1 / 32]])


@pytest.mark.parametrize("bias", BIASES)
def test_nothing_is_forgotten_in_no_step_and_nothing_overflows(bias):
    assert share_kept(bias, 0) == 1
    assert 0 <= share_kept(bias, 10**6) <= 1


@pytest.mark.parametrize("bias", BIASES)
def test_half_is_left_after_the_half_life(bias):
    assert share_kept(bias, np.array(half_life(bias))) == pytest.approx(0.5, rel=1e-9)


def test_an_unbiased_gate_forgets_half_at_every_step():
    assert half_life(0.0) == pytest.approx(1.0)
