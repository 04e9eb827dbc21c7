"""The statistics of the diagnosis against NumPy's own, and on curves whose noise and course are known."""

import numpy as np
import pytest

from rnnlab.watching.trends import MOST_GROUPS, finite, flat_since, grouped, noise, smoothed, tails
from tests.support.seeds import for_each_seed


@for_each_seed(range(20))
def test_noise_is_measured_beneath_a_falling_curve(seed):
    x = np.linspace(0, 5, 100)
    drawn = np.random.default_rng(seed).normal(0, 0.05, 100)
    assert noise(3 * np.exp(-x) + drawn) == pytest.approx(0.05, rel=0.4)


def test_a_smooth_curve_has_hardly_any_noise():
    assert noise(np.exp(-np.linspace(0, 5, 100))) < 1e-3
    assert noise(np.array([1.0, 2.0])) == 0


def test_lines_through_the_rest_are_those_of_polyfit():
    values = np.random.default_rng(0).normal(size=40).cumsum()
    line = tails(values)
    assert len(line.change) == 38
    for start in (0, 17, 36):
        places = np.arange(40 - start)
        (slope, _), covariance = np.polyfit(places, values[start:], 1, cov="unscaled")
        residuals = values[start:] - np.polyval(np.polyfit(places, values[start:], 1), places)
        error = np.sqrt(covariance[0, 0] * (residuals**2).sum() / (len(places) - 2))
        assert line.change[start] == pytest.approx(slope * places[-1])
        assert line.error[start] == pytest.approx(error * places[-1], rel=1e-6, abs=1e-9)


def test_smoothing_leaves_out_two_outliers_beside_each_other():
    values = np.arange(20.0)
    spoilt = values.copy()
    spoilt[7:9] = 1000
    np.testing.assert_allclose(smoothed(spoilt), values, atol=2)


def test_groups_are_means_of_neighbours_and_leave_an_incomplete_one_out():
    steps, values = grouped((np.arange(0, 281 * 10, 10), np.arange(281.0)))
    assert len(steps) == 93 <= MOST_GROUPS
    assert (steps[0], values[0]) == (20, 1.0)
    assert (steps[-1], values[-1]) == (2780, 277.0)
    short = (np.arange(7), np.arange(7.0))
    np.testing.assert_array_equal(grouped(short)[1], short[1])


def test_what_is_not_finite_is_left_out():
    steps, values = finite((np.arange(4), np.array([1.0, np.inf, 2.0, np.nan])))
    assert steps.tolist() == [0, 2]
    assert values.tolist() == [1, 2]


def test_flat_begins_where_a_falling_line_ends():
    values = np.concatenate([np.linspace(2, 1, 50), np.ones(50)])
    assert flat_since(values, 0.02, 25) == pytest.approx(49, abs=1)
    assert flat_since(np.linspace(2, 1, 100), 0.02, 25) is None
    assert flat_since(np.ones(100), 0.02, 25) == 0
