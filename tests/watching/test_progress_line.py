import dataclasses

import pytest

from rnnlab.store.claim import claim_run
from rnnlab.store.store import RunStore
from rnnlab.watching.progress_line import progress_line
from rnnlab.watching.speed import Speed
from tests.support.labs import location_in, small_experiment


@pytest.fixture
def run(tmp_path):
    store = RunStore(location_in(tmp_path).database)
    run_id = store.create(small_experiment(), "ada")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 3000)
    return store.get(run_id)


def test_a_live_run_shows_step_loss_speed_and_time_left(run):
    speed = Speed()
    speed.look(run, 0.0)
    later = dataclasses.replace(run, step=1000)
    speed.look(later, 4.0)
    assert progress_line(later, 0.01234567, speed) == (
        "running: step 1,000 of 3,000, loss 0.01235, 250 steps/s, 8 s left"
    )


def test_a_run_that_waits_says_for_what(run):
    waiting = dataclasses.replace(run, state="queued", total_steps=None)
    assert progress_line(waiting, None, Speed()).startswith("queued: waiting for a worker")
    assert progress_line(waiting, None, Speed(), "The cluster is dead.") == "queued: The cluster is dead."
    downloading = dataclasses.replace(waiting, state="starting", note="Downloading the data: 1.0 of 5.0 MB")
    assert progress_line(downloading, None, Speed()) == "starting: Downloading the data: 1.0 of 5.0 MB"


def test_a_finished_run_has_no_speed(run):
    finished = dataclasses.replace(run, state="finished", step=3000)
    assert progress_line(finished, 0.5, Speed()) == "finished: step 3,000 of 3,000, loss 0.5"
