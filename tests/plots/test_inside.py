"""The figures of Look inside draw what they are given."""

import numpy as np

from rnnlab.plots.nudge import outputs_figure, push_figure, rates_figure
from rnnlab.plots.oscillation import phase_figure, portrait_figure, spectrum_figure

STEPS = np.arange(101)


def named(figure, word):
    return [trace for trace in figure.data if word in (trace.name or "")]


def test_distances_are_on_a_logarithmic_axis_with_the_lines_that_the_exponents_predict():
    forced, alone = 1e-4 * np.exp(-0.1 * STEPS), np.full(101, 1e-4)
    forced[-1] = 0.0
    figure = push_figure((STEPS, forced), (STEPS, alone), 1e-4, rates=(-0.1, 0.0))
    assert figure.layout.yaxis.type == "log"
    assert np.isnan(figure.data[0].y[-1])
    predicted, level = named(figure, "exponent")
    slope = np.log(predicted.y[1] / predicted.y[0]) / predicted.x[1]
    np.testing.assert_allclose(slope, -0.1)
    assert predicted.y[1] >= forced[forced > 0].min() * 0.99
    assert (level.x[1], level.y[1]) == (100, 1e-4)
    assert len(push_figure((STEPS, forced), (STEPS, alone), 1e-4).data) == 2


def test_outputs_and_exponents_are_told_apart_without_colour():
    names = ("teacher-forced", "teacher-forced, pushed", "free-running", "free-running, pushed")
    figure = outputs_figure({name: (STEPS, np.sin(STEPS)) for name in names})
    assert len({(trace.line.dash, trace.line.color) for trace in figure.data}) == 4
    figure = rates_figure(np.array([-0.1, -0.2]), np.array([0.0, -0.1]))
    assert [list(trace.y) for trace in figure.data] == [[-0.1, -0.2], [0.0, -0.1]]
    assert len({trace.marker.symbol for trace in figure.data}) == 2


def test_the_phase_is_drawn_in_degrees_with_the_line_of_the_drift():
    times = np.arange(5) * 63.0
    figure = phase_figure(times, np.ones(5), np.pi / 180 * np.arange(5), np.pi / 180 / 63)
    np.testing.assert_allclose(figure.data[1].y, np.arange(5))
    np.testing.assert_allclose(figure.data[2].y, np.arange(5), atol=1e-9)
    assert len(phase_figure(times, np.ones(5), np.full(5, np.nan), np.nan).data) == 2


def test_the_markers_of_a_portrait_run_in_step_in_all_three_parts():
    wave = np.sin(0.1 * np.arange(400))
    values = {"target": wave, "teacher_forced": wave, "free_running": 0.9 * wave}
    paths = {name: np.stack([wave, -wave], 1) for name in ("teacher_forced", "free_running")}
    figure = portrait_figure(50, values, paths, delay=16)
    assert len(figure.frames) == 200
    frame = figure.frames[100]
    over_time, portrait, path = frame.data
    t = int(frame.name) - 50
    np.testing.assert_allclose(over_time.x, [50 + t] * 2)
    np.testing.assert_allclose(over_time.y, [wave[t], 0.9 * wave[t]])
    np.testing.assert_allclose(portrait.x, [wave[t - 16], 0.9 * wave[t - 16]])
    np.testing.assert_allclose(portrait.y, over_time.y)
    np.testing.assert_allclose(path.x, [wave[t]] * 2)
    assert [figure.data[i].mode for i in frame.traces] == ["markers"] * 3
    assert [step.label for step in figure.layout.sliders[0].steps] == [frame.name for frame in figure.frames]


def test_the_spectrum_has_the_unit_circle_and_the_angle_of_the_wave():
    figure = spectrum_figure(np.array([np.exp(0.1j), np.exp(-0.1j)]), 0.1)
    circle, ray, *_ = figure.data
    np.testing.assert_allclose(np.hypot(circle.x, circle.y), 1)
    np.testing.assert_allclose(np.arctan2(ray.y[1], ray.x[1]), 0.1)
    np.testing.assert_allclose(figure.data[-1].customdata[:, 1], [0.1, -0.1])
