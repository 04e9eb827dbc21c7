"""An exported script, run without RNN Lab, gives the numbers of the run."""

import ast

import numpy as np
import pytest

import rnnlab
from rnnlab.config import Experiment, ModelConfig, TrainingConfig
from rnnlab.errors import LabError
from rnnlab.export.exported import ExportedRun
from rnnlab.export.script import script_files, why_no_script
from tests.export.conftest import CASES

GENERATING = ["sine-original", "noisy square", "grammar", "own words", "own characters", "own series"]


def free_run(case):
    """100 values that the run's network generates, or its most probable tokens."""
    network, dataset = case.run.network, case.run.dataset
    if dataset.has_tokens:
        return rnnlab.generate_tokens(network, np.array([[dataset.vocabulary.index("<eos>")]]), 100, 0.0)[0]
    data = dataset if case.run.experiment.data.needs_own_text else case.run.experiment.data
    return rnnlab.compare_series(network, data, prime=50, horizon=100).free_running


@pytest.mark.parametrize("name", CASES)
def test_the_losses_are_those_of_the_run(cases, name):
    losses, expected = np.array(cases[name].results["trained"]["losses"]), cases[name].exported.losses
    assert len(losses) == len(expected) >= 20
    np.testing.assert_allclose(losses[:20], expected[:20], rtol=1e-5)
    np.testing.assert_allclose(losses[-1], expected[-1], rtol=1e-3)


@pytest.mark.parametrize("name", GENERATING)
def test_the_free_run_from_the_exported_weights_is_that_of_the_run(cases, name):
    expected = free_run(cases[name])
    generated = np.array(cases[name].results["loaded"]["generated"])[: len(expected)]
    np.testing.assert_allclose(generated, expected, atol=1e-5 * max(1.0, np.abs(expected).max()))


def test_the_losses_and_the_free_run_are_left_as_files(cases):
    folder = cases["noisy square"].folder
    losses = np.loadtxt(folder / "losses.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(losses[:, 1], cases["noisy square"].results["trained"]["losses"])
    assert np.loadtxt(folder / "generated.csv", delimiter=",", skiprows=1).shape == (500, 2)


@pytest.mark.parametrize("name", CASES)
def test_a_script_holds_no_word_of_the_lab_and_no_choice_that_this_run_did_not_make(cases, name):
    text = (cases[name].folder / "script.py").read_text()
    tree = ast.parse(text)
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert modules <= {"os", "sys", "urllib.request", "keras", "numpy", "tensorflow"}
    other = {"lstm": "GRU", "gru": "LSTM", "simple_rnn": "LSTM"}[cases[name].run.experiment.model.cell]
    assert f"keras.layers.{other}" not in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.treebank
def test_the_script_of_a_part_of_the_treebank_finds_its_text(with_treebank, cases):
    treebank = cases["treebank"]
    made_by_the_script = {"losses.csv", "generated.csv", "results.json"}
    assert {file.name for file in treebank.folder.iterdir()} - made_by_the_script == {"script.py", "weights.npz"}
    losses = treebank.results["trained"]["losses"]
    assert len(losses) == len(treebank.exported.losses) >= 20
    np.testing.assert_allclose(losses[:20], treebank.exported.losses[:20], rtol=1e-5)


@pytest.mark.parametrize(
    ("model", "training", "word"),
    [
        ({"use_peepholes": True}, {}, "peepholes"),
        ({"num_proj": 2}, {}, "projection"),
        ({"cell_clip": 1.0}, {}, "limit on the memory cell"),
        ({"state_dropout": 0.1}, {}, "recurrent dropout"),
        ({}, {"feedback": 0.5}, "feeds outputs back"),
    ],
)
def test_what_keras_cannot_express_gets_a_sentence(model, training, word):
    experiment = Experiment(model=ModelConfig(**model), training=TrainingConfig(**training))
    with pytest.raises(LabError, match=word):
        script_files(ExportedRun("A run", experiment))


def test_settings_of_other_cells_are_no_obstacle():
    assert why_no_script(Experiment(model=ModelConfig(cell="gru", use_peepholes=True, num_proj=2, cell_clip=1.0))) == ""


@pytest.mark.parametrize("name", ['"""', "\\", 'a\nimport os; os.remove("x")', "''' $name {} %s \u202e"])
def test_no_name_of_a_run_becomes_code(name):
    tree = ast.parse(script_files(ExportedRun(name, Experiment()))["script.py"])
    harmless = ast.parse(script_files(ExportedRun("A run", Experiment()))["script.py"])
    assert [ast.dump(one) for one in tree.body[1:]] == [ast.dump(one) for one in harmless.body[1:]]
