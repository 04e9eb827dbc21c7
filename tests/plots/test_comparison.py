"""The comparison of a wave as data: its curves, their order and their styles."""

import numpy as np
import pytest

from rnnlab.plots.comparison import FIRST_STEPS, errors_figure, series_figure

TARGET = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
FORCED = np.array([np.nan, 1.0, 2.0, 3.5, 4.0])
FREE = np.array([4.0, 2.0])


def curves(figure):
    """The traces by the first word of their names."""
    return {trace.name.split()[0]: trace for trace in figure.data}


@pytest.fixture
def figure():
    return series_figure(TARGET, FORCED, FREE, prime=3)


def test_the_free_run_starts_where_the_prime_ends(figure):
    free = curves(figure)["free-running"]
    assert list(free.x) == [3, 4]
    assert list(free.y) == [4, 2]


def test_the_free_run_lies_on_top_and_the_target_below(figure):
    assert [trace.name.split()[0] for trace in figure.data] == ["target", "teacher-forced", "free-running"]


def test_the_curves_are_told_apart_without_colour(figure):
    target, forced, free = (curves(figure)[name] for name in ("target", "teacher-forced", "free-running"))
    assert target.line.width > 2 * free.line.width > 2 * forced.line.width
    assert target.opacity < 0.5
    assert (forced.line.dash, free.line.dash) == ("dash", None)
    assert all(word in trace.name for trace, word in [(target, "broad"), (forced, "dashed"), (free, "solid")])


def test_the_prime_is_shaded(figure):
    shaded = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(shape.x0, shape.x1) for shape in shaded] == [(0, 3)]


def test_the_figure_is_as_high_as_what_it_is_put_into(figure):
    assert figure.layout.height is None


def test_errors_are_distances_from_the_target_after_the_prime():
    found = curves(errors_figure(TARGET[3:], FORCED[3:], FREE, prime=3))
    assert list(found["teacher-forced"].y) == [0.5, 0.0]
    assert list(found["free-running"].y) == [1.0, 2.0]
    assert list(found["free-running"].x) == [3, 4]


@pytest.mark.parametrize(("horizon", "is_long"), [(FIRST_STEPS - 10, False), (FIRST_STEPS, True), (5000, True)])
def test_a_long_run_begins_with_its_first_steps_and_is_dragged_to_the_others(horizon, is_long):
    values = np.zeros(horizon + 10)
    figure = series_figure(values, values, values[10:], prime=10)
    assert (figure.layout.xaxis.range == (0, FIRST_STEPS)) == is_long
    assert (figure.layout.dragmode == "pan") == is_long
    assert len(curves(figure)["free-running"].x) == horizon


def test_naive_forecasts_have_lines_in_the_error_chart():
    target = np.array([1.0, 2, 3])
    naive = {"same as before": np.array([0.0, 0, 0]), "same as one season before": np.array([1.0, 2, 5])}
    figure = errors_figure(target, target, target + 1, 10, naive)
    drawn = {trace.name.partition(" (")[0]: list(trace.y) for trace in figure.data}
    assert drawn["same as before"] == [1, 2, 3]
    assert drawn["same as one season before"] == [0, 0, 2]
    assert drawn["free-running"] == [1, 1, 1]
    assert len({trace.line.dash for trace in figure.data}) == 4
