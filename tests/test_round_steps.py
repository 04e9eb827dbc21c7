from itertools import islice

import pytest

from rnnlab.formulas.round_steps import is_round, next_round, round_steps


def test_they_are_one_two_and_five_times_the_powers_of_ten_and_zero():
    assert list(islice(round_steps(), 12)) == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]


def test_a_step_is_round_if_it_is_a_1_2_or_5_with_zeros():
    """Decided by the digits alone."""
    for step in range(1, 20_000):
        digits = str(step)
        assert is_round(step) == (digits[0] in "125" and set(digits[1:]) <= {"0"})
    assert is_round(0)


@pytest.mark.parametrize(("step", "later"), [(0, 1), (1, 2), (2, 5), (4, 5), (5, 10), (999, 1000), (1000, 2000)])
def test_the_next_one_comes_after_the_step(step, later):
    assert next_round(step) == later
