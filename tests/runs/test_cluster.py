"""The same code on a Dask cluster that was started by hand, as README describes."""

import dataclasses

import pytest

from rnnlab import training
from rnnlab.analyses.series import CompareSeries
from rnnlab.engine.engine_file import read_engine
from rnnlab.lab import Lab
from tests.support.cluster import HandMadeCluster
from tests.support.labs import SLOWLY, long_experiment, submit_slowly, wait_until_ahead
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


def test_a_run_survives_the_death_of_its_worker_and_then_of_the_scheduler(lab, cluster):
    """In one run, because each new worker takes seconds to load TensorFlow."""
    run_id = submit_slowly(lab, long_experiment())
    before, step = lab.run(run_id), wait_until_ahead(lab, run_id)
    cluster.kill_worker_process()
    lab.store.ask(lab.store.get(run_id), "pace", SLOWLY)  # The next worker reads it first.
    step = wait_until_ahead(lab, run_id, after=step)
    again = lab.run(run_id)
    # Dask itself gave it to another worker.
    assert (again.execution, again.submission) == (2, before.submission)
    cluster.kill_scheduler()
    wait_for_run(lab, run_id, lambda run: run.state == "queued" and lab.trouble, "the loss to be noticed")
    assert lab.trouble.startswith(f"The cluster at {cluster.address}, which RNNLAB_CLUSTER names, does not answer (")
    cluster.start_again()
    wait_for_run(lab, run_id, lambda run: run.state == "finished", "the run to finish")
    run = lab.run(run_id)
    assert not lab.trouble
    assert (run.execution, run.submission) == (3, before.submission + 1)
    assert step < run.total_steps
    assert lab.ask(run_id, CompareSeries(10, 20)).step == run.total_steps
    assert read_engine(lab.location) is None

    undisturbed = training.fit(long_experiment())
    curves = lab.curves(run_id).by_name
    assert curves.keys() == {one.name for one in undisturbed.measurements}
    for name, curve in curves.items():
        steps, values = undisturbed.curve(name)
        assert curve.steps.tolist() == steps.tolist()
        assert curve.values.tolist() == values.tolist()
