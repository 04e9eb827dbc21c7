import subprocess
import sys

import pytest

from rnnlab import config
from rnnlab.store.artifacts import checkpoint_of
from rnnlab.store.claim import claim_run
from rnnlab.store.run import RunStateError, UnknownRun
from rnnlab.store.store import MOST_DEATHS
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases

WRITE = """
import sys
from rnnlab.store.store import RunStore
from rnnlab.config import Experiment
store = RunStore(sys.argv[1])
for i in range(50):
    store.create(Experiment(), sys.argv[2], f"run {i}")
"""


def claimed(store, run_id):
    return claim_run(store.url, run_id, store.get(run_id).submission, "engine", None)


def test_a_new_run_is_queued_with_its_settings_and_owner(store):
    experiment = small_experiment()
    run = store.get(store.create(experiment, "ada", "my wave", "sine"))
    assert (run.state, run.owner, run.name, run.preset) == ("queued", "ada", "my wave", "sine")
    assert run.experiment == experiment
    assert run.created.utcoffset().total_seconds() == 0


def test_ids_are_short_safe_in_a_url_and_all_different(store):
    ids = {store.create(config.Experiment(), "ada") for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) == 12 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


def test_owners_see_their_own_runs_newest_first(store):
    first, other, second = (store.create(config.Experiment(), owner) for owner in ("ada", "bob", "ada"))
    assert [run.id for run in store.runs(["ada"])] == [second, first]
    assert [run.id for run in store.runs(["ada", "bob"])] == [second, other, first]
    assert store.runs([]) == []


def test_two_processes_write_at_the_same_time_and_nothing_is_lost(store):
    owners = ["ada", "bob"]
    processes = [subprocess.Popen([sys.executable, "-c", WRITE, store.url, owner]) for owner in owners]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert {owner: len(store.runs([owner])) for owner in owners} == {"ada": 50, "bob": 50}


def test_the_queue_is_in_the_order_of_queueing(store):
    runs = [store.create(config.Experiment(), "ada") for _ in range(3)]
    store.ask(store.get(runs[0]), "pause")
    store.queue_again(store.get(runs[0]))
    assert [run.id for run in store.queued()] == [runs[1], runs[2], runs[0]]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_that_cannot_be_shown_gets_a_sentence(store, name):
    run_id = store.create(config.Experiment(), "ada", "before")
    with pytest.raises(ValueError, match="must have 1 to 200; please change it"):
        store.rename(run_id, name)
    assert store.get(run_id).name == "before"


def test_renaming(store):
    run_id = store.create(config.Experiment(), "ada")
    store.rename(run_id, "  a better \n name ")
    assert store.get(run_id).name == "a better name"


def test_deleting_takes_everything_of_the_run(store):
    run_id = store.create(config.Experiment(), "ada")
    claim = claimed(store, run_id)
    claim.add_sample(1, {"values": [1.0]})
    claim.add_checkpoint(checkpoint_of(run_id, 1, 1, b"weights"))
    store.delete(run_id)
    assert store.samples(run_id) == []
    assert store.checkpoints(run_id) == []
    with pytest.raises(UnknownRun):
        store.get(run_id)


@pytest.mark.parametrize("do", ["get", "delete", "curves", "rename"])
def test_an_unknown_run_gets_a_sentence(store, do):
    arguments = ("name",) if do == "rename" else ()
    with pytest.raises(UnknownRun, match=r"There is no run 'gone'; it may have been deleted\. Choose another one"):
        getattr(store, do)("gone", *arguments)


@pytest.mark.parametrize(("command", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_a_run_that_nobody_works_on_obeys_at_once(store, command, state):
    run_id = store.create(config.Experiment(), "ada")
    store.ask(store.get(run_id), command)
    assert store.get(run_id).state == state


def test_a_live_run_is_left_to_its_worker(store):
    run_id = store.create(config.Experiment(), "ada")
    claim = claimed(store, run_id)
    store.ask(store.get(run_id), "stop")
    assert store.get(run_id).state == "starting"
    assert [command.name for command in claim.take_commands()] == ["stop"]
    assert claim.take_commands() == []


def test_stopping_what_is_shown_as_interrupted_ends_it(store):
    run_id = store.create(config.Experiment(), "ada")
    claimed(store, run_id)
    store.ask(store.get(run_id).judged(engine_is_dead=True), "stop")
    assert store.get(run_id).state == "stopped"


def test_going_on_puts_the_run_into_the_queue_without_its_old_commands(store):
    run_id = store.create(config.Experiment(), "ada")
    claim = claimed(store, run_id)
    store.ask(store.get(run_id), "pause")
    claim.end("stopped")
    store.queue_again(store.get(run_id))
    assert store.get(run_id).state == "queued"
    assert claimed(store, run_id).take_commands() == []


def test_going_on_twice_queues_once(store):
    run_id = store.create(config.Experiment(), "ada")
    store.ask(store.get(run_id), "pause")
    paused = store.get(run_id)
    store.queue_again(paused)
    store.queue_again(paused)
    assert store.get(run_id).submission == paused.submission + 1


def test_a_live_or_finished_run_cannot_go_on(store):
    run_id = store.create(config.Experiment(), "ada")
    claim = claimed(store, run_id)
    with pytest.raises(RunStateError, match="This run is starting; only paused, stopped"):
        store.queue_again(store.get(run_id))
    seen_as_lost = store.get(run_id).judged(engine_is_dead=True)
    claim.end("finished")
    with pytest.raises(RunStateError, match="This run is finished"):
        store.queue_again(seen_as_lost)


def test_a_failed_run_goes_on_only_from_a_checkpoint(store):
    run_id = store.create(config.Experiment(), "ada")
    claim = claimed(store, run_id)
    claim.end("failed", "It went wrong.")
    with pytest.raises(RunStateError, match="before its first checkpoint, so it cannot go on"):
        store.queue_again(store.get(run_id))


def test_a_run_whose_worker_died_is_queued_before_younger_ones(store):
    older, younger = (store.create(config.Experiment(), "ada") for _ in range(2))
    claimed(store, older)
    store.queue_after_death(older, 1)
    assert [run.id for run in store.queued()] == [older, younger]


def test_a_run_that_kills_worker_after_worker_fails_with_a_sentence(store):
    run_id = store.create(config.Experiment(), "ada")
    for _ in range(MOST_DEATHS):
        claimed(store, run_id)
        store.queue_after_death(run_id, store.get(run_id).submission)
    run = store.get(run_id)
    assert run.state == "failed"
    assert run.error.startswith("The worker process died 3 times during this run")


def test_a_checkpoint_shows_that_a_run_gets_on_between_deaths(store):
    run_id = store.create(config.Experiment(), "ada")
    for step in range(2 * MOST_DEATHS):
        claimed(store, run_id).add_checkpoint(checkpoint_of(run_id, step, step, b"weights"))
        store.queue_after_death(run_id, store.get(run_id).submission)
    assert store.get(run_id).state == "queued"


def test_the_death_of_a_worker_that_was_replaced_changes_nothing(store):
    run_id = store.create(config.Experiment(), "ada")
    claimed(store, run_id)
    store.queue_after_death(run_id, 1)
    claimed(store, run_id)
    store.queue_after_death(run_id, 1)
    assert store.get(run_id).state == "starting"


def test_a_new_engine_interrupts_what_the_one_before_left_and_only_that(store):
    mine, of_another, waiting = (store.create(config.Experiment(), "ada") for _ in range(3))
    claim_run(store.url, mine, 1, "this engine", None)
    claim_run(store.url, of_another, 1, "another engine", None)
    assert store.interrupt_lost("this engine") == [mine]
    assert [store.get(i).state for i in (mine, of_another, waiting)] == ["interrupted", "starting", "queued"]
