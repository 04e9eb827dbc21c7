"""A series from a file is learned whatever its size, and everything that is generated is in the units of the file."""

import numpy as np
import pytest

import rnnlab
from benchmarks.own_series import GOOD, HORIZON, POINTS, PRIME, write_sine
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.config import from_flat
from rnnlab.generation import compare_series, feed_back, generate_series
from rnnlab.generation.samples import PRIME as SAMPLE_PRIME
from rnnlab.generation.samples import SERIES_HORIZON, sample_from
from rnnlab.presets import preset
from rnnlab.training import fit

OWN = preset("own-series").experiment
SHORT = from_flat({"units": 4, "epochs": 2, "num_steps": 20, "season": 63}, OWN)
MEAN, AMPLITUDE = 5e6, 1e6


def waves(first, count):
    return MEAN + AMPLITUDE * np.sin(0.1 * np.arange(first, first + count))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("series") / "sine.csv"
    write_sine(path, AMPLITUDE, MEAN)
    return path


@pytest.fixture(scope="module")
def run(file):
    """Hardly trained: what is computed of its answers is the same for any weights."""
    return fit(SHORT, file=file)


def test_a_sine_of_amplitude_a_million_is_learned_as_well_as_one_of_amplitude_one(file):
    # Ten seeds: python -m benchmarks.own_series
    share = POINTS / (POINTS + HORIZON)
    learned = fit(from_flat({"seed": 1, "train_share": share}, OWN), file=file)
    comparison = compare_series(learned.network, learned.dataset, PRIME, HORIZON)
    np.testing.assert_allclose(comparison.target[PRIME:], waves(POINTS, HORIZON), rtol=1e-6)
    assert comparison.free_running_rmse / AMPLITUDE < GOOD


def test_a_comparison_starts_at_the_end_of_the_training_part_in_the_units_of_the_file(run):
    train = len(run.dataset.train)
    comparison = compare_series(run.network, run.dataset, prime=30, horizon=60)
    np.testing.assert_allclose(comparison.target, waves(train - 30, 90), rtol=1e-6)
    scaled = run.dataset.train[-30:][None, :, None]
    expected = run.dataset.scale.undo(generate_series(run.network, scaled, 60)[0, :, 0])
    np.testing.assert_allclose(comparison.free_running, expected, rtol=1e-4)
    assert comparison.free_running_rmse == pytest.approx(np.sqrt(np.mean((expected - waves(train, 60)) ** 2)), rel=1e-3)


def test_a_comparison_ends_with_the_series(run):
    train, later = len(run.dataset.train), len(run.dataset.valid) + len(run.dataset.test)
    comparison = compare_series(run.network, run.dataset, prime=10_000, horizon=10_000)
    assert (comparison.prime, len(comparison.free_running), len(comparison.target)) == (train, later, train + later)


def test_the_settings_of_a_series_do_not_hold_its_values(run):
    with pytest.raises(ValueError, match=r"pass its dataset, such as run\.dataset"):
        compare_series(run.network, run.experiment.data, 5, 5)


@pytest.mark.parametrize("way", ["carried", "reset", "zero_filled", "reread"])
def test_the_answer_of_each_way_is_in_the_units_of_the_file(run, way):
    trained = TrainedNetwork(run.experiment, run.dataset, run.network, step=2)
    answer = CompareSeries(prime=20, horizon=30, way=way).answer(trained)
    scaled = run.dataset.train[-20:][None, :, None]
    expected = run.dataset.scale.undo(feed_back(run.network, scaled, 30, way)[0, :, 0])
    np.testing.assert_allclose(answer.free_running, expected, rtol=1e-4)
    assert answer.amplitude == pytest.approx(AMPLITUDE, rel=0.1)


def test_the_naive_forecasts_of_an_answer_have_their_errors(run):
    trained = TrainedNetwork(run.experiment, run.dataset, run.network, step=2)
    before, season = CompareSeries(prime=20, horizon=100).answer(trained).naive
    train, truth = len(run.dataset.train), waves(len(run.dataset.train), 100)
    held = np.full(100, waves(train - 1, 1)[0])
    assert before.alone_rmse == pytest.approx(np.sqrt(np.mean((held - truth) ** 2)), rel=1e-4)
    steps = truth - waves(train - 1, 100)
    assert before.one_step_rmse == pytest.approx(np.sqrt(np.mean(steps**2)), rel=1e-4)
    # 63 rows are a period but for 0.17 of a row.
    assert season.one_step_rmse < before.one_step_rmse / 3
    np.testing.assert_allclose(season.alone[:63], waves(train - 63, 63), rtol=1e-6)


def test_a_sample_is_in_the_units_of_the_file_and_has_its_target(run):
    content = sample_from(run.network, run.dataset)
    np.testing.assert_allclose(content["prime"], waves(0, SAMPLE_PRIME), rtol=1e-6)
    np.testing.assert_allclose(content["target"], waves(0, SAMPLE_PRIME + SERIES_HORIZON), rtol=1e-6)
    scaled = run.dataset.train[:SAMPLE_PRIME][None, :, None]
    expected = run.dataset.scale.undo(generate_series(run.network, scaled, SERIES_HORIZON)[0, :, 0])
    np.testing.assert_allclose(content["values"], expected, rtol=1e-4)


def test_the_columns_of_a_file_can_be_picked_and_the_other_settings_stay(tmp_path):
    file = tmp_path / "weather.csv"
    file.write_text("rain;sun\n" + "".join(f"{i % 5},5;{i % 7},25\n" for i in range(200)))
    learned = rnnlab.fit(from_flat({"column": "sun", "missing": "cut"}, SHORT), file=file)
    assert learned.experiment.data.column == "sun"
    np.testing.assert_allclose(learned.dataset.scale.undo(learned.dataset.train[:3]), [0.25, 1.25, 2.25], atol=1e-6)


def test_a_series_without_its_file_is_asked_for():
    with pytest.raises(ValueError, match="not kept here; name its file"):
        fit(SHORT)
