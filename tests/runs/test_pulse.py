import dataclasses

import pytest

from rnnlab.runs.claim import claim_run
from rnnlab.runs.pulse import WINDOW_SECONDS, Pulse
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def run(store):
    run_id = store.create(small_experiment(), "ada")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 1000)
    return store.get(run_id)


def look(pulse, run, step, now):
    seen = dataclasses.replace(run, step=step)
    pulse.look(seen, now)
    return seen


def test_speed_and_time_left(run):
    pulse = Pulse()
    look(pulse, run, 0, 10.0)
    seen = look(pulse, run, 100, 11.0)
    assert pulse.steps_per_second == 100
    assert pulse.seconds_left(seen) == 9


def test_nothing_is_said_before_the_run_was_seen_to_move(run):
    pulse = Pulse()
    assert pulse.steps_per_second is None
    seen = look(pulse, run, 0, 1.0)
    look(pulse, run, 0, 2.0)
    assert pulse.steps_per_second is None
    assert pulse.seconds_left(seen) is None


def test_only_the_last_seconds_count(run):
    pulse = Pulse()
    look(pulse, run, 0, 0.0)
    for second in range(1, 9):
        look(pulse, run, 1000 + second, float(second + WINDOW_SECONDS))
    assert pulse.steps_per_second == 1


def test_going_back_to_a_checkpoint_starts_the_measurement_anew(run):
    pulse = Pulse()
    look(pulse, run, 500, 1.0)
    look(pulse, dataclasses.replace(run, attempt=2), 300, 2.0)
    assert pulse.steps_per_second is None
