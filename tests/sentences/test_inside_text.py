"""What is said of a network that reads a text: each judgement on both sides of its border."""

import numpy as np
import pytest

from rnnlab.sentences.inside_text import (
    connectivity_sentence,
    context_sentence,
    occlusion_sentence,
    passage_sentence,
    subject_sentence,
    unit_sentence,
    window_sentence,
)

WORDS = ["the", "dog", "near", "cats"]


def test_the_word_with_the_largest_connectivity_is_named():
    told = connectivity_sentence(WORDS, np.array([0.5, 3.0, 0.5, 1.0]), "sleeps", "word")
    assert told == (
        "A small change of “dog”, 3 words back, moves the logit of “sleeps” most: its connectivity is 3, 60% of the "
        "sum over all 4 words."
    )
    assert "No earlier word moves" in connectivity_sentence(WORDS, np.zeros(4), "sleeps", "word")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([np.nan, 2.0, -1.0, 0.0], "“dog”, 3 words back, changes the surprise most: 2.00 nats more surprising."),
        ([np.nan, 1.0, -2.0, 0.0], "“near”, 2 words back, changes the surprise most: 2.00 nats less surprising."),
        ([np.nan, 0.04, -0.04, 0.0], "no word changes the surprise by 0.05 nats or more."),
    ],
)
def test_the_largest_change_of_the_surprise_is_named(changes, told):
    assert occlusion_sentence(WORDS, np.array(changes), "<unk>", "word") == f"With “<unk>” in its place, {told}"
    assert occlusion_sentence(WORDS, np.array(changes), "", "word") == f"In the other number, {told}"


@pytest.mark.parametrize(
    ("gradient", "change", "told"),
    [
        ([0, 3, 0, 1], [0, 2, 0, 1], "the largest connectivity and the largest rise"),
        ([0, 1, 0, 3], [0, 2, 0, 1], "the smallest connectivity and the largest rise"),
        ([0, 1, 0, 3], [0, np.nan, 0, 1], "the smallest connectivity."),
    ],
)
def test_the_subject_is_ranked_among_the_nouns(gradient, change, told):
    sentence = subject_sentence(WORDS, [1, 3], 1, np.array(gradient, float), np.array(change, float))
    assert sentence.startswith(
        "The verb agrees with “dog”, 3 words back. Of the 2 nouns before it in its sentence, it has"
    )
    assert told in sentence


def test_the_only_noun_needs_no_rank():
    assert "the only noun" in subject_sentence(WORDS, [1], 1, np.ones(4), np.ones(4))


@pytest.mark.parametrize(
    ("first", "carried", "told"),
    [
        (0, True, "The predicted word is in the first window, so nothing is cut off."),
        (20, True, "No gradient of the training reaches the 20 words before the window. The state is carried, so"),
        (
            1,
            False,
            "No gradient of the training reaches the 1 word before the window. The state is reset there too, so",
        ),
    ],
)
def test_what_a_window_cuts_off_is_said(first, carried, told):
    assert window_sentence(first, carried, "word").startswith(told)


@pytest.mark.parametrize(
    ("perplexities", "told"),
    [
        ([30.0, 20.0, 10.0, 10.0], "From 5 on, it stays within 1% of the lowest."),
        ([30.0, 20.0, 10.05, 10.0], "From 5 on, it stays within 1% of the lowest."),
        ([30.0, 20.0, 12.0, 10.0], "It still improves by more than 1% at the end."),
        ([30.0, 10.0, 11.0, 12.0], "It is lowest after 2, and longer contexts make it worse."),
        ([10.0, 10.0, 10.0, 10.0], "From 1 on, it stays within 1% of the lowest."),
        ([10.0, 12.0, 10.0, 10.0], "From 5 on, it stays within 1% of the lowest."),
    ],
)
def test_from_where_more_context_does_not_help_is_said(perplexities, told):
    sentence = context_sentence(np.array([1, 2, 5, 10]), np.array(perplexities), 400, "word")
    assert sentence.startswith(f"After 1 word of context its perplexity is {perplexities[0]:.3g}, after 10 it is")
    assert sentence.endswith(f"The same 400 words were predicted each time. {told}")


@pytest.mark.parametrize(
    ("accuracy", "untrained", "told"),
    [
        (0.95, 0.65, "Training has made a unit that knows."),
        (0.70, 0.65, "no single unit has learned it"),
        (0.55, 0.40, "no single unit has learned it"),
        (0.60, 0.65, "It is no better than an untrained network."),
    ],
)
def test_a_unit_is_judged_beside_the_untrained_one(accuracy, untrained, told):
    sentence = unit_sentence("layer_0/c", 7, accuracy, ("layer_0/h", 3, untrained), 9_000, "word")
    assert sentence.startswith(f"Unit 7 of layer_0/c is right in {accuracy:.1%} on 9,000 words of validation text.")
    assert f"3 of layer_0/h, is right in {untrained:.1%}" in sentence
    assert told in sentence


def test_the_unit_is_counted_in_a_passage():
    assert passage_sentence(9, 10, "word") == "In this passage it is right for 9 of 10 words that have a class."
    assert passage_sentence(0, 0, "word") == "In this passage no word has a class."
