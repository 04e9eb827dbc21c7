import dataclasses

import pytest

from rnnlab.store.claim import claim_run
from rnnlab.store.store import RunStore
from rnnlab.watching.speed import WINDOW_SECONDS, Speed
from tests.support.labs import location_in, small_experiment


@pytest.fixture
def run(tmp_path):
    store = RunStore(location_in(tmp_path).database)
    run_id = store.create(small_experiment(), "ada")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 1000)
    return store.get(run_id)


def look(speed, run, step, now):
    seen = dataclasses.replace(run, step=step)
    speed.look(seen, now)
    return seen


def test_speed_and_time_left(run):
    speed = Speed()
    look(speed, run, 0, 10.0)
    seen = look(speed, run, 100, 11.0)
    assert speed.steps_per_second == 100
    assert speed.seconds_left(seen) == 9


def test_nothing_is_said_before_the_run_was_seen_to_move(run):
    speed = Speed()
    assert speed.steps_per_second is None
    seen = look(speed, run, 0, 1.0)
    look(speed, run, 0, 2.0)
    assert speed.steps_per_second is None
    assert speed.seconds_left(seen) is None


def test_only_the_last_seconds_count(run):
    speed = Speed()
    look(speed, run, 0, 0.0)
    for second in range(1, 9):
        look(speed, run, 1000 + second, float(second + WINDOW_SECONDS))
    assert speed.steps_per_second == 1


def test_going_back_to_a_checkpoint_starts_the_measurement_anew(run):
    speed = Speed()
    look(speed, run, 500, 1.0)
    look(speed, dataclasses.replace(run, execution=2), 300, 2.0)
    assert speed.steps_per_second is None
