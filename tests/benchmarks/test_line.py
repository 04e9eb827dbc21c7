"""The line that growth is judged by."""

import pytest

from benchmarks.growing.line import fitted_line


def test_points_on_a_line_give_that_line():
    line = fitted_line([50, 100, 200, 400], [0.7, 1.2, 2.2, 4.2])
    assert line.start == pytest.approx(0.2)
    assert line.slope == pytest.approx(0.01)
    assert line.deviation == pytest.approx(0, abs=1e-9)


def test_a_time_that_doubles_more_than_the_size_is_told_apart():
    quadratic = fitted_line([1, 2, 4, 8], [1.0, 4.0, 16.0, 64.0])
    assert quadratic.deviation > 0.2
    bent = fitted_line([1, 2, 4, 8], [1.0, 2.1, 3.9, 8.1])
    assert bent.deviation < 0.05
