import math

import numpy as np
import pytest

from rnnlab.config import SineData
from rnnlab.data import load_dataset, wave
from rnnlab.data.sine import series

SHAPES = ("sine", "two_sines", "triangle", "square", "sawtooth")


def test_origin_wave():
    data = SineData(samples=100, frequency=10 / 99)
    np.testing.assert_allclose(wave(data, 100), np.sin(np.linspace(0, 10, 100)), atol=1e-7)


@pytest.mark.parametrize("shape", SHAPES)
def test_values_are_float32_within_one(shape):
    values = wave(SineData(shape=shape, frequency=0.37), 5000)
    assert values.dtype == np.float32
    assert values.shape == (5000,)
    assert -1 <= values.min() < -0.9
    assert 0.9 < values.max() <= 1


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("start", [-7, 0, 3, 1_000_000])
def test_prolonging_equals_cutting(shape, start):
    data = SineData(shape=shape, frequency=0.1)
    whole = wave(data, 60, start)
    np.testing.assert_array_equal(wave(data, 20, start + 40), whole[40:])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        # One period in eight samples, by hand.
        ("square", [1, 1, 1, 1, -1, -1, -1, -1]),
        ("triangle", [0, 0.5, 1, 0.5, 0, -0.5, -1, -0.5]),
        ("sawtooth", [0, 0.25, 0.5, 0.75, -1, -0.75, -0.5, -0.25]),
    ],
)
def test_one_period_by_hand(shape, expected):
    # Half a thousandth of a sample off the jumps, where rounding decides.
    nearly = 2 * math.pi / 8 * (1 + 1e-6)
    np.testing.assert_allclose(wave(SineData(shape=shape, frequency=nearly), 8), expected, atol=1e-4)


@pytest.mark.parametrize("shape", ["square", "sawtooth"])
@pytest.mark.parametrize("period", [2, 3, 4, 5, 6, 7, 8, 10, 12, 50, 100])
@pytest.mark.parametrize("start", [0, 1_000_000])
def test_a_wave_whose_jumps_fall_on_samples_repeats_exactly(shape, period, start):
    values = wave(SineData(shape=shape, frequency=2 * math.pi / period), 1000, start=start * period)
    one = values[:period]
    np.testing.assert_allclose(values, np.resize(one, 1000), atol=1e-6)
    if shape == "square":
        assert one[0] == 1
        assert (one == 1).sum() == (period + 1) // 2


def test_two_sines_is_the_sum_of_a_sine_and_a_golden_one():
    values = wave(SineData(shape="two_sines", frequency=0.2), 50)
    expected = [(math.sin(0.2 * i) + math.sin(0.2 * i * (1 + math.sqrt(5)) / 2)) / 2 for i in range(50)]
    np.testing.assert_allclose(values, expected, atol=1e-6)


def test_splits_continue_each_other():
    data = SineData(samples=30, frequency=0.3)
    splits = series(data, seed=0)
    assert [len(split) for split in splits] == [31, 31, 31]
    np.testing.assert_array_equal(np.concatenate(splits), wave(data, 93))


def test_noise_has_its_deviation_and_no_memory():
    data = SineData(samples=20_000, noise=0.5)
    noise = series(data, seed=1)[0] - wave(data, 20_001)
    assert abs(noise.mean()) < 4 * 0.5 / math.sqrt(20_001)
    assert noise.std() == pytest.approx(0.5, rel=0.03)
    assert abs(np.corrcoef(noise[:-1], noise[1:])[0, 1]) < 4 / math.sqrt(20_000)


def test_seed_decides_the_noise():
    data = SineData(samples=50, noise=0.1)
    np.testing.assert_array_equal(series(data, 3)[0], series(data, 3)[0])
    assert (series(data, 3)[0] != series(data, 4)[0]).all()


def test_noise_of_an_index_does_not_depend_on_the_number_of_samples():
    short, long = (series(SineData(samples=samples, noise=0.1), 5)[0] for samples in (20, 60))
    np.testing.assert_array_equal(short, long[:21])


def test_samples_inputs_have_samples_targets():
    batch = load_dataset(SineData(samples=40), 0).streams("train", 1).window(0, 40)
    np.testing.assert_array_equal(batch.inputs[0, 1:], batch.targets[0, :-1])


def test_zeros_trap_hides_the_wave_and_keeps_the_targets():
    honest = load_dataset(SineData(samples=20), 0).streams("train", 2)
    trapped = load_dataset(SineData(samples=20, inputs="zeros"), 0).streams("train", 2)
    assert not trapped.inputs.any()
    assert trapped.inputs.shape == honest.inputs.shape
    np.testing.assert_array_equal(trapped.targets, honest.targets)


def test_previous_trap_is_np_roll_without_its_wrapped_value():
    dataset = load_dataset(SineData(samples=20, target="previous"), 0)
    streams = dataset.streams("train", 1)
    rolled = np.roll(dataset.train, 1)
    np.testing.assert_array_equal(streams.inputs[0, :, 0], dataset.train[1:])
    np.testing.assert_array_equal(streams.targets[0, :, 0], rolled[1:])
    assert streams.weights.shape == (1, 20)


def test_label_and_note():
    assert load_dataset(SineData(shape="triangle"), 0).label == "Triangle wave"
    assert load_dataset(SineData(), 0).note == ""
    assert "zeros" in load_dataset(SineData(inputs="zeros"), 0).note
