"""Sentences about a wave that was predicted and continued, for made-up curves with a known answer."""

import numpy as np
import pytest

from rnnlab.sentences.series import (
    by_heart_sentence,
    naive_sentence,
    parting_sentence,
    series_verdict,
    short_sentence,
    way_verdict,
)


@pytest.mark.parametrize(
    ("rmse", "words"),
    [(0.01, "continue the wave on its own"), (0.1, "stays near"), (0.6, "drifts away"), (np.inf, "overflow")],
)
def test_the_verdict_judges_the_free_run(rmse, words):
    verdict = series_verdict(0.001, rmse, 5000)
    assert words in verdict
    assert verdict.startswith("Given the true value at every step, its error is 0.001 (RMSE); running alone")
    assert ("for 5,000 steps, its error is" in verdict) == np.isfinite(rmse)
    assert "inf" not in verdict


def test_the_errors_of_a_way_stand_beside_those_of_the_right_one():
    sentence = way_verdict(0.001, 0.72, 0.012, 500)
    assert "Given the true value" in sentence
    assert "500 steps, its error is 0.72, and with the state carried it is 0.012." in sentence
    assert "carried" not in way_verdict(0.001, 0.72, None, 500)
    assert "Given zeros" in way_verdict(0.3, 0.3, None, 500, read="zeros")


def test_what_overflowed_is_no_number():
    sentence = way_verdict(0.1, float("inf"), float("nan"), 500)
    assert "inf" not in sentence
    assert "nan" not in sentence
    assert sentence.count("too large for a number") == 2


def test_what_was_memorised_is_wrong_for_another_wave():
    assert "begun 31 steps later" in by_heart_sentence(31, 1.41)
    assert "its error 1.41" in by_heart_sentence(31, 1.41)


TARGET = np.zeros(6)


@pytest.mark.parametrize(
    ("free_running", "words"),
    [
        ([0, 0.1, -0.2, 0.2, 0, 0.25], "For all 6 steps the free-running error stays below 0.25"),
        ([0, 0.1, -0.3, 0.9, 0, 0], "first exceeds 0.25 3 steps after the prime"),
        ([2, 0, 0, 0, 0, 0], "first exceeds 0.25 at its first step"),
        ([0, 0, 0, 0, np.inf, np.nan], "first exceeds 0.25 5 steps after the prime"),
        ([0, np.nan, np.nan, 0, 0, 0], "first exceeds 0.25 2 steps after the prime"),
    ],
)
def test_the_step_is_named_at_which_the_curves_part(free_running, words):
    forced = np.array([0, 0.03, -0.07, 0, 0, 0])
    sentence = parting_sentence(forced, np.array(free_running, float), TARGET)
    assert words in sentence
    assert sentence.endswith("the teacher-forced error is never above 0.07.")


def test_errors_are_judged_by_the_size_of_the_series():
    assert "it has learned to continue the series on its own" in series_verdict(1e3, 4e4, 500, 1e6, "series")
    assert "drifts away" in series_verdict(1e-5, 4e-4, 500, 1e-3)
    assert "its error is 1,230 (RMSE); running alone for 500 steps, its error is 40,000:" in (
        series_verdict(1234.5, 4e4, 500, 1e6, "series")
    )
    left = parting_sentence(np.zeros(3), np.array([0, 2e5, 3e5]), np.zeros(3), amplitude=1e6)
    assert left.startswith("The free-running error first exceeds 250,000 3 steps after the prime")


def test_the_network_is_compared_with_the_better_naive_forecast():
    naive = [("same as before", 2.0, 30.0), ("same as one season before", 5.0, 7.0)]
    told = naive_sentence(1.0, 10.0, naive)
    assert "Given the true values, the network is better than “same as before”: 1 against 2." in told
    assert "Running alone, it is not better than “same as one season before”: 10 against 7." in told
    assert "not better" in naive_sentence(np.inf, np.nan, naive)


def test_it_is_said_when_a_series_is_shorter_than_what_was_asked_for():
    assert short_sentence(50, 500, 50, 500) == ""
    assert short_sentence(40, 500, 50, 500) == "The training part has only 40 values for the prime."
    assert "only 80 values after its training part" in short_sentence(50, 80, 50, 500)
