"""First weights and numbers that only scale an update are no part of compiled code.

XLA leaves a file for all that it compiles.
"""

import json
import os
import subprocess
import sys

import pytest

CHANGES = {
    "forget_bias": [0.0, 1.0, 2.0, -1.5, 5.0],
    "init_scale": [0.0, 0.1, 0.5],
    "seed": [0, 1, 2, 3, 4],
    "learning_rate": [0.01, 0.02],
    "clip_norm": [0.01, 0.02],
}

CODE = """
import json, sys
from pathlib import Path
from rnnlab.analyses.series import CompareSeries
from rnnlab.config import Sweep, from_flat
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from rnnlab.worker.answering import answer_question
from rnnlab.worker.execution import train_run

folder, changes = Path(sys.argv[1]), json.loads(sys.argv[2])
location = Location.from_environment({"RNNLAB_HOME": str(folder / "home")})
location.home.mkdir()
database, artifacts = location.database, location.artifacts
store = RunStore(database)
small = {"data": "sine", "samples": 40, "units": 4, "num_steps": 30, "epochs": 4, "optimizer": "sgd", "clip_norm": 0.05}


def compiled():
    return len(list((folder / "xla").glob("*.before_optimizations.txt")))


def work_on_a_group():
    sweep = Sweep(from_flat(small | {"units": 5}), {"forget_bias": [0, 1, 4]}, 2)
    group_id = store.create_group(sweep.experiments, "ada", "group", sweep.varies, ["run"] * 6)
    counts = [compiled()]
    for run in store.members(group_id):
        assert train_run(run.id, 1, database, artifacts, "engine") == "finished"
        counts.append(compiled())
    losses = [run.measured["batch_loss"].last for run in store.members(group_id)]
    return {"trained": [after - before for before, after in zip(counts, counts[1:])], "losses": losses}


def work(**changed):
    run_id = store.create(from_flat(small | changed), "ada")
    files = [len(list((folder / "xla").glob("*.before_optimizations.txt")))]
    assert train_run(run_id, 1, database, artifacts, "engine") == "finished"
    files.append(len(list((folder / "xla").glob("*.before_optimizations.txt"))))
    comparison, trouble = answer_question(CompareSeries(prime=10, horizon=20), run_id, database, artifacts)
    assert not trouble, trouble
    files.append(len(list((folder / "xla").glob("*.before_optimizations.txt"))))
    loss = store.curves(run_id).by_name["batch_loss"].values[0]
    return {"trained": files[1] - files[0], "looked": files[2] - files[1], "loss": loss,
            "rmse": comparison.free_running_rmse}


print(json.dumps({"first": [work()]} | {
    name: [work(**{name: value}) for value in values] for name, values in changes.items()
} | {"group": work_on_a_group()}))
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """What each run of one worker had compiled for its training and for a look at it, and what came out."""
    folder = tmp_path_factory.mktemp("worker")
    dump = f"--xla_dump_to={folder / 'xla'} --xla_dump_hlo_as_text"
    environment = os.environ | {"XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {dump}"}
    command = [sys.executable, "-c", CODE, str(folder), json.dumps(CHANGES)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_the_first_run_is_compiled(work):
    (first,) = work["first"]
    assert first["trained"] > 0
    assert first["looked"] > 0


@pytest.mark.parametrize("setting", CHANGES)
def test_no_other_run_is_compiled(work, setting):
    assert [(one["trained"], one["looked"]) for one in work[setting]] == [(0, 0)] * len(CHANGES[setting])


@pytest.mark.parametrize("setting", CHANGES)
def test_yet_each_is_another_run(work, setting):
    """First weights show in the first loss. The scale of an update shows in the learned weights."""
    results = "rmse" if setting in ("learning_rate", "clip_norm") else "loss"
    assert len({one[results] for one in work[setting]}) == len(CHANGES[setting])


def test_a_group_of_forget_biases_and_seeds_is_compiled_once_by_a_worker(work):
    first, *others = work["group"]["trained"]
    assert first > 0
    assert others == [0] * 5
    assert len(set(work["group"]["losses"])) == 6
