"""Curves over each other: places on other axes than the step, and running means."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from rnnlab.config import Experiment, MemoryData, TrainingConfig
from rnnlab.watching.overlay import AXES, Clock, placed, running_mean

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STEPS = np.array([0, 5, 10])


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def clock(experiment=None, times=(), **run):
    known = {"total_steps": 20, "step": 10, "started": NOW, "ended": None, "heartbeat": None}
    return Clock(SimpleNamespace(**known | run), experiment or Experiment(), times)


def places(axis, *arguments, **options):
    return AXES[axis](clock(*arguments, **options), STEPS).tolist()


def test_steps_stay_what_they_are():
    assert places("Step") == [0, 5, 10]


def test_epochs_share_all_steps_of_the_run():
    assert places("Epoch", Experiment(training=TrainingConfig(epochs=4))) == [0, 1, 2]
    assert np.isnan(places("Epoch", total_steps=None)).all()


def test_tokens_are_what_all_streams_have_read():
    assert places("Tokens", Experiment(training=TrainingConfig(batch_size=3, num_steps=7))) == [0, 105, 210]
    sequences = Experiment(data=MemoryData(problem="adding", time_lag=9), training=TrainingConfig(batch_size=2))
    assert places("Tokens", sequences) == [0, 90, 180]


def test_seconds_lie_between_the_moments_that_are_known():
    assert places("Seconds", ended=after(4)) == [0, 2, 4]
    assert places("Seconds", times=[(5, after(3))], heartbeat=after(4)) == [0, 3, 4]
    assert np.isnan(places("Seconds", started=None)).all()


def test_a_moment_before_the_start_counts_for_nothing():
    """A fork has samples of its parent's steps, and a clock may be set back."""
    assert places("Seconds", times=[(5, after(-60))], ended=after(4)) == [0, 2, 4]


def test_seconds_never_go_back():
    assert places("Seconds", times=[(5, after(9))], ended=after(4)) == [0, 9, 9]


def test_what_has_no_place_or_no_value_is_left_out():
    points = (STEPS, np.array([1.0, np.nan, 3.0]))
    found, values = placed(points, clock(), "Step")
    assert (found.tolist(), values.tolist()) == ([0, 10], [1, 3])
    assert len(placed(points, clock(total_steps=None), "Epoch")[0]) == 0


@pytest.mark.parametrize("span", [3, 5, 101])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 50])
def test_a_running_mean_is_that_of_the_loop_written_out(span, count):
    values = np.random.default_rng(0).normal(size=count)
    expected = []
    for i in range(count):
        reach = min(i, count - 1 - i, span // 2)
        expected.append(values[i - reach : i + reach + 1].mean())
    np.testing.assert_allclose(running_mean(values, span), expected, atol=1e-12)


def test_a_straight_line_stays_a_straight_line():
    line = np.linspace(5, 1, 40)
    np.testing.assert_allclose(running_mean(line, 21), line)
    assert running_mean(line, 1) is line
