import numpy as np
import pytest

from rnnlab.data import cut_streams
from tests.support.seeds import for_each_seed

PUBLISHED = [4, 3, 2, 1, 0, 5, 6, 1, 1, 1, 1, 0, 3, 4, 1]  # reader_test.py of ptb_word_lm


def brute_force(sequence, batch_size, num_steps):
    """The windows written out element by element: stream b's step t reads item b * batch_len + t."""
    batch_len = len(sequence) // batch_size
    windows = []
    for index in range((batch_len - 1) // num_steps):
        steps = range(index * num_steps, (index + 1) * num_steps)
        inputs = [[sequence[b * batch_len + t] for t in steps] for b in range(batch_size)]
        targets = [[sequence[b * batch_len + t + 1] for t in steps] for b in range(batch_size)]
        windows.append((inputs, targets))
    return windows


def test_published_vector():
    streams = cut_streams(np.array(PUBLISHED), 3)
    assert streams.num_windows(2) == 2
    first, second = streams.window(0, 2), streams.window(1, 2)
    assert first.inputs.tolist() == [[4, 3], [5, 6], [1, 0]]
    assert first.targets.tolist() == [[3, 2], [6, 1], [0, 3]]
    assert second.inputs.tolist() == [[2, 1], [1, 1], [3, 4]]
    assert second.targets.tolist() == [[1, 0], [1, 1], [4, 1]]


@for_each_seed(range(30))
def test_windows_equal_brute_force(seed):
    random = np.random.default_rng(seed)
    batch_size, num_steps = random.integers(1, 6, 2).tolist()
    sequence = random.integers(0, 50, random.integers(batch_size * (num_steps + 1), 200))
    streams = cut_streams(sequence, batch_size)
    expected = brute_force(sequence.tolist(), batch_size, num_steps)
    assert streams.num_windows(num_steps) == len(expected)
    # Backwards: a window must not depend on the ones read before it.
    for index in reversed(range(len(expected))):
        batch = streams.window(index, num_steps)
        assert (batch.inputs.tolist(), batch.targets.tolist()) == expected[index]
        assert batch.weights.tolist() == [[1.0] * num_steps] * batch_size


@pytest.mark.parametrize(("batch_size", "num_steps"), [(1, 4), (3, 2), (2, 5), (4, 1), (2, 100)])
def test_padded_windows_count_every_target_once(batch_size, num_steps):
    sequence = np.arange(100, 123)
    batches = list(cut_streams(sequence, batch_size).padded_windows(num_steps))
    assert {batch.inputs.shape for batch in batches} == {(batch_size, num_steps)}
    assert {batch.weights.shape for batch in batches} == {(batch_size, num_steps)}
    counted = sorted(int(t) for batch in batches for t in batch.targets[batch.weights == 1])
    batch_len = len(sequence) // batch_size
    firsts = {100 + stream * batch_len for stream in range(batch_size)}
    assert counted == [t for t in range(100, 100 + batch_len * batch_size) if t not in firsts]
    assert all(not batch.targets[batch.weights == 0].any() for batch in batches)


def test_series_get_a_feature_axis_and_float32():
    batch = cut_streams(np.linspace(0, 1, 9), 2).window(0, 3)
    assert batch.inputs.shape == batch.targets.shape == (2, 3, 1)
    assert batch.weights.shape == (2, 3)
    assert {array.dtype for array in batch} == {np.dtype(np.float32)}


def test_padded_series_keep_their_feature_axis():
    shapes = [batch.inputs.shape for batch in cut_streams(np.linspace(0, 1, 6), 1).padded_windows(3)]
    assert shapes == [(1, 3, 1), (1, 3, 1)]


def test_text_is_int32():
    batch = cut_streams(np.arange(9, dtype=np.int64), 2).window(0, 3)
    assert batch.inputs.dtype == batch.targets.dtype == np.int32
    assert batch.weights.dtype == np.float32


@pytest.mark.parametrize(
    ("length", "batch_size", "num_steps", "words"),
    [
        (10, 3, 3, "window of 3 steps does not fit: the data cut into 3 streams give 2 steps each"),
        (5, 3, 1, "With 5 tokens, 3 streams cannot be filled"),
        (0, 1, 1, "With 0 tokens, 1 stream cannot be filled: each needs an input and a target, so 2"),
        (10, 0, 1, "batch size was 0, but must be at least 1"),
        (10, 1, 0, "window was 0 steps, but must be at least 1"),
    ],
)
def test_too_short_or_nonsense_is_refused_with_a_sentence(length, batch_size, num_steps, words):
    with pytest.raises(ValueError, match=words):
        cut_streams(np.arange(length), batch_size).num_windows(num_steps)


@pytest.mark.parametrize("index", [-1, 3])
def test_window_outside_the_range_is_refused(index):
    with pytest.raises(ValueError, match="must be from 0 to 2"):
        cut_streams(np.arange(10), 1).window(index, 3)


def test_a_window_of_all_the_stream_fits_exactly():
    assert cut_streams(np.arange(301.0), 1).num_windows(300) == 1
