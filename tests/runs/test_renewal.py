"""Workers that have grown or are lost are replaced, in a real cluster."""

import dask
import pytest
from distributed import Client

from rnnlab.engine.renewal import renew_grown_worker, replace_lost_workers
from rnnlab.engine.roster import workers_of
from tests.support.labs import plain_cluster
from tests.support.waiting import HANGS, wait_for

ANY, NOBODY = 1, 2**50
"""Bytes that every worker holds, and that none does."""


@pytest.fixture
def cluster():
    """Two workers of one test: of one that is replaced, Dask may lose the next process too, a little later."""
    with plain_cluster(2, threads_per_worker=1) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with Client(cluster, set_as_default=False) as client:
        yield client


def test_a_grown_worker_is_replaced_unless_it_has_a_run(cluster, client):
    wait_for(lambda: all(worker["metrics"]["memory"] > 0 for worker in workers_of(client).values()), "measured memory")
    first, second = workers_of(client)
    assert renew_grown_worker(client, [], NOBODY) is None
    assert renew_grown_worker(client, [first, second], ANY) is None
    assert renew_grown_worker(client, [first], ANY) == second

    def has_come():
        replace_lost_workers(cluster)  # As the engine does: on a busy machine, Dask may lose the new one.
        return second not in workers_of(client) and len(workers_of(client)) == 2

    wait_for(has_come, "a new worker", there=lambda: workers_of(client).keys())
    assert first in workers_of(client)
    fresh = next(iter(workers_of(client).keys() - {first}))
    assert client.submit(sum, [2, 3], workers=[fresh], allow_other_workers=True).result(timeout=HANGS) == 5


def test_a_worker_whose_nanny_has_ended_is_replaced(cluster, client):
    before = workers_of(client)
    nanny = next(iter(cluster.workers.values()))
    lost = nanny.worker_address
    cluster.sync(nanny.close)
    wait_for(lambda: list(workers_of(client)) == [address for address in before if address != lost], "the loss")
    replace_lost_workers(cluster)
    wait_for(lambda: len(workers_of(client)) == 2, "a new worker")
    fresh = next(iter(workers_of(client).keys() - before.keys()))
    assert client.submit(sum, [2, 3], workers=[fresh]).result(timeout=HANGS) == 5
    replace_lost_workers(cluster)
    wait_for(lambda: len(cluster.workers) == 2, "two workers, no third")
    assert workers_of(client).keys() == {fresh, *before} - {lost}


def test_no_worker_seems_to_be_gone_while_dask_looks_for_something_else(cluster):
    """What a client holds of the scheduler is overwritten by an answer without workers, here all the time."""
    with (
        dask.config.set({"distributed.client.scheduler-info-interval": "1ms"}),
        Client(cluster, set_as_default=False) as client,
    ):
        wait_for(lambda: len(workers_of(client)) == 2, "two workers")
        assert [len(workers_of(client)) for _ in range(300)] == [2] * 300
