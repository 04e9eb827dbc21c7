"""The marks of a static picture's axes are numbers that a person would choose."""

import numpy as np
import pytest

from rnnlab.export.svg import MOST_TICKS, round_log_ticks, round_ticks
from tests.support.seeds import for_each_seed


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 600, [0, 200, 400, 600]),
        (0, 1002, [0, 500, 1000]),
        (-1.07, 1.04, [-1, -0.5, 0, 0.5, 1]),
        (0.31, 0.44, [0.35, 0.4]),
        (2, 12, [2, 4, 6, 8, 10, 12]),
    ],
)
def test_linear_axes_have_round_numbers(low, high, expected):
    assert round_ticks(low, high) == pytest.approx(expected)


def test_logarithmic_axes_have_powers_of_ten_or_round_numbers_between_two():
    assert 10 ** round_log_ticks(np.log10(5.6e-7), np.log10(0.767)) == pytest.approx(
        [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]
    )
    assert 10 ** round_log_ticks(np.log10(110.0), np.log10(680.0)) == pytest.approx([200, 400, 600])


@for_each_seed(range(20))
def test_there_are_always_some_and_never_too_many(seed):
    rng = np.random.default_rng(seed)
    low = rng.normal() * 10.0 ** rng.integers(-8, 8)
    high = low + 10.0 ** rng.uniform(-6, 8) * (1 + abs(low))
    ticks = round_ticks(low, high)
    assert 2 <= len(ticks) <= MOST_TICKS
    assert low - 1e-6 * (high - low) <= ticks[0] < ticks[-1] <= high + 1e-6 * (high - low)
    logarithms = np.sort(rng.uniform(-9, 9, 2))
    assert 1 <= len(round_log_ticks(*logarithms)) <= MOST_TICKS
