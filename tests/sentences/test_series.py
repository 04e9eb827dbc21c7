"""Sentences about a wave that was predicted and continued, for made-up curves with a known answer."""

import numpy as np
import pytest

from rnnlab.sentences.series import by_heart_sentence, parting_sentence, series_verdict, way_verdict


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
