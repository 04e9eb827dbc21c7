"""One step as a Keras model: every cell, loaded in a process that has no RNN Lab."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from rnnlab.analyses.network_files import NetworkFiles
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig
from rnnlab.data import load_dataset, wave
from rnnlab.errors import LabError
from rnnlab.export.exported import ExportedRun
from rnnlab.export.run_free import RUN_FREE
from rnnlab.export.step_model import model_bytes, step_model
from rnnlab.export.tables import settings_json
from rnnlab.generation import generate_series
from rnnlab.models import Network

VARIANTS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "lstm, all variants": {
        "use_peepholes": True,
        "cell_clip": 0.4,
        "num_proj": 3,
        "proj_clip": 0.3,
        "init_scale": 0.9,
        "num_layers": 2,
    },
    "gru": {"cell": "gru", "num_layers": 2},
    "gru, reset after": {"cell": "gru", "reset_after": True, "init_scale": 0.5},
}


def network_of(settings, vocabulary=0, **more):
    return Network(ModelConfig(units=4, **settings), vocabulary, seed=3, **more)


def zero_states(network):
    """The states of two streams before the first input, as the model calls them."""
    return {name.replace("/", "_"): part for name, part in network.named_state(network.zero_state(2)).items()}


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=list(VARIANTS))
def test_a_step_of_the_model_is_a_step_of_the_network(settings):
    network = network_of(settings)
    model = step_model(network)
    state, states = network.zero_state(2), zero_states(network)
    random = np.random.default_rng(0)
    for _ in range(4):
        value = keras.ops.convert_to_tensor(random.normal(size=(2, 1)), "float32")
        outputs, state = network.step(value, state)
        before = states or {
            name.replace("/", "_"): part for name, part in network.named_state(network.zero_state(2)).items()
        }
        result = dict(model({"input": value, **before}))
        np.testing.assert_allclose(result.pop("output"), outputs, atol=1e-6)
        states = result
        for name, part in network.named_state(state).items():
            np.testing.assert_allclose(states[name.replace("/", "_")], part, atol=1e-6)


def test_a_tied_network_of_text_reads_tokens_and_gives_logits():
    network = network_of({"tie_embeddings": True}, vocabulary=7)
    model = step_model(network)
    tokens = keras.ops.convert_to_tensor([3, 6], "int32")
    states = zero_states(network)
    expected, _ = network.step(tokens, network.zero_state(2))
    np.testing.assert_allclose(model({"input": tokens, **states})["output"], expected, atol=1e-6)


def test_a_network_that_reads_both_ways_has_no_step():
    with pytest.raises(LabError, match="both ways"):
        step_model(network_of({"unrolling": "bidirectional"}, tags=2))


def test_the_question_gives_both_files(tmp_path):
    experiment = Experiment(model=ModelConfig(units=4))
    network = Network.for_experiment(experiment, 0, seed=1)
    trained = TrainedNetwork(experiment, load_dataset(experiment.data, 0), network, 9)
    answer = NetworkFiles().answer(trained)
    file = tmp_path / "weights.npz"
    file.write_bytes(answer.weights.tobytes())
    with np.load(file, allow_pickle=False) as saved:
        assert set(saved.files) == set(network.named_weights)
        np.testing.assert_array_equal(saved["layer_0/kernel"], network.cells[0].kernel.numpy())
    (tmp_path / "step.keras").write_bytes(answer.model.tobytes())
    assert keras.models.load_model(tmp_path / "step.keras", safe_mode=True).count_params() == network.count_params()
    assert answer.step == 9


def test_the_model_runs_free_in_a_process_without_the_lab(tmp_path):
    experiment = Experiment(SineData(samples=60), ModelConfig(units=4), TrainingConfig(num_steps=20))
    network = network_of(VARIANTS["lstm, all variants"])
    (tmp_path / "step.keras").write_bytes(model_bytes(step_model(network)))
    (tmp_path / "settings.json").write_bytes(settings_json(ExportedRun("A run", experiment)))
    (tmp_path / "run_free.py").write_text(RUN_FREE[False])
    subprocess.run([sys.executable, "-I", "run_free.py"], cwd=tmp_path, check=True, capture_output=True)
    generated = np.loadtxt(tmp_path / "generated.csv", skiprows=1)
    expected = generate_series(network, wave(experiment.data, 50)[None, :, None], 200)[0, :, 0]
    np.testing.assert_allclose(generated, expected, atol=1e-5)
    assert json.loads((tmp_path / "settings.json").read_text())["settings"]["samples"] == 60
