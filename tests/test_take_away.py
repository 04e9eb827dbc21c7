"""Every way to take a run away, for every kind of task: the files can be opened, and hold what was asked for."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest

from rnnlab import cli
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.cli.options import EXPORTS
from rnnlab.config import from_flat
from rnnlab.export.exported import ExportedRun
from rnnlab.lab import Lab
from rnnlab.measures import BATCH_LOSS
from rnnlab.models import Network
from rnnlab.presets import PRESETS
from rnnlab.store.curves import Curve
from rnnlab.take_away import WAYS, predictions

TASKS = {
    "sine": {},
    "grammar": {"train_tokens": 500},
    "grammar-numbers": {"train_tokens": 500},
    "delayed-recall": {"time_lag": 4, "sequences": 40},
    "adding": {"sequences": 60},
}
"""Presets, one of each kind of task, and what makes them small."""


@pytest.fixture(scope="module", params=TASKS)
def taken(request):
    """A run of that task, and something that answers questions about its network."""
    settings = {"units": 3, **TASKS[request.param]}
    experiment = from_flat(settings, PRESETS[request.param].experiment)
    run = ExportedRun("A run", experiment, "abc", {BATCH_LOSS.name: Curve(np.arange(3), np.array([3.0, 2.0, 1.0]))})
    network = Network.for_experiment(experiment, len(run.dataset.vocabulary), seed=1)
    trained = TrainedNetwork(experiment, run.dataset, network, step=3)
    return run, lambda question: question.answer(trained)


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_file_can_be_opened(taken):
    run, ask = taken
    for way in WAYS.values():
        if way.why_not(run.experiment):
            continue
        content = way.make(run, ask)
        files = opened(content) if way.ending.endswith(".zip") else {way.ending: content}
        assert all(files.values())
        assert not any(b"cnumpy" in data or b"pickle" in data for data in files.values())


def test_the_tables_have_the_measures_and_the_predictions(taken):
    run, ask = taken
    files = opened(WAYS["csv"].make(run, ask))
    losses = list(csv.DictReader(io.StringIO(files["measures.csv"].decode())))
    assert [float(row["value"]) for row in losses] == [3.0, 2.0, 1.0]
    columns = predictions(run, ask)
    table = list(csv.DictReader(io.StringIO(files["predictions.csv"].decode())))
    assert list(table[0]) == list(columns)
    assert len(table) == len(next(iter(columns.values())))


def test_the_weights_come_with_what_their_use_needs(taken):
    run, ask = taken
    files = opened(WAYS["weights"].make(run, ask))
    settings = json.loads(files["settings.json"])
    assert tuple(settings["vocabulary"]) == run.dataset.vocabulary
    assert from_flat(settings["settings"]) == run.experiment
    with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as weights:
        assert weights["head/bias"].shape == (run.experiment.outputs(len(run.dataset.vocabulary) or None),)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """The id of a run in a lab of its own, whose engine is not started: nothing here asks the network."""
    for name in ("RNNLAB_DATABASE", "RNNLAB_ARTIFACTS", "RNNLAB_CLUSTER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("rnnlab.engine.engine_file.start_engine", lambda *_: None)
    store = Lab.open().store
    both = [
        from_flat({"units": 3, "use_peepholes": peepholes}, PRESETS["sine"].experiment) for peepholes in (False, True)
    ]
    return [store.create(experiment, "local", "My: run?", "sine") for experiment in both]


def test_the_command_line_writes_what_needs_no_worker(stored, tmp_path, capsys):
    folder = tmp_path / "a" / "b"
    for kind in ("script", "notebook", "tensorboard"):
        assert cli.main(["export", stored[0], "--as", kind, "--to", str(folder)]) == 0
    assert {file.name for file in folder.iterdir()} == {"my-run-script.zip", "my-run.ipynb", "my-run-tensorboard.zip"}
    assert "script.py" in opened((folder / "my-run-script.zip").read_bytes())
    assert "python script.py" in capsys.readouterr().out


def test_the_command_line_says_why_a_run_has_no_script(stored, tmp_path, capsys):
    assert cli.main(["export", stored[1], "--as", "script", "--to", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert "peepholes" in printed
    assert printed.count("\n") == 1


def test_the_command_line_offers_every_way(capsys):
    with pytest.raises(SystemExit):
        cli.main(["export", "--help"])
    helped = capsys.readouterr().out
    assert tuple(WAYS) == EXPORTS
    assert all(kind in helped for kind in WAYS)
