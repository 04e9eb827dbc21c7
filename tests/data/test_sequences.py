"""Memory tasks: what the generators make, and how separate sequences become minibatches."""

import itertools

import numpy as np
import pytest

from rnnlab.config import LAZY_ERROR, Experiment, InvalidSetting, MemoryData, TrainingConfig, from_flat
from rnnlab.data import load_dataset
from rnnlab.data.levels import known_level
from rnnlab.data.sequences import Sequences

RECALL = MemoryData(problem="recall", time_lag=5, symbols=4, sequences=40)
ADDING = MemoryData(problem="adding", time_lag=7, sequences=20_000)


def spelled(dataset, row):
    return "".join(dataset.vocabulary[token] for token in row)


# --- delayed recall --------------------------------------------------------------------------------------------------


def test_a_sequence_is_a_symbol_blanks_and_a_cue_and_the_symbol_is_the_answer():
    dataset = load_dataset(RECALL, seed=0)
    inputs, answers = dataset.sequences["train"]
    assert dataset.tags == ("A", "B", "C", "D")
    for row, answer in zip(inputs, answers, strict=True):
        assert spelled(dataset, row) == dataset.tags[answer] + "·····?"


@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_every_symbol_comes_equally_often_so_that_chance_is_exact(split):
    answers = load_dataset(RECALL, seed=3).sequences[split].answers
    assert {*np.bincount(answers)} == {len(answers) // 4}


def test_only_the_answer_at_the_cue_counts():
    streams = load_dataset(RECALL, seed=0).streams("train", 8)
    inputs, targets, weights = streams.window(2, RECALL.length)
    np.testing.assert_array_equal(weights, np.tile([0, 0, 0, 0, 0, 0, 1], (8, 1)))
    np.testing.assert_array_equal(targets[:, -1], inputs[:, 0])


def test_the_seed_decides_the_training_part_and_only_that():
    one, same, other = (load_dataset(RECALL, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.train, same.train)
    assert not np.array_equal(one.train, other.train)
    assert np.array_equal(one.valid, other.valid)
    assert not np.array_equal(one.valid, one.test)


def test_a_guess_has_a_known_loss():
    level = known_level(Experiment(MemoryData(symbols=8)))
    assert level.name == "chance"
    assert np.exp(-level.loss) == pytest.approx(0.125)


# --- the adding problem ----------------------------------------------------------------------------------------------


def test_the_answer_is_the_sum_of_the_two_marked_numbers():
    inputs, answers = load_dataset(ADDING, seed=0).sequences["train"]
    assert inputs.shape == (20_000, 7, 2)
    for (numbers, marks), answer in zip(inputs[:50].transpose(0, 2, 1), answers[:50], strict=True):
        first, second = np.flatnonzero(marks)
        assert first < 3 <= second
        assert answer == pytest.approx(numbers[first] + numbers[second])
        assert {*marks} == {0, 1}


def test_every_place_is_marked_equally_often_in_its_half():
    inputs, _ = load_dataset(ADDING, seed=0).sequences["train"]
    shares = inputs[..., 1].mean(axis=0)
    np.testing.assert_allclose(shares, [1 / 3] * 3 + [1 / 4] * 4, atol=4 * np.sqrt(0.25 / 20_000))


def test_the_numbers_are_uniform_and_the_lazy_answer_has_the_known_error():
    inputs, answers = load_dataset(ADDING, seed=0).sequences["train"]
    counts, _ = np.histogram(inputs[..., 0], bins=10, range=(0, 1))
    np.testing.assert_allclose(counts / inputs[..., 0].size, 0.1, atol=4 * np.sqrt(0.09 / inputs[..., 0].size))
    errors = (answers - 1.0) ** 2
    assert errors.mean() == pytest.approx(LAZY_ERROR, abs=4 * errors.std() / np.sqrt(len(errors)))
    assert known_level(Experiment(ADDING)) == ("always 1", LAZY_ERROR)
    others = [np.mean((answers - lazy) ** 2) for lazy in (0.9, 1.1)]
    assert min(others) > errors.mean()


def test_the_shortest_sequences_have_both_marks():
    inputs, _ = load_dataset(MemoryData(problem="adding", time_lag=2, sequences=5), seed=0).sequences["train"]
    np.testing.assert_array_equal(inputs[..., 1], np.ones((5, 2)))


# --- minibatches -----------------------------------------------------------------------------------------------------


def numbered(count, length):
    """Sequences whose inputs and answers say which sequence they are."""
    return Sequences(np.repeat(np.arange(count, dtype=np.int32)[:, None], length, 1), np.arange(count, dtype=np.int32))


def test_every_window_is_one_whole_sequence_of_each_stream():
    streams = numbered(7, 4).streams(3)
    assert streams.num_windows(4) == 2
    for index, expected in enumerate(([0, 2, 4], [1, 3, 5])):
        inputs, targets, _ = streams.window(index, 4)
        np.testing.assert_array_equal(inputs, np.repeat(np.array(expected)[:, None], 4, 1))
        np.testing.assert_array_equal(targets[:, -1], expected)


@pytest.mark.parametrize("batch_size", [0, 8])
def test_more_streams_than_sequences_get_a_sentence(batch_size):
    with pytest.raises(ValueError, match=f"The batch size was {batch_size}, but must be from 1 to 7"):
        numbered(7, 4).streams(batch_size)


@pytest.mark.parametrize("batch_size", [1, 7, 20, 1000])
def test_no_held_out_sequence_is_left_out(batch_size):
    dataset = load_dataset(RECALL, seed=0)
    windows = dataset.quick_windows("valid", batch_size, RECALL.length)
    answers = np.concatenate([window.targets[:, -1] for window in windows])
    np.testing.assert_array_equal(np.sort(answers), np.sort(dataset.sequences["valid"].answers))


# --- settings --------------------------------------------------------------------------------------------------------


def test_the_sequences_decide_window_and_state():
    experiment = Experiment(RECALL, training=TrainingConfig(num_steps=3, batch_size=4, carry_state=True))
    assert (experiment.training.num_steps, experiment.training.carry_state) == (7, False)
    assert from_flat({"time_lag": 9}, experiment).training.num_steps == 11
    assert from_flat({"problem": "adding"}, experiment).training.num_steps == 5


def test_a_batch_larger_than_the_training_part_is_refused():
    with pytest.raises(InvalidSetting, match="there are only 40 training sequences") as caught:
        Experiment(RECALL, training=TrainingConfig(batch_size=41))
    assert caught.value.name == "batch_size"


@pytest.mark.parametrize(
    ("problem", "answer"), [("recall", "a label cannot be fed back"), ("adding", "a sum cannot be fed back")]
)
def test_an_answer_cannot_be_fed_back(problem, answer):
    with pytest.raises(InvalidSetting, match=answer):
        from_flat({"data": "memory", "problem": problem, "feedback": 0.5})


@pytest.mark.parametrize("problem", ["recall", "adding"])
def test_the_number_of_parameters_is_that_of_the_network(problem):
    from rnnlab.models import Network

    experiment = from_flat({"data": "memory", "problem": problem, "units": 5, "num_layers": 2})
    vocabulary = len(load_dataset(experiment.data, 0).vocabulary)
    for unrolling in ("dynamic", "bidirectional"):
        one = from_flat({"unrolling": unrolling}, experiment)
        assert one.parameters() == Network.for_experiment(one, vocabulary).count_params()


def test_lags_and_symbols_make_every_length():
    for time_lag, symbols in itertools.product((2, 200), (2, 26)):
        data = MemoryData(time_lag=time_lag, symbols=symbols, sequences=3)
        dataset = load_dataset(data, 0)
        assert dataset.train.shape == (3, time_lag + 2)
        assert len(dataset.vocabulary) == symbols + 2 == data.vocabulary_size
