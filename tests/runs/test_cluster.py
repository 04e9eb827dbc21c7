"""The same code on a Dask cluster that somebody else has started."""

import dataclasses
import json
import os
import subprocess
import sys

import psutil
import pytest

from rnnlab import training
from rnnlab.runs import Lab
from rnnlab.runs.engine_file import read_engine
from tests.support.labs import long_experiment
from tests.support.waiting import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with one worker, and the processes."""
    file = tmp_path / "scheduler.json"
    log = (tmp_path / "cluster.log").open("w")
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["--scheduler-file", str(file), "--nworkers", "1", "--nthreads", "2", "--no-dashboard"]
    worker += ["--resources", "train=1 view=1", "--local-directory", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": os.getcwd(), "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__STATUS": ""}
    commands = [[*dask, *scheduler], [sys.executable, "-m", "distributed.cli.dask_worker", *worker]]
    processes = [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for command in commands]
    wait_for(file.exists, "the scheduler's file")
    yield json.loads(file.read_text())["address"], processes
    children = [child for p in processes for child in psutil.Process(p.pid).children(recursive=True)]
    for process in reversed(processes):
        process.terminate()
        process.wait(30)
    for left in psutil.wait_procs(children, timeout=10)[1]:
        left.kill()
    log.close()


def test_a_run_on_a_cluster_survives_the_death_of_its_worker(place, cluster):
    address, processes = cluster
    lab = Lab(dataclasses.replace(place, cluster=address))
    try:
        run_id = lab.submit(long_experiment())
        wait_for(lambda: lab.store.checkpoints(run_id), "a checkpoint", there=lambda: lab.run(run_id))
        for child in psutil.Process(processes[1].pid).children():
            if "--multiprocessing-fork" in child.cmdline():
                child.kill()
        wait_for(lambda: lab.run(run_id).state == "finished", "the run to finish", there=lambda: lab.run(run_id))
        view = lab.view("compare_series", run_id, prime=10, horizon=20)
    finally:
        lab.close()
    run = lab.run(run_id)
    assert (run.attempt, run.submission) == (2, 1)
    assert view["step"] == run.total_steps
    assert read_engine(lab.place) is None

    undisturbed = training.fit(long_experiment())
    for name, curve in lab.curves(run_id).by_name.items():
        steps, values = undisturbed.curve(name)
        assert curve.steps.tolist() == steps.tolist()
        assert curve.values.tolist() == values.tolist()
