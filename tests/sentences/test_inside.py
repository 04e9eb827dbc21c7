"""Look inside in words: every claim is said only where the numbers bear it out."""

import math

import numpy as np
import pytest

from rnnlab.sentences.nudge import outputs_sentence, push_sentence, rates_sentence, steps_to_forget, words_sentence
from rnnlab.sentences.oscillation import (
    components_sentence,
    frequency_sentence,
    phase_sentence,
    portrait_sentence,
    spectrum_sentence,
)


def test_a_wave_that_keeps_a_push_never_corrects_its_phase():
    said = rates_sentence(-0.135, -0.0004, is_wave=True)
    assert "Given the true values, a push shrinks to a hundredth within about 35 steps" in said  # ln 100 / 0.135 = 34.1
    assert "Running alone, a push neither fades nor grows" in said
    assert said.endswith("never corrects its phase.")


@pytest.mark.parametrize(
    ("forced", "alone", "is_wave"),
    [(-0.135, -0.02, True), (-0.135, 0.02, True), (-0.03, 0.0, True), (-0.135, 0, False)],
)
def test_the_phase_is_left_out_where_the_numbers_do_not_bear_it_out(forced, alone, is_wave):
    assert "phase" not in rates_sentence(forced, alone, is_wave)


def test_growth_and_sudden_forgetting_have_their_words():
    said = rates_sentence(-math.inf, math.log(2) / 7, is_wave=False, noun="word")
    assert "Given the true words, a push is gone after one step." in said
    assert "Running alone, and as long as the push changes no word, a push doubles about every 7 steps" in said


def test_the_steps_to_a_hundredth_are_those_of_the_exponent():
    steps = steps_to_forget(-0.1)
    assert math.exp(-0.1 * steps) < 0.01 < math.exp(-0.1 * (steps - 1))


def test_both_distances_are_told_relative_to_the_push():
    said = push_sentence(500, np.array([1e-4, 1e-9]), np.array([1e-4, 2e-3]))
    assert said.startswith("500 steps after the push")
    assert "1e-05 times the push if both are given the true values" in said
    assert "20 times the push if both run alone" in said
    said = push_sentence(500, np.array([1e-4, 1e-15]), np.array([1e-4, np.inf]))
    assert "less than a millionth of the push if" in said
    assert "too large a multiple of the push if both run alone" in said


def test_outputs_and_words_are_told_by_their_numbers():
    assert "differ by 0.0012 if both are given the true values, and by 0.5" in outputs_sentence(0.0012, 0.5, 63)
    assert "all 100 words are the same" in words_sentence(None, 100)
    assert "Word 4 after the push is the first that differs" in words_sentence(3, 100)


def test_amplitude_and_side_of_the_last_period_are_told():
    said = phase_sentence(np.array([1.0, 0.98]), np.array([0.0, -math.pi / 6]))
    assert "the amplitude is 0.980" in said
    assert "30° behind the true wave" in said
    assert "no phase" in phase_sentence(np.array([1.0, 0.05]), np.array([0.0, np.nan]))


def test_the_error_of_the_frequency_alone_is_told_with_its_numbers():
    said = frequency_sentence(drift=1e-4, frequency=0.1, horizon=600, rmse=0.03)
    assert "off by +0.1 %" in said
    assert "0.0001 · 600 / 2.449 = 0.024" in said  # 1e-4 * 600 / sqrt(6)
    assert "RMSE of this free run is 0.03" in said
    assert "too much for the formula" in frequency_sentence(drift=0.01, frequency=0.1, horizon=600, rmse=1.4)
    assert "Too few periods" in frequency_sentence(math.nan, 0.1, 600, 1.0)


@pytest.mark.parametrize(
    ("factor", "words"), [(1.1, "10.0% outside it"), (0.8, "20.0% inside it"), (1.001, "within 1 %")]
)
def test_a_portrait_is_told_by_its_distance_from_the_ellipse(factor, words):
    wave = np.sin(0.1 * np.arange(630))
    assert words in portrait_sentence(wave, factor * wave, 16)


def test_components_are_told_by_their_shares():
    assert "90% and 8%" in components_sentence(np.array([0.9, 0.08]))


@pytest.mark.parametrize(
    ("eigenvalues", "words"),
    [
        ([1.01 * np.exp(0.1j), 1.01 * np.exp(-0.1j), 0.5], "grows"),
        ([0.97 * np.exp(0.1j), 0.97 * np.exp(-0.1j)], "fades"),
        ([1.01 * np.exp(0.3j), 1.01 * np.exp(-0.3j)], "not that of this point"),
        ([0.5, -0.9], "all are real"),
    ],
)
def test_a_spectrum_is_told_by_its_turning_pair(eigenvalues, words):
    said = spectrum_sentence(np.array(eigenvalues, complex), 0.1)
    assert words in said
    assert ("62.8 steps" in said) == ("real" not in said)
