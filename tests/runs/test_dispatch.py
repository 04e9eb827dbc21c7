import dataclasses
from datetime import UTC, datetime

import pytest
from distributed import Client
from sqlalchemy import update

from rnnlab.engine.dispatch import TRAIN_SLOT, VIEW_SLOT, Dispatcher
from rnnlab.store import schema
from rnnlab.store.claim import claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.store.run import LOST_AFTER
from tests.support.labs import plain_cluster, small_experiment
from tests.support.waiting import wait_for


def test_a_run_whose_worker_died_before_it_heard_of_it_is_given_to_another(location, store):
    run_id = store.create(small_experiment(), "ada")
    resources = {TRAIN_SLOT: 1, VIEW_SLOT: 1}
    with (
        plain_cluster(1, threads_per_worker=2, resources=resources) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        dispatcher = Dispatcher(client, location)
        # Between looking at the workers and handing out the run its worker can die: nobody listens at this address.
        dispatcher._give(store.get(run_id), "tcp://127.0.0.1:1")

        def finished():
            dispatcher.tick()
            return store.get(run_id).state == "finished"

        wait_for(finished, "the run to finish", there=lambda: store.get(run_id))
    assert store.get(run_id).execution == 1


@pytest.fixture
def nobody_trains(location, store):
    """A dispatcher of a cluster without workers."""
    with plain_cluster(0) as cluster, Client(cluster, set_as_default=False) as client:
        yield Dispatcher(client, dataclasses.replace(location, cluster=cluster.scheduler_address))


def test_runs_of_a_cluster_that_ended_with_all_who_knew_of_them_are_queued_again(location, store, nobody_trains):
    lost, beats, of_another = (store.create(small_experiment(), "ada") for _ in range(3))
    here = nobody_trains.client.scheduler.address
    for run_id, engine in ((lost, here), (beats, here), (of_another, "another engine")):
        claim_run(location.database, run_id, 1, engine, None)
    with writing(open_database(location.database)) as connection:
        silent = schema.runs.c.id.in_([lost, of_another])
        connection.execute(update(schema.runs).where(silent).values(heartbeat=datetime.now(UTC) - 2 * LOST_AFTER))
    nobody_trains.tick()
    assert [store.get(run_id).state for run_id in (lost, beats, of_another)] == ["queued", "starting", "starting"]


def test_a_cluster_without_workers_that_train_is_called_that(store, nobody_trains):
    nobody_trains.tick()
    assert nobody_trains.trouble == ""  # Nobody waits.
    store.create(small_experiment(), "ada")
    nobody_trains.tick()
    assert nobody_trains.trouble.endswith('has no worker that trains; start one with --resources "train=1 view=1".')
