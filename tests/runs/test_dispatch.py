import pytest
from distributed import Client

from rnnlab.runs.dispatch import TRAIN_SLOT, VIEW_SLOT, Dispatcher
from tests.support.labs import plain_cluster, small_experiment
from tests.support.waiting import wait_for


@pytest.mark.slow
def test_a_run_whose_worker_died_before_it_heard_of_it_is_given_to_another(place, store):
    run_id = store.create(small_experiment(), "ada")
    resources = {TRAIN_SLOT: 1, VIEW_SLOT: 1}
    with (
        plain_cluster(1, threads_per_worker=2, resources=resources) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        dispatcher = Dispatcher(client, place)
        # Between looking at the workers and handing out the run its worker can die: nobody listens at this address.
        dispatcher._give(store.get(run_id), "tcp://127.0.0.1:1")

        def finished():
            dispatcher.tick()
            return store.get(run_id).state == "finished"

        wait_for(finished, "the run to finish", there=lambda: store.get(run_id))
    assert store.get(run_id).attempt == 1
