"""The lab without an engine, and its sentences about runs that nobody executes."""

import pytest

from rnnlab.engine.workers import Workers
from rnnlab.lab import Lab
from rnnlab.store.claim import claim_run
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lab(location, store, monkeypatch):
    # These tests are about the lab's own decisions; an engine would take their runs away.
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


def test_a_live_run_of_this_machines_dead_engine_is_interrupted_at_once(lab):
    mine, of_another = (lab.submit(small_experiment(), "ada") for _ in range(2))
    claim_run(lab.location.database, mine, 1, lab.location.engine_name, None)
    claim_run(lab.location.database, of_another, 1, "another machine", None)
    assert lab.run(mine).state == "interrupted"
    assert lab.run(of_another).state == "starting"


def test_one_click_puts_an_interrupted_run_into_the_queue(lab):
    run_id = lab.submit(small_experiment(), "ada")
    claim_run(lab.location.database, run_id, 1, lab.location.engine_name, None)
    lab.resume(run_id)
    assert lab.run(run_id).state == "queued"


def test_stopping_an_interrupted_run_ends_it(lab):
    run_id = lab.submit(small_experiment(), "ada")
    claim_run(lab.location.database, run_id, 1, lab.location.engine_name, None)
    lab.stop(run_id)
    assert lab.run(run_id).state == "stopped"


def test_the_command_lines_runs_belong_to_the_local_owner(lab):
    run_id = lab.submit(small_experiment())
    assert [run.id for run in lab.runs("local")] == [run_id]
    assert lab.runs("ada") == []
    assert [run.id for run in lab.runs("ada", "local")] == [run_id]


def test_deleting_a_run_deletes_its_files(lab):
    run_id = lab.submit(small_experiment(), "ada")
    lab.files.write(f"{run_id}/weights.npz", b"weights")
    lab.delete(run_id)
    assert lab.files.paths(run_id) == []
    assert lab.runs("ada") == []
