from dataclasses import dataclass

import pytest

from rnnlab.store.artifacts import checkpoint_of
from rnnlab.store.claim import Superseded, claim_run
from rnnlab.store.summary import Summary
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Point:
    step: int
    name: str
    value: float


def points(steps, name="loss"):
    return [Point(step, name, step / 10) for step in steps]


def new_run(store):
    return store.create(small_experiment(), "ada")


def claim(store, run_id, checkpoint=None):
    return claim_run(store.url, run_id, store.get(run_id).submission, "engine", checkpoint)


def test_claiming_starts_the_run_and_starting_makes_it_run(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    assert store.get(run_id).state == "starting"
    mine.start(0, 40)
    run = store.get(run_id)
    assert (run.state, run.total_steps, run.engine, run.execution) == ("running", 40, "engine", 1)
    assert run.started is not None


WRITES = {
    "beat": lambda claim: claim.beat(),
    "tell": lambda claim: claim.tell("loading"),
    "start": lambda claim: claim.start(0, 1),
    "append": lambda claim: claim.append(points([9]), 9),
    "add_sample": lambda claim: claim.add_sample(9, {}),
    "add_checkpoint": lambda claim: claim.add_checkpoint(checkpoint_of(claim.run_id, 1, 9, b"old")),
    "end": lambda claim: claim.end("finished"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_worker_that_was_replaced_can_write_nothing(store, write):
    run_id = new_run(store)
    old, _ = claim(store, run_id), claim(store, run_id)
    before = store.get(run_id)
    with pytest.raises(Superseded):
        write(old)
    assert store.get(run_id) == before
    assert (store.curves(run_id).by_name, store.samples(run_id), store.checkpoints(run_id)) == ({}, [], [])


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_worker_whose_run_was_deleted_can_write_nothing(store, write):
    run_id = new_run(store)
    mine = claim(store, run_id)
    store.delete(run_id)
    with pytest.raises(Superseded):
        write(mine)


def test_a_worker_whose_run_was_queued_anew_can_write_nothing(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    store.queue_again(store.get(run_id).judged(engine_is_dead=True))
    with pytest.raises(Superseded):
        mine.beat()
    assert store.get(run_id).state == "queued"


def test_a_replaced_worker_does_not_take_the_commands_of_the_new_one(store):
    run_id = new_run(store)
    old, new = claim(store, run_id), claim(store, run_id)
    store.ask(store.get(run_id), "stop")
    with pytest.raises(Superseded):
        old.take_commands()
    assert [command.name for command in new.take_commands()] == ["stop"]


def test_a_task_of_an_earlier_submission_gets_no_claim(store):
    run_id = new_run(store)
    store.ask(store.get(run_id), "pause")
    store.queue_again(store.get(run_id))
    with pytest.raises(Superseded):
        claim_run(store.url, run_id, 1, "engine", None)
    assert store.get(run_id).execution == 0


@pytest.mark.parametrize("state", ["paused", "finished", "stopped", "failed", "interrupted"])
def test_a_run_that_has_ended_cannot_be_claimed(store, state):
    run_id = new_run(store)
    claim(store, run_id).end(state)
    with pytest.raises(Superseded):
        claim(store, run_id)
    assert store.get(run_id).state == state


def test_claiming_forgets_in_one_go_what_came_after_the_checkpoint(store):
    run_id = new_run(store)
    first = claim(store, run_id)
    first.append(points(range(8)), 8)
    for step in (2, 5, 7):
        first.add_sample(step, {"at": step})
    kept = checkpoint_of(run_id, 1, 5, b"weights")
    first.add_checkpoint(kept)
    first.add_checkpoint(checkpoint_of(run_id, 1, 7, b"later weights that cannot be read"))
    claim(store, run_id, kept)
    assert list(store.curves(run_id).by_name["loss"].steps) == [0, 1, 2, 3, 4, 5]
    assert [sample.step for sample in store.samples(run_id)] == [2, 5]
    assert store.checkpoints(run_id) == [kept]
    assert store.get(run_id).step == 5


def test_starting_again_from_the_beginning_forgets_the_first_point_too(store):
    run_id = new_run(store)
    claim(store, run_id).append(points(range(3)), 3)
    claim(store, run_id)
    assert store.curves(run_id).by_name == {}


def test_the_last_two_checkpoints_are_kept(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    checkpoints = [checkpoint_of(run_id, 1, step, b"weights") for step in range(4)]
    dropped = [mine.add_checkpoint(checkpoint) for checkpoint in checkpoints]
    assert store.checkpoints(run_id) == [checkpoints[3], checkpoints[2]]
    assert dropped == [[], [], [checkpoints[0].path], [checkpoints[1].path]]


def test_every_write_is_a_sign_of_life(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    before = store.get(run_id).heartbeat
    mine.append([], 0)
    assert store.get(run_id).heartbeat > before


def test_the_row_has_the_newest_and_the_best_value_of_each_measure(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    mine.append([Point(0, "valid_loss", 3.0), Point(1, "valid_loss", 1.0), Point(1, "grad_norm", 9.0)], 1)
    mine.append([Point(2, "valid_loss", 2.0), Point(2, "grad_norm", 8.0)], 2)
    mine.append([Point(1, "valid_loss", 0.5)], 2)  # Not newer than the stored points: not counted.
    expected = {"valid_loss": Summary(2.0, 2, best=1.0, best_step=1), "grad_norm": Summary(8.0, 2)}
    assert store.get(run_id).measured == expected


def test_going_back_to_a_checkpoint_forgets_what_was_best_after_it(store):
    run_id = new_run(store)
    mine = claim(store, run_id)
    mine.append([Point(step, "valid_loss", 3.0 - step) for step in range(3)], 2)
    kept = checkpoint_of(run_id, 1, 1, b"weights")
    mine.add_checkpoint(kept)
    again = claim(store, run_id, kept)
    assert store.get(run_id).measured == {"valid_loss": Summary(2.0, 1, best=2.0, best_step=1)}
    again.append([Point(2, "valid_loss", 2.5)], 2)
    assert store.get(run_id).measured == {"valid_loss": Summary(2.5, 2, best=2.0, best_step=1)}
