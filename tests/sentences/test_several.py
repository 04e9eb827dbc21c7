"""What is said of several networks, for answers that are known."""

import numpy as np
import pytest

from rnnlab.sentences.several import free_runs_sentence, passage_sentence, recall_sentence


def test_the_smallest_and_the_largest_error_are_named():
    said = free_runs_sentence({"LSTM": 0.5, "GRU": 0.02, "Simple RNN": 0.75}, 500)
    assert said == "Smallest error of the free runs over 500 steps (RMSE): GRU, 0.02. Largest: Simple RNN, 0.75."


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_an_error_that_is_no_number_is_the_largest(broken):
    said = free_runs_sentence({"a": broken, "b": 0.1}, 5)
    assert "(RMSE): b, 0.1." in said
    assert "Largest: a, too large for a number." in said


def test_the_word_with_the_largest_gain_is_named():
    surprises = {"small": np.array([1.0, 4.0, 1.0]), "large": np.array([1.0, 1.0, 1.0])}
    said = passage_sentence(["the", "cat", "sat"], surprises, "word")
    # exp(2) and exp(1)
    assert said.startswith("Perplexity on these 3 words: large, 2.718; small, 7.389.")
    assert "They differ most at the word “cat”: 1.00 nats for large, and 4.00 for small." in said


def test_equal_networks_differ_at_no_word():
    same = np.array([1.0, 2.0])
    assert "differ" not in passage_sentence(["a", "b"], {"one": same, "two": same}, "word")


def test_recall_is_compared_with_a_guess():
    said = recall_sentence({"forget bias 0": 0.125, "forget bias 4": 1.0}, 50, 0.125)
    assert said == (
        "Right answers after 50 blanks: forget bias 0, 12%; forget bias 4, 100%. A guess is right in 12% of all cases."
    )
