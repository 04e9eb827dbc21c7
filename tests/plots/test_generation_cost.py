"""The figure of the cost of generating."""

import numpy as np
import pytest

from rnnlab.plots.generation_cost import generation_cost_figure

LENGTHS, CARRIED, REREAD = (100, 1000, 4000), (0.002, 0.003, 0.006), (0.004, 0.2, 3.2)


@pytest.fixture
def traces():
    return {trace.name: trace for trace in generation_cost_figure(LENGTHS, CARRIED, REREAD).data}


def test_measured_seconds_are_drawn_as_milliseconds(traces):
    for name, seconds in (("carry the state", CARRIED), ("re-read everything", REREAD)):
        assert list(traces[name].x) == list(LENGTHS)
        np.testing.assert_allclose(traces[name].y, 1e3 * np.array(seconds))


@pytest.mark.parametrize(("slope", "seconds"), [(1, CARRIED), (2, REREAD)])
def test_guides_have_their_slopes_and_end_at_the_last_measurement(traces, slope, seconds):
    guide = next(trace for name, trace in traces.items() if name.startswith(f"slope {slope}"))
    x, y = np.log(guide.x), np.log(guide.y)
    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(slope)
    assert (guide.x[-1], guide.y[-1]) == pytest.approx((LENGTHS[-1], 1e3 * seconds[-1]))


def test_guides_do_not_stretch_the_axes(traces):
    guides = [trace for name, trace in traces.items() if name.startswith("slope")]
    assert min(min(guide.y) for guide in guides) >= 1e3 * min(CARRIED) - 1e-9
    assert min(min(guide.x) for guide in guides) >= LENGTHS[0] - 1e-9


def test_both_axes_are_logarithmic():
    layout = generation_cost_figure(LENGTHS, CARRIED, REREAD).layout
    assert (layout.xaxis.type, layout.yaxis.type) == ("log", "log")


def test_a_single_measurement_can_be_drawn():
    figure = generation_cost_figure((30,), (0.1,), (1.5,))
    assert all(np.isfinite(trace.y).all() for trace in figure.data)
