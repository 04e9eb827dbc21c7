"""The sentences about a dataset, on datasets whose answers are known."""

import re

import numpy as np
import pytest

from rnnlab.config import SineData
from rnnlab.data import load_dataset, period
from rnnlab.data.sine import wave
from rnnlab.sentences import data as sentences


def numbers(sentence):
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", sentence)]


@pytest.mark.parametrize("shape", ["sine", "triangle", "square", "sawtooth"])
def test_a_period_later_the_wave_is_the_same(shape):
    data = SineData(shape=shape, frequency=2 * np.pi / 40)
    assert period(data) == pytest.approx(40)
    values = wave(data, 80)
    np.testing.assert_allclose(values[:40], values[40:], atol=1e-6)


def test_periods_of_the_training_part_are_counted():
    assert numbers(sentences.wave_sentence(300, 60.0)) == [300, 5, 60]
    assert "never repeats" in sentences.wave_sentence(300, period(SineData(shape="two_sines")))


def test_points_are_one_more_than_steps():
    dataset = load_dataset(SineData(samples=300), 0)
    assert numbers(sentences.points_sentence(len(dataset.train))) == [301, 300]


def pairs(**settings):
    streams = load_dataset(SineData(samples=50, **settings), 0).streams("train", 1)
    return streams.inputs[0, :, 0], streams.targets[0, :, 0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "the next input"),
        ({"noise": 0.3}, "the next input"),
        ({"shape": "sawtooth"}, "the next input"),
        ({"target": "previous"}, "the input of the step before"),
        ({"inputs": "zeros"}, "Every input is 0"),
        ({"inputs": "zeros", "target": "previous"}, "Every input is 0"),
    ],
)
def test_what_the_network_has_to_do_is_read_from_the_data(settings, words):
    assert words in sentences.inputs_targets_sentence(*pairs(**settings))


def test_the_lazy_answer_has_the_error_of_the_steps_from_value_to_value():
    values = np.array([0.0, 3.0, -1.0, -1.0])
    assert "error of 2.9 (RMSE)" in sentences.inputs_targets_sentence(values[:-1], values[1:])  # sqrt((9 + 16 + 0) / 3)


def test_peaks_are_counted():
    sentence = sentences.labels_sentence(np.array([0, 1, 0, 0, 1, 0, 0, 0]), "a peak")
    assert "2 of the 8 steps" in sentence
    assert "right in 75% of" in sentence


def test_noise_bounds_the_loss_by_its_variance():
    assert "0.09" in sentences.noise_sentence(0.3)


def test_the_simplest_guess_is_right_as_often_as_its_word_occurs():
    assert "the most frequent word, **the**, would be right in 5.0%" in sentences.frequent_words_sentence(
        "**the**", 50, 1000, "word"
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([50, 30, 15, 5], "The 1 word at the left makes up half of the text, and 1 of the 4 occur"),
        ([40, 30, 20, 9, 1], "The 2 words at the left make up half of the text, and 2 of the 5 occur"),
        ([10], "The 1 word at the left makes up half of the text, and none of the 1 occur"),
    ],
)
def test_half_of_the_text_and_its_rare_words_are_counted(counts, words):
    assert words in sentences.rank_frequency_sentence(np.array(counts), "word")


MEANINGS = {"<unk>": "a rare word", "<eos>": "the end of a sentence", "N": "a number"}


@pytest.mark.parametrize(
    ("vocabulary", "sentence"),
    [
        (("the", "cat"), ""),
        (("the", "<eos>"), "`<eos>` stands for the end of a sentence."),
        (("N", "<unk>"), "`<unk>` stands for a rare word, and `N` stands for a number."),
        (
            ("N", "<unk>", "<eos>"),
            "`<unk>` stands for a rare word, `<eos>` stands for the end of a sentence, and `N` stands for a number.",
        ),
    ],
)
def test_only_marks_that_occur_are_explained(vocabulary, sentence):
    assert sentences.marks_sentence(MEANINGS, vocabulary) == sentence


@pytest.mark.parametrize(
    ("points", "last"),
    [(20, "steps."), (21, "The last word fills no stream."), (23, "The last 3 words fill no stream.")],
)
def test_minibatches_are_counted_and_so_is_what_is_left_over(points, last):
    sentence = sentences.minibatches_sentence(points, "words", batch_size=4, length=5, windows=2, num_steps=3)
    assert numbers(sentence)[:5] == [points, 4, 5, 2, 3]
    assert sentence.endswith(last)


@pytest.mark.parametrize(
    ("mean", "std", "numbers"),
    [(0.5, 0.25, "minus 0.5, divided by 0.25"), (3_008_784.2, 7e5, "minus 3,008,780, divided by 700,000")],
)
def test_the_scale_of_a_series_is_told(mean, std, numbers):
    assert numbers in sentences.scaling_sentence(mean, std)
