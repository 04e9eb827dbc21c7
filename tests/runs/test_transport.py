"""What is done to a run while it trains, and with its weights afterwards: a real trainer and store, no cluster."""

import dataclasses
import time

import pytest

from rnnlab.config import InvalidSetting
from rnnlab.engine.workers import Workers
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.store.run import RunStateError
from rnnlab.worker.execution import train_run
from tests.support.fitting import fitted
from tests.support.labs import small_experiment

STEPS = 40


@pytest.fixture
def lab(store, location, monkeypatch):
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


@pytest.fixture
def execute(store, location):
    """Executes a run as a worker would."""

    def run(run_id):
        submission = store.get(run_id).submission
        return train_run(run_id, submission, location.database, location.artifacts, location.engine_name)

    return run


@pytest.fixture
def paused(lab, store, execute):
    """A run that was paused after so many of its updates."""

    def make(updates, experiment=None):
        run_id = store.create(experiment or small_experiment(STEPS), "ada")
        lab.stop(run_id)
        lab.advance(run_id, updates=updates)
        assert execute(run_id) == "paused"
        assert store.get(run_id).step == updates
        return run_id

    return make


def curve(store, run_id, name):
    points = store.curves(run_id).by_name[name]
    return points.steps.tolist(), points.values.tolist()


def fitted_curve(experiment, name):
    return tuple(part.tolist() for part in fitted(experiment).curve(name))


def with_training(experiment, **settings):
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **settings))


def test_one_update_is_exactly_one(lab, store, execute, paused):
    run_id = paused(7)
    for step in (8, 9):
        lab.advance(run_id)
        assert execute(run_id) == "paused"
        assert store.get(run_id).step == step
    assert curve(store, run_id, "batch_loss") == tuple(
        part[:9] for part in fitted_curve(small_experiment(STEPS), "batch_loss")
    )


def test_an_epoch_ends_where_the_next_one_begins(lab, store, execute, paused):
    experiment = with_training(small_experiment(10), num_steps=7)  # 39 inputs, five windows an epoch
    run_id = paused(6, experiment)
    lab.advance(run_id, epochs=1)
    assert execute(run_id) == "paused"
    assert store.get(run_id).step == 10
    lab.advance(run_id, epochs=2)
    assert execute(run_id) == "paused"
    assert store.get(run_id).step == 20


def test_a_moved_rate_counts_from_the_next_update_on_and_is_repeated_by_another_run(store, execute, paused):
    run_id = paused(10)
    store.queue_again(store.get(run_id), change={"name": "learning_rate", "value": 0.002})
    assert execute(run_id) == "finished"
    run = store.get(run_id)
    assert run.experiment.training.changes == "learning_rate@10=0.002"
    steps, rates = curve(store, run_id, "learning_rate")
    assert steps == list(range(STEPS))
    assert rates == pytest.approx([0.01] * 10 + [0.002] * 30)
    for name in ("batch_loss", "grad_norm", "valid_loss", "learning_rate"):
        assert curve(store, run_id, name) == fitted_curve(run.experiment, name)
    assert fitted_curve(run.experiment, "batch_loss") != fitted_curve(small_experiment(STEPS), "batch_loss")


def test_moved_feedback_is_repeated_too_and_only_where_there_is_some(lab, store, execute, paused):
    run_id = paused(10, small_experiment(STEPS, feedback=0.1))
    store.queue_again(store.get(run_id), change={"name": "feedback", "value": 1.0})
    assert execute(run_id) == "finished"
    experiment = store.get(run_id).experiment
    assert experiment.training.changes == "feedback@10=1.0"
    assert curve(store, run_id, "batch_loss") == fitted_curve(experiment, "batch_loss")
    with pytest.raises(InvalidSetting, match="only in a run that begins with some"):
        lab.change(paused(10), "feedback", 0.5)


@pytest.mark.parametrize(("name", "value"), [("learning_rate", -1.0), ("learning_rate", 1e9), ("units", 8.0)])
def test_what_no_run_may_have_is_refused_before_a_worker_hears_of_it(lab, paused, name, value):
    with pytest.raises(InvalidSetting):
        lab.change(paused(3), name, value)


def test_a_run_that_does_not_train_is_not_moved(lab, paused):
    run_id = paused(3)
    for deed in (lambda: lab.change(run_id, "learning_rate", 0.1), lambda: lab.set_pace(run_id, 2)):
        with pytest.raises(RunStateError, match="This run is paused"):
            deed()
    with pytest.raises(LabError, match="pace was 0"):
        lab.set_pace(run_id, 0)


def test_a_pace_is_kept(store, execute, paused):
    run_id = paused(10)
    store.queue_again(store.get(run_id), pace={"updates_per_second": 50})
    began = time.monotonic()
    assert execute(run_id) == "finished"
    assert time.monotonic() - began > (STEPS - 10 - 1) / 50
    assert curve(store, run_id, "batch_loss") == fitted_curve(small_experiment(STEPS), "batch_loss")


def test_more_epochs_go_on_where_the_run_ended(lab, store, execute):
    run_id = store.create(small_experiment(STEPS), "ada")
    execute(run_id)
    lab.extend(run_id, 15)
    assert execute(run_id) == "finished"
    run = store.get(run_id)
    assert (run.step, run.total_steps, run.experiment.training.epochs) == (55, 55, 55)
    assert curve(store, run_id, "batch_loss") == fitted_curve(small_experiment(55), "batch_loss")
    lab.extend(run_id, 1)
    with pytest.raises(RunStateError, match="only a finished run"):
        lab.extend(run_id, 1)


def test_a_fork_begins_at_its_parents_loss_and_is_a_run_of_its_own(lab, store, execute, paused):
    parent = paused(20)
    before = store.get(parent)
    same = lab.fork(parent, small_experiment(STEPS), "bob")
    other = lab.fork(parent, with_training(small_experiment(STEPS), learning_rate=0.2, clip_norm=1.0), "bob")
    assert (execute(same), execute(other)) == ("finished", "finished")
    steps, losses = fitted_curve(small_experiment(STEPS), "batch_loss")
    assert curve(store, same, "batch_loss") == (steps[20:], losses[20:])
    forked_steps, forked = curve(store, other, "batch_loss")
    assert forked_steps == steps[20:]
    assert forked[0] == losses[20]
    assert forked[1:] != losses[21:]
    assert store.get(other).name.endswith("fork at step 20")
    assert store.get(parent) == before


def test_a_fork_from_between_two_measurements_begins_with_one(lab, store, execute, paused):
    rarely = small_experiment(STEPS, evaluate_every=30)
    fork = lab.fork(paused(20, rarely), with_training(rarely, learning_rate=0.2, clip_norm=1.0), "bob")
    assert execute(fork) == "finished"
    steps, losses = curve(store, fork, "valid_loss")
    assert steps == [20, 30, 40]
    measured, undisturbed = fitted_curve(small_experiment(STEPS, evaluate_every=20), "valid_loss")
    assert losses[0] == undisturbed[measured.index(20)]


def test_a_fork_that_cannot_be_has_its_sentence(lab, store, execute, paused):
    parent = paused(20)
    wider = dataclasses.replace(small_experiment(STEPS), model=dataclasses.replace(small_experiment().model, units=5))
    with pytest.raises(InvalidSetting, match=r"Units \(units\) was 5, but a fork keeps the weights .* with 4"):
        lab.fork(parent, wider)
    with pytest.raises(InvalidSetting, match=r"Epochs .* was 20, but 20 of them are done"):
        lab.fork(parent, small_experiment(20))
    with pytest.raises(RunStateError, match="no checkpoint yet"):
        lab.fork(store.create(small_experiment(STEPS), "ada"), small_experiment(STEPS))
