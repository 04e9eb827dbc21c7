"""What a tagging network says, and what it refuses."""

import dataclasses
import json

import numpy as np
import pytest

from rnnlab.analyses.tags import TagsAnswer
from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.generation import generate_series, sample_from
from rnnlab.generation.tagging import tag_stretch
from rnnlab.models import Network
from rnnlab.training import fit
from rnnlab.ui.widgets import tags

SELDOM = 10**6
"""Evaluate at the ends only: nobody looks at the curves."""


@pytest.fixture(scope="module")
def numbers():
    return fit(
        Experiment(
            data=TextData(corpus="grammar", task="number_tags", train_tokens=20_000),
            model=ModelConfig(units=16, unrolling="bidirectional"),
            training=TrainingConfig(epochs=3, num_steps=20, batch_size=20, learning_rate=0.02, evaluate_every=SELDOM),
        )
    )


@pytest.fixture(scope="module")
def peaks():
    return fit(
        Experiment(
            data=SineData(samples=600, frequency=0.3, target="peaks"),
            model=ModelConfig(units=16, unrolling="bidirectional"),
            training=TrainingConfig(epochs=300, num_steps=50, batch_size=4, learning_rate=0.02, evaluate_every=SELDOM),
        )
    )


def test_a_trained_network_numbers_the_words(numbers):
    tagged = tag_stretch(numbers.network, numbers.dataset, start=100, length=400)
    assert tagged.accuracy > 0.97
    np.testing.assert_allclose(tagged.probabilities.sum(axis=1), 1, rtol=1e-5)
    the = tagged.inputs == numbers.dataset.vocabulary.index("the")
    known = the & (tagged.truth >= 0)
    assert np.mean(tagged.said[known] == tagged.truth[known]) > 0.9


def test_a_trained_network_marks_the_peaks(peaks):
    tagged = tag_stretch(peaks.network, peaks.dataset, length=400)
    marked, true = np.flatnonzero(tagged.said), np.flatnonzero(tagged.truth == 1)
    assert len(true) > 4
    assert tagged.accuracy > 0.97
    assert all(np.abs(marked - peak).min() <= 1 for peak in true)


def test_samples_travel_as_json_and_become_pictures(numbers, peaks):
    words = TagsAnswer.of_sample(json.loads(json.dumps(sample_from(numbers.network, numbers.dataset))))
    shown = tags.tagged_words(words)
    assert ":blue-background[" in shown
    assert ":orange-background[" in shown
    assert words.accuracy > 0.9
    labelled = TagsAnswer.of_sample(json.loads(json.dumps(sample_from(peaks.network, peaks.dataset))))
    curves = tags.peak_curves(labelled)
    assert curves["probability of a peak"][1][curves["true peak"][1] == 1].mean() > 0.5


def test_a_wrong_word_is_marked():
    content = {"inputs": ["dogs", "the"], "truth": [2, -1], "probabilities": [[0.1, 0.8, 0.1], [0, 0, 1]]}
    assert tags.tagged_words(TagsAnswer.of_sample(content)) == ":blue-background[dogs] ✗ :orange-background[the]"


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"unrolling": "bidirectional"}, "A bidirectional network cannot generate"),
        ({}, "a label cannot be fed back as the next input"),
    ],
)
def test_asking_a_tagging_network_to_generate_gets_a_sentence(model, reason):
    network = Network(ModelConfig(units=4, **model), tags=2)
    with pytest.raises(ValueError, match=reason):
        generate_series(network, np.zeros((1, 5, 1)), 5)


def test_a_stretch_outside_the_part_and_a_network_without_tags(peaks):
    with pytest.raises(ValueError, match="take a start from 0 to 599"):
        tag_stretch(peaks.network, peaks.dataset, start=600)
    with pytest.raises(ValueError, match="says no tags"):
        tag_stretch(Network(ModelConfig(units=4)), dataclasses.replace(peaks.dataset, tags=()))
