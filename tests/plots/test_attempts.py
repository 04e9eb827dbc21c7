"""What ways of feeding back come to, as figures and sentences."""

import numpy as np
import pytest

from rnnlab.plots.attempts import generation_cost_figure
from rnnlab.sentences.cost import cost_sentence
from rnnlab.sentences.series import attempt_verdict, by_heart_sentence

LENGTHS, CARRIED, REREAD = (100, 1000, 4000), (0.002, 0.003, 0.006), (0.004, 0.2, 3.2)


@pytest.fixture
def traces():
    return {trace.name: trace for trace in generation_cost_figure(LENGTHS, CARRIED, REREAD).data}


def test_measured_seconds_are_drawn_as_milliseconds(traces):
    for name, seconds in (("state carried", CARRIED), ("everything re-read at every step", REREAD)):
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


def test_cost_is_said_in_units_that_can_be_read():
    sentence = cost_sentence(4000, 0.0056, 3.2, 1142.4)
    assert "4,000 values" in sentence
    assert "5.6 ms" in sentence
    assert "3.2 s" in sentence
    assert "1,142 times" in sentence
    assert "2.9 times" in cost_sentence(100, 0.001, 0.0029, 2.94)


def test_errors_of_a_way_are_said_beside_those_of_the_right_one():
    sentence = attempt_verdict(0.001, 0.72, 0.012, 500)
    assert "Told the truth" in sentence
    assert "500 steps, it is off by 0.72; with the state carried, by 0.012." in sentence
    assert "carried" not in attempt_verdict(0.001, 0.72, None, 500)
    assert "Told nothing but zeros" in attempt_verdict(0.3, 0.3, None, 500, told="nothing but zeros")


def test_what_ran_away_is_no_number():
    assert "inf" not in attempt_verdict(0.1, float("inf"), float("nan"), 500)


def test_what_is_played_by_heart_is_wrong_for_another_wave():
    assert "31 steps later" in by_heart_sentence(31, 1.41)
    assert "off by 1.41" in by_heart_sentence(31, 1.41)
