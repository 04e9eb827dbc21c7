import dataclasses

import pytest

from rnnlab.progress_line import progress_line, readable_seconds
from rnnlab.runs.claim import claim_run
from rnnlab.runs.pulse import Pulse
from rnnlab.runs.store import RunStore
from tests.support.labs import place_in, small_experiment


@pytest.fixture
def run(tmp_path):
    store = RunStore(place_in(tmp_path).database)
    run_id = store.create(small_experiment(), "ada")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 3000)
    return store.get(run_id)


def test_a_live_run_shows_step_loss_speed_and_time_left(run):
    pulse = Pulse()
    pulse.look(run, 0.0)
    later = dataclasses.replace(run, step=1000)
    pulse.look(later, 4.0)
    assert progress_line(later, 0.01234567, pulse) == (
        "running: step 1,000 of 3,000, loss 0.01235, 250 steps/s, 8 s left"
    )


def test_a_run_that_waits_says_for_what(run):
    waiting = dataclasses.replace(run, state="queued", total_steps=None)
    assert progress_line(waiting, None, Pulse()).startswith("queued: waiting for a worker")
    assert progress_line(waiting, None, Pulse(), "The cluster is dead.") == "queued: The cluster is dead."
    downloading = dataclasses.replace(waiting, state="starting", note="Downloading the data: 1.0 of 5.0 MB")
    assert progress_line(downloading, None, Pulse()) == "starting: Downloading the data: 1.0 of 5.0 MB"


def test_a_finished_run_has_no_speed(run):
    finished = dataclasses.replace(run, state="finished", step=3000)
    assert progress_line(finished, 0.5, Pulse()) == "finished: step 3,000 of 3,000, loss 0.5"


@pytest.mark.parametrize(("seconds", "text"), [(8.4, "8 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
def test_spans_of_time_are_said_as_people_say_them(seconds, text):
    assert readable_seconds(seconds) == text
