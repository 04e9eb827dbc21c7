"""The sentence beside each live figure, on figures whose truth is known."""

import numpy as np
import pytest

from rnnlab.sentences.live import (
    accuracy_sentence,
    gradient_sentence,
    labels_sentence,
    loss_sentence,
    text_sentence,
    wave_sentence,
)

TIMES = np.arange(200)
WAVE = np.sin(0.1 * TIMES)


def test_the_loss_sentence_tells_where_training_came_from_and_where_it_is():
    train, valid = np.array([0.512, 0.3, 0.00213]), np.array([0.5, 0.31, 0.0024])
    said = "The training loss fell from 0.512 to 0.00213; the validation loss is 0.0024."
    assert loss_sentence(train, valid, False) == said
    assert "rose from 0.00213 to 0.512" in loss_sentence(train[::-1], valid, False)


def test_the_loss_of_a_text_is_told_as_perplexity():
    train, valid = np.log([2000.0, 143.0]), np.log([2000.0, 187.0])
    said = "The training perplexity fell from 2,000.0 to 143.0; the validation perplexity is 187.0."
    assert loss_sentence(train, valid, True) == said


def test_the_first_loss_is_that_before_the_first_update():
    one = np.array([0.5])
    said = "Before the first update the training loss is 0.5 and the validation loss 0.6."
    assert loss_sentence(one, np.array([0.6]), False) == said
    assert loss_sentence(one[:0], one[:0], False) == ""


def test_the_gradient_sentence_tells_the_clipped_share():
    norms = np.array([6.0] * 12 + [1.0] * 88)
    assert gradient_sentence(norms, 5.0) == "The gradient norm was clipped in 12 % of the last 100 updates."
    assert (
        gradient_sentence(norms[12:], 5.0) == "The gradient norm stayed below the clip norm, 5, in the last 88 updates."
    )
    assert gradient_sentence(norms[:1], 5.0) == "The gradient norm was clipped in 100 % of the first update."
    assert gradient_sentence(norms, 0) == (
        "The gradient norm was between 1 and 6 in the last 100 updates, without clipping."
    )
    assert gradient_sentence(norms[:0], 5.0) == ""


@pytest.mark.parametrize(("factor", "words"), [(1.04, "4 % too high"), (0.9, "10 % too low")])
@pytest.mark.parametrize("phase", [0.0, 1.0, 4.0])
def test_a_wrong_frequency_is_told_whatever_the_phase(factor, words, phase):
    generated = 0.8 * np.sin(0.1 * factor * TIMES + phase) + 0.05
    assert wave_sentence(generated, WAVE, True) == f"The frequency of the generated wave is {words}."


@pytest.mark.parametrize("shape", [np.sign, lambda x: x, lambda x: np.arcsin(x)])
def test_a_right_frequency_is_not_called_wrong(shape):
    generated = 0.9 * np.sin(0.1 * TIMES + 0.2)
    said = wave_sentence(shape(generated), shape(WAVE), True)
    assert said.startswith("The generated wave is 0.")


def test_a_wave_of_two_frequencies_is_told_by_its_distance():
    said = wave_sentence(WAVE + 0.3, WAVE, False, earlier=(20, WAVE - 0.75))
    assert said == "The generated wave is 0.3 away from the target (RMSE); at step 20 it was 0.75."


def test_what_an_earlier_wave_did_may_be_beyond_all_numbers():
    said = wave_sentence(WAVE + 0.3, WAVE, False, earlier=(2, np.full(200, np.nan)))
    assert said.endswith("at step 2 it was too far for a number.")


def test_a_wave_that_dies_and_one_that_runs_away_are_told():
    flat = 0.2 + 0.01 * WAVE
    assert wave_sentence(flat, WAVE, True).startswith("The generated wave goes flat near 0.20")
    away = WAVE * np.geomspace(1, 1e6, 200)
    assert "runs away" in wave_sentence(away, WAVE, True)
    assert "runs away" in wave_sentence(np.where(TIMES > 100, np.nan, WAVE), WAVE, True)
    assert wave_sentence(WAVE[:0], WAVE[:0], True) == ""


def test_the_words_of_a_text_are_counted():
    tokens = ["the", "cat", "sees", "the", "<unk>", "<eos>", "the", "<unk>", "sees", "a", "dog"]
    said = "7 of these 11 words are different, and 2 are <unk>, which stands for any rare word."
    assert text_sentence(tokens) == said
    assert text_sentence(list("abca"), "characters") == "3 of these 4 characters are different."
    assert text_sentence([]) == ""


def test_right_labels_are_counted_beside_what_the_most_frequent_one_would_get():
    truth = [0, 0, 0, 1, -1]
    probabilities = [[0.9, 0.1], [0.6, 0.4], [0.4, 0.6], [0.2, 0.8], [0.5, 0.5]]
    said = "3 of the 4 labels are right; giving the most frequent label everywhere would get 3 right."
    assert labels_sentence(truth, probabilities) == said
    assert labels_sentence([-1], [[0.5, 0.5]]) == ""
    assert "not finite" in labels_sentence([0, 1], [[0.5, 0.5], [None, None]])


def test_the_accuracy_sentence_is_about_accuracies():
    train, valid = np.array([0.125, 0.5, 1.0]), np.array([0.1, 0.5, 0.96])
    said = "The training accuracy rose from 12.5% to 100.0%; the validation accuracy is 96.0%."
    assert accuracy_sentence(train, valid) == said
    assert "fell from 100.0% to 12.5%" in accuracy_sentence(train[::-1], valid)
    assert accuracy_sentence(np.array([0.5, 0.5]), valid[:2]).startswith("The training accuracy is 50.0%;")
    assert accuracy_sentence(train[:1], valid[:1]).startswith("Before the first update")
    assert accuracy_sentence(train[:0], valid[:0]) == ""


def test_a_series_is_called_so():
    assert "The generated series is" in wave_sentence(np.arange(9.0), np.arange(9.0) + 1, False, noun="series")
