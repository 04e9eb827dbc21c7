"""Tagging tasks: the peaks of a wave and the numbers of words, compared with labels made by hand."""

import numpy as np
import pytest

from rnnlab.config import LABEL_NUMBERS, LABEL_PEAKS, SineData, TextData
from rnnlab.data import load_dataset
from rnnlab.data.tags import UNKNOWN, number_tags, peak_tags


def test_peaks_are_where_the_wave_turns_down():
    tags = peak_tags(np.array([0, 1, 2, 1, 0, 3, 3, 1, 2]))
    np.testing.assert_array_equal(tags, [UNKNOWN, 0, 1, 0, 0, 1, 0, 0, UNKNOWN])


def test_a_sine_has_one_peak_a_period():
    data = SineData(samples=627, frequency=0.1, target="peaks")
    streams = load_dataset(data, seed=0).streams("train", 1)
    counted = streams.targets[0][streams.weights[0] > 0]
    assert counted.sum() == 10
    peaks = np.flatnonzero(streams.targets[0])
    np.testing.assert_allclose(streams.inputs[0, peaks, 0], 1, atol=2e-3)
    assert streams.targets.dtype == np.int32


def words_and_tags(text):
    words = text.split()
    vocabulary = sorted({*words})
    ids = np.array([vocabulary.index(word) for word in words])
    tags = number_tags(ids, vocabulary)
    return [(word, LABEL_NUMBERS.tags[tag] if tag != UNKNOWN else "?") for word, tag in zip(words, tags, strict=True)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("the teacher that the small young dogs follow laughs <eos>", "s s n p n n p p s n"),
        ("every dog near many cats often sleeps <eos> the kings are tired <eos>", "s s n p p n s n p p p n n"),
        ("the <unk> sleep", "? ? p"),
        ("the small", "? n"),
    ],
)
def test_every_word_has_the_number_of_its_noun(text, numbers):
    letters = {"singular": "s", "plural": "p", "neither": "n", "?": "?"}
    assert " ".join(letters[tag] for _, tag in words_and_tags(text)) == numbers


def test_the_grammar_is_tagged_step_by_step():
    dataset = load_dataset(TextData(corpus="grammar", task="number_tags"), seed=0)
    streams = dataset.streams("valid", 4)
    assert dataset.tags == LABEL_NUMBERS.tags
    assert dataset.floor_perplexity is None
    assert streams.targets.shape == streams.inputs.shape
    assert {*np.unique(streams.targets)} == {0, 1, 2}
    dogs = dataset.vocabulary.index("dogs")
    assert {*streams.targets[streams.inputs == dogs]} == {LABEL_NUMBERS.tags.index("plural")}
    the = streams.inputs == dataset.vocabulary.index("the")
    assert {*streams.targets[the & (streams.weights > 0)]} == {1, 2}


def test_the_names_of_the_tags_are_those_of_the_settings():
    assert load_dataset(SineData(target="peaks"), seed=0).tags == LABEL_PEAKS.tags
    assert load_dataset(SineData(), seed=0).tags == ()


@pytest.mark.parametrize("period", [3, 6, 8, 10, 12, 30])
def test_a_wave_that_repeats_has_the_same_peaks_in_every_period(period):
    """Two equal values beside a peak may differ by a rounding, which must not decide which of them is the peak."""
    streams = load_dataset(SineData(samples=900, frequency=2 * np.pi / period, target="peaks"), 0).streams("train", 1)
    tags = streams.targets[0][streams.weights[0] > 0]
    np.testing.assert_array_equal(tags[period:], tags[:-period])
