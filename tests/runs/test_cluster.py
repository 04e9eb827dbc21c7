"""The same code on a Dask cluster that somebody has started by hand, as README says."""

import dataclasses

import pytest

from rnnlab import training
from rnnlab.runs import Lab
from rnnlab.runs.engine_file import read_engine
from tests.support.cluster import HandMadeCluster
from tests.support.labs import long_experiment
from tests.support.waiting import wait_for

pytestmark = pytest.mark.slow

RUN_SECONDS = 240.0


@pytest.fixture(scope="module")
def cluster():
    with HandMadeCluster() as cluster:
        yield cluster


@pytest.fixture
def lab(place, cluster):
    lab = Lab(dataclasses.replace(place, cluster=cluster.address))
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def undisturbed():
    return training.fit(long_experiment())


def wait_for_run(lab, run_id, look, what):
    wait_for(lambda: look(lab.run(run_id)), what, RUN_SECONDS, there=lambda: (lab.run(run_id), lab.trouble))


def wait_until_half_way(lab, run_id):
    wait_for(lambda: lab.store.checkpoints(run_id), "a checkpoint", RUN_SECONDS, there=lambda: lab.run(run_id))
    assert lab.run(run_id).state == "running"


def assert_undisturbed(lab, run_id, undisturbed):
    assert {record.name for record in undisturbed.records} == lab.curves(run_id).by_name.keys()
    for name, curve in lab.curves(run_id).by_name.items():
        steps, values = undisturbed.curve(name)
        assert curve.steps.tolist() == steps.tolist()
        assert curve.values.tolist() == values.tolist()


def test_a_run_on_a_cluster_survives_the_death_of_its_worker(lab, cluster, undisturbed):
    run_id = lab.submit(long_experiment())
    wait_until_half_way(lab, run_id)
    cluster.kill_worker_process()
    wait_for_run(lab, run_id, lambda run: run.state == "finished", "the run to finish")
    view = lab.view("compare_series", run_id, prime=10, horizon=20)
    run = lab.run(run_id)
    assert (run.attempt, run.submission) == (2, 1)
    assert view["step"] == run.total_steps
    assert read_engine(lab.place) is None
    assert_undisturbed(lab, run_id, undisturbed)


def test_a_run_survives_the_death_of_the_scheduler(lab, cluster, undisturbed):
    run_id = lab.submit(long_experiment())
    wait_until_half_way(lab, run_id)
    cluster.kill_scheduler()
    wait_for(lambda: "does not answer" in lab.trouble, "a sentence", there=lambda: (lab.run(run_id), lab.trouble))
    assert cluster.address in lab.trouble
    assert lab.run(run_id).state == "queued"
    cluster.start_again()
    wait_for_run(lab, run_id, lambda run: run.state == "finished", "the run to finish")
    assert lab.trouble == ""
    assert lab.run(run_id).attempt == 2
    assert_undisturbed(lab, run_id, undisturbed)
