"""Questions about gates, gradients and single cells, asked in this process."""

import dataclasses

import numpy as np
import pytest

from rnnlab.analyses import gates
from rnnlab.analyses.gates import GatesThroughTime
from rnnlab.analyses.gradients import GradientsBackInTime, UntrainedGradients
from rnnlab.analyses.microscope import OneCell
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.config import Experiment, MemoryData, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import load_dataset, wave
from rnnlab.inspection import trace_free_running, trace_teacher_forced
from rnnlab.models import Network

UNITS = 4


def looked_at(data, **model):
    experiment = Experiment(data, ModelConfig(units=UNITS, **model), TrainingConfig(batch_size=2, num_steps=10))
    dataset, task = load_dataset(data, 0), experiment.task
    network = Network(experiment.model, len(dataset.vocabulary), 3, len(task.tags), task.features)
    return TrainedNetwork(experiment, dataset, network, step=7)


@pytest.fixture(scope="module")
def series():
    return looked_at(SineData(samples=40), num_layers=2)


@pytest.fixture(scope="module")
def text():
    return looked_at(TextData(corpus="grammar", train_tokens=2000), cell="gru")


@pytest.fixture(scope="module")
def recall():
    return looked_at(MemoryData(time_lag=6, sequences=20), cell="simple_rnn")


def test_the_map_is_the_trace_of_both_regimes(series):
    found = GatesThroughTime(part="o", layer=1, unit=2, length=30, prime=10).answer(series)
    forced = trace_teacher_forced(series.network, wave(SineData(), 30)[None, :, None]).gates["layer_1/o"][0]
    free = trace_free_running(series.network, wave(SineData(), 10)[None, :, None], 20).gates["layer_1/o"][0]
    assert sorted(found.units) == list(range(UNITS))
    for one, values in ((found.forced, forced), (found.free, free)):
        np.testing.assert_allclose(one.map, values[:, found.units].T, atol=1e-5)
        np.testing.assert_allclose(one.curve, values[:, 2], atol=1e-5)
        np.testing.assert_allclose(one.means, values.mean(axis=0), atol=1e-5)
        np.testing.assert_allclose(one.open[found.sigmoid_gates.index("o")], (values > 0.9).mean(axis=0))
    np.testing.assert_allclose(found.forced.values, wave(SineData(), 30), atol=1e-6)
    assert (found.part, found.layers, found.steps, found.given, found.stride) == ("o", 2, 30, 10, 1)
    assert found.parts == ("i", "f", "g", "o", "h", "c")


def test_a_long_stretch_is_traced_in_pieces_and_thinned(series, monkeypatch):
    whole = GatesThroughTime(part="c", length=45).answer(series)
    for name, value in (("CHUNK", 7), ("MOST_COLUMNS", 10), ("MOST_ROWS", 2), ("MOST_POINTS", 9)):
        monkeypatch.setattr(gates, name, value)
    reports = []
    found = GatesThroughTime(part="c", length=45).answer(series, lambda *report: reports.append(report))
    assert found.forced.map.shape == (2, 9)
    assert (found.stride, found.curve_stride) == (5, 5)
    rows = [list(whole.units).index(unit) for unit in found.units]
    np.testing.assert_allclose(found.forced.map, whole.forced.map[rows].reshape(2, 9, 5).mean(axis=2), atol=1e-5)
    np.testing.assert_allclose(found.forced.kept, whole.forced.kept, atol=1e-6)
    assert reports[0] == (0, 14)
    assert reports[-1] == (14, 14)


def test_a_stretch_that_does_not_fit_is_refused_with_what_does(series, monkeypatch):
    monkeypatch.setattr(gates, "MOST_VALUES", 100)
    with pytest.raises(ValueError, match="has 26 steps, but with 4 units there is room for 25; take fewer"):
        GatesThroughTime(length=26).answer(series)


def test_the_gate_that_keeps_the_memory_comes_first(series, text, recall):
    assert GatesThroughTime(length=20).answer(series).part == "f"
    words = GatesThroughTime(length=20, prime=5).answer(text)
    assert words.part == "z"
    assert words.forced.words == tuple(text.dataset.vocabulary[token] for token in text.dataset.valid[:20])
    assert words.free.words[:5] == words.forced.words[:5]
    symbols = GatesThroughTime().answer(recall)
    assert (symbols.part, symbols.free, symbols.sigmoid_gates, symbols.steps) == ("g", None, (), 8)


def test_numbers_that_are_not_finite_are_refused(series):
    network = Network(series.experiment.model)
    network.cells[0].bias.assign(np.full(4 * UNITS, np.nan))
    with pytest.raises(ValueError, match="not finite any more"):
        GatesThroughTime(part="h", length=20).answer(dataclasses.replace(series, network=network))


def test_gradients_before_and_now_differ_by_the_weights_alone(series):
    untrained = Network(series.experiment.model, seed=series.experiment.seed)
    same = GradientsBackInTime(reach=12).answer(dataclasses.replace(series, network=untrained))
    np.testing.assert_allclose(same.now, same.before, rtol=1e-5)
    found = GradientsBackInTime(reach=12).answer(series)
    np.testing.assert_allclose(found.before, same.before, rtol=1e-5)
    assert not np.allclose(found.now, found.before, rtol=0.05)
    assert found.now.shape == (4, 13)
    assert found.window == 10


def test_a_memory_tasks_error_is_that_of_its_answer(recall):
    found = GradientsBackInTime(reach=50).answer(recall)
    assert found.now.shape == (1, 8)
    assert found.window == 8


def test_untrained_cells_have_the_runs_width_and_one_more_bias(series):
    found = UntrainedGradients(reach=12, bias=2.5).answer(series)
    assert [start.label for start in found.starts][:4] == [f"LSTM, b = {bias}" for bias in ("0", "1", "2.5", "5")]
    assert found.norms.shape == (2, 6, 13)
    assert found.units == UNITS
    small = found.norms[0]
    assert small[3, 12] / small[3, 1] > small[0, 12] / small[0, 1]


def test_a_cell_is_looked_at_in_both_regimes(series, text):
    at = {"at": 15, "layer": 1, "unit": 3, "length": 30, "prime": 10}
    for is_free in (False, True):
        found = OneCell(**at, is_free=is_free).answer(series)
        prime = wave(SineData(), 30)[None, :, None]
        trace = (
            trace_free_running(series.network, prime[:, :10], 20)
            if is_free
            else trace_teacher_forced(series.network, prime)
        )
        assert found.cell.named["c'"].value == pytest.approx(trace.states["layer_1/c"][0, 15, 3], abs=1e-5)
        assert found.inputs[-1] == pytest.approx(trace.inputs[0, 15, 0], abs=1e-5)
        assert (found.first, len(found.inputs), found.words) == (8, 8, ())
    assert OneCell(at=2, length=9).answer(text).words == tuple(
        text.dataset.vocabulary[token] for token in text.dataset.valid[:3]
    )


def test_what_lies_beyond_the_end_is_the_last_one(series):
    found = OneCell(at=999, layer=9, unit=99, length=20).answer(series)
    assert (found.at, found.layer, found.unit) == (19, 1, UNITS - 1)
