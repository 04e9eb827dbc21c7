"""Workers that have grown or are lost are replaced, in a real cluster."""

import pytest
from distributed import Client

from rnnlab.engine.renewal import renew_grown_worker, replace_lost_workers
from tests.support.labs import plain_cluster
from tests.support.waiting import HANGS, wait_for

ANY, NOBODY = 1, 2**50
"""Bytes that every worker holds, and that none does."""


def workers(client: Client) -> dict[str, dict]:
    return client.scheduler_info(n_workers=-1)["workers"]


@pytest.fixture(scope="module")
def cluster():
    """Two workers, which each test leaves behind, though not always the same."""
    with plain_cluster(2, threads_per_worker=1) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with Client(cluster, set_as_default=False) as client:
        yield client


def test_a_grown_worker_is_replaced_unless_it_has_a_run(client):
    wait_for(lambda: all(worker["metrics"]["memory"] > 0 for worker in workers(client).values()), "measured memory")
    first, second = workers(client)
    assert renew_grown_worker(client, [], NOBODY) is None
    assert renew_grown_worker(client, [first, second], ANY) is None
    assert renew_grown_worker(client, [first], ANY) == second
    wait_for(lambda: second not in workers(client) and len(workers(client)) == 2, "a new worker", 60)
    assert first in workers(client)
    fresh = next(iter(workers(client).keys() - {first}))
    assert client.submit(sum, [2, 3], workers=[fresh]).result(timeout=HANGS) == 5


def test_a_worker_whose_nanny_has_ended_is_replaced(cluster, client):
    before = workers(client)
    nanny = next(iter(cluster.workers.values()))
    lost = nanny.worker_address
    cluster.sync(nanny.close)
    wait_for(lambda: list(workers(client)) == [address for address in before if address != lost], "the loss")
    replace_lost_workers(cluster)
    wait_for(lambda: len(workers(client)) == 2, "a new worker")
    fresh = next(iter(workers(client).keys() - before.keys()))
    assert client.submit(sum, [2, 3], workers=[fresh]).result(timeout=HANGS) == 5
    replace_lost_workers(cluster)
    wait_for(lambda: len(cluster.workers) == 2, "two workers, no third")
    assert workers(client).keys() == {fresh, *before} - {lost}
