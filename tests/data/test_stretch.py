"""Stretches of every kind of data, and windows that end at an answer."""

import numpy as np
import pytest

from rnnlab.config import MemoryData, SeriesData, SineData, TextData
from rnnlab.data import load_dataset, wave
from rnnlab.data.stretch import stretch_of, windows_ending_at_answers

GRAMMAR = TextData(corpus="grammar", train_tokens=3000)
OWN = "value\n" + "\n".join(str(n % 7) for n in range(60))


def test_a_wave_has_no_end():
    data = SineData(samples=40)
    found = stretch_of(load_dataset(data, 0), data, start=1_000_000, length=5)
    np.testing.assert_allclose(found.inputs[:, 0], wave(data, 5, 1_000_000), atol=1e-6)
    np.testing.assert_allclose(found.targets, wave(data, 5, 1_000_001), atol=1e-6)
    assert found.counts.all()


def test_the_mistakes_of_a_wave_are_read_too():
    zeros = SineData(samples=40, inputs="zeros")
    found = stretch_of(load_dataset(zeros, 0), zeros, 0, 6)
    np.testing.assert_array_equal(found.inputs, 0)
    assert np.abs(found.targets).max() > 0


def test_a_text_is_its_validation_part_and_a_late_start_is_set_back():
    dataset = load_dataset(GRAMMAR, 0)
    found = stretch_of(dataset, GRAMMAR, 3, 4)
    np.testing.assert_array_equal(found.inputs, dataset.valid[3:7])
    np.testing.assert_array_equal(found.targets, dataset.valid[4:8])
    late = stretch_of(dataset, GRAMMAR, 10**6, 4)
    np.testing.assert_array_equal(late.inputs, dataset.valid[-5:-1])
    assert late.start == len(dataset.valid) - 5


def test_a_series_of_ones_own_is_read_as_the_network_reads_it():
    data = SeriesData()
    dataset = load_dataset(data, 0, upload_text=OWN)
    found = stretch_of(dataset, data, 50, 20)
    np.testing.assert_allclose(dataset.scale.undo(found.inputs[:, 0]), [n % 7 for n in range(39, 59)], atol=1e-4)


@pytest.mark.parametrize(("problem", "features"), [("recall", ()), ("adding", (2,))])
def test_a_separate_sequence_is_whole_and_its_last_step_counts(problem, features):
    data = MemoryData(problem=problem, time_lag=6, sequences=20)
    dataset = load_dataset(data, 0)
    inputs, answers = dataset.sequences["valid"]
    found = stretch_of(dataset, data, len(inputs) + 3, 2)
    np.testing.assert_array_equal(found.inputs, inputs[3])
    assert found.start == 3
    assert found.inputs.shape[1:] == features
    assert found.targets[-1] == answers[3]
    assert list(found.counts) == [False] * (data.length - 1) + [True]


@pytest.mark.parametrize(
    "data",
    [SineData(samples=40), SineData(samples=60, target="peaks"), GRAMMAR, TextData(task="number_tags")],
    ids=["wave", "peaks", "text", "labels"],
)
def test_windows_are_equally_long_and_end_where_the_answer_counts(data):
    found = windows_ending_at_answers(load_dataset(data, 0), data, steps=12, rows=5)
    assert len(found) == 5
    assert {len(one.inputs) for one in found} == {12}
    assert all(one.counts[-1] for one in found)
    assert len({one.start for one in found}) == 5


def test_short_data_have_shorter_windows():
    data = SineData(samples=5)
    (found,) = windows_ending_at_answers(load_dataset(data, 0), data, steps=100, rows=1)
    assert 10 <= len(found.inputs) < 18


def test_a_length_below_one_is_refused():
    data = SineData()
    with pytest.raises(ValueError, match="length was 0"):
        stretch_of(load_dataset(data, 0), data, 0, 0)
