"""The same code on a Dask cluster that was started by hand, as README describes."""

import dataclasses

import pytest

from rnnlab import training
from rnnlab.analyses.series import CompareSeries
from rnnlab.engine.engine_file import read_engine
from rnnlab.lab import Lab
from tests.support.cluster import HandMadeCluster
from tests.support.labs import long_experiment
from tests.support.waiting import wait_for

pytestmark = pytest.mark.slow

RUN_SECONDS = 240.0


@pytest.fixture
def cluster():
    with HandMadeCluster() as cluster:
        yield cluster


@pytest.fixture
def lab(location, cluster):
    lab = Lab(dataclasses.replace(location, cluster=cluster.address))
    yield lab
    lab.close()


def wait_for_run(lab, run_id, look, what):
    wait_for(lambda: look(lab.run(run_id)), what, RUN_SECONDS, there=lambda: (lab.run(run_id), lab.trouble))


LONG = long_experiment(epochs=12_000)
"""Still at work when a test that had to wait for the processor looks at it."""


def wait_until_saved(lab, run_id, attempt, after=0):
    """Until an attempt has weights of a later step to go on from; returns that step."""

    def saved(run):
        newest = lab.store.checkpoints(run_id)[:1]
        return run.attempt == attempt and newest and newest[0].step > after

    wait_for_run(lab, run_id, saved, f"a checkpoint of attempt {attempt}")
    assert lab.run(run_id).state == "running"
    return lab.store.checkpoints(run_id)[0].step


def test_a_run_survives_the_death_of_its_worker_and_then_of_the_scheduler(lab, cluster):
    """In one run, because each new worker takes seconds to load TensorFlow."""
    run_id = lab.submit(LONG)
    step = wait_until_saved(lab, run_id, attempt=1)
    cluster.kill_worker_process()
    step = wait_until_saved(lab, run_id, attempt=2, after=step)
    assert lab.run(run_id).submission == 1  # Dask itself gave it to another worker.
    cluster.kill_scheduler()
    wait_for_run(lab, run_id, lambda run: run.state == "queued" and lab.trouble, "the loss to be noticed")
    assert lab.trouble.startswith(f"The cluster at {cluster.address}, which RNNLAB_CLUSTER names, does not answer (")
    cluster.start_again()
    wait_for_run(lab, run_id, lambda run: run.state == "finished", "the run to finish")
    run = lab.run(run_id)
    assert not lab.trouble
    assert (run.attempt, run.submission) == (3, 2)
    assert step < run.total_steps
    assert lab.ask(run_id, CompareSeries(10, 20)).step == run.total_steps
    assert read_engine(lab.location) is None

    undisturbed = training.fit(LONG)
    curves = lab.curves(run_id).by_name
    assert curves.keys() == {record.name for record in undisturbed.records}
    for name, curve in curves.items():
        steps, values = undisturbed.curve(name)
        assert curve.steps.tolist() == steps.tolist()
        assert curve.values.tolist() == values.tolist()
