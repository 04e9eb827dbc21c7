"""What a group will cost, told by the runs that finished before it."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from rnnlab.config import Sweep, TextData, from_flat
from rnnlab.formulas.estimates import about_bytes, run_bytes, update_work
from rnnlab.presets import GRAMMAR, PTB_SMALL
from rnnlab.store import schema
from rnnlab.store.claim import claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.watching.estimate import Estimate, estimate, updates_of
from tests.support.labs import small_experiment


@pytest.fixture
def trained(lab):
    """A run of so many updates that took so many seconds."""

    def finish(experiment, updates, seconds):
        run_id = lab.submit(experiment)
        claim = claim_run(lab.location.database, run_id, 1, "another machine", None)
        claim.start(0, updates)
        claim.append([], updates)
        claim.end("finished")
        now = datetime.now(UTC)
        times = {"started": now - timedelta(seconds=seconds), "ended": now}
        with writing(open_database(lab.location.database)) as connection:
            connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(**times))

    return finish


def test_without_a_finished_run_the_time_is_not_known_and_that_is_said(lab):
    found = estimate(lab, Sweep(small_experiment(), {}, 3))
    assert (found.runs, found.seconds) == (3, None)
    assert found.words == "3 runs, time unknown: nothing like this was trained here yet, about 1 MB on disk."


def test_runs_of_the_same_settings_take_as_long_as_the_one_before_shared_by_two_workers(lab, trained):
    trained(small_experiment(40), 40, 10)
    assert estimate(lab, Sweep(small_experiment(40), {}, 6)).seconds == pytest.approx(6 * 10 / 2, abs=1)
    assert estimate(lab, Sweep(small_experiment(400), {}, 2)).seconds == pytest.approx(100, abs=1)


def test_a_longer_window_takes_longer_in_proportion(lab, trained):
    trained(from_flat({"samples": 400, "num_steps": 100, "epochs": 10}), 40, 8)
    # Two windows an epoch instead of four, each twice as long.
    found = estimate(lab, Sweep(from_flat({"samples": 400, "num_steps": 200, "epochs": 10}), {}, 2))
    assert found.seconds == pytest.approx(8, abs=1)


def test_the_speed_is_that_of_a_run_with_the_same_cell(lab, trained):
    trained(from_flat({"samples": 400, "cell": "gru", "epochs": 10, "num_steps": 100}), 40, 100)
    trained(from_flat({"samples": 400, "cell": "lstm", "epochs": 10, "num_steps": 100}), 40, 4)
    sweep = Sweep(from_flat({"samples": 400, "cell": "lstm", "epochs": 10, "num_steps": 100}), {}, 2)
    assert estimate(lab, sweep).seconds == pytest.approx(4, abs=1)


def test_a_run_that_was_interrupted_tells_no_speed(lab, trained):
    trained(small_experiment(40), 40, 10)
    with writing(open_database(lab.location.database)) as connection:
        connection.execute(update(schema.runs).values(execution=2))
    assert estimate(lab, Sweep(small_experiment(40), {}, 2)).seconds is None


@pytest.mark.parametrize(
    "experiment",
    [
        small_experiment(7),
        from_flat({"samples": 200, "num_steps": 30, "batch_size": 3, "epochs": 5}),
        GRAMMAR.experiment,
    ],
    ids=["one window", "streams", "text"],
)
def test_the_updates_are_those_that_a_trainer_does(experiment):
    """The grammar has a little more than the tokens it is cut to; its end fills no window."""
    from rnnlab.data import load_dataset

    streams = load_dataset(experiment.data, 0).streams("train", experiment.training.batch_size)
    trained = experiment.training.epochs * streams.num_windows(experiment.training.num_steps)
    assert updates_of(experiment, []) == pytest.approx(trained, rel=0.01)


def test_a_text_of_unknown_length_has_the_updates_of_the_run_before(lab, trained):
    whole = dataclasses.replace(PTB_SMALL.experiment, data=TextData(corpus="python_docs"))
    assert updates_of(whole, []) is None
    assert estimate(lab, Sweep(whole, {}, 2)).disk is None
    trained(whole, 13 * 500, 100)
    other = dataclasses.replace(whole, training=dataclasses.replace(whole.training, epochs=26))
    assert estimate(lab, Sweep(other, {}, 2)).seconds == pytest.approx(200, rel=0.02)


def test_disk_holds_two_checkpoints_with_their_optimisers_and_the_curves():
    assert run_bytes(parameters=1000, updates=0, optimizer="sgd") == 2 * 4 * 1000
    assert run_bytes(parameters=1000, updates=0, optimizer="adam") == 3 * 2 * 4 * 1000
    assert run_bytes(parameters=0, updates=10, optimizer="sgd") == 10 * 3 * 16


def test_work_grows_with_window_and_streams():
    assert update_work(10**6, 20, 40) == 2 * update_work(10**6, 20, 20)
    assert update_work(10**6, 40, 20) > 1.9 * update_work(10**6, 20, 20)
    assert update_work(10, 2, 20) == pytest.approx(update_work(10, 1, 20), rel=0.01)


@pytest.mark.parametrize(("count", "words"), [(10, "1 MB"), (2.6e6, "3 MB"), (1.24e9, "1.2 GB")])
def test_bytes_are_rounded_as_an_estimate(count, words):
    assert about_bytes(count) == words


def test_an_estimate_is_one_sentence():
    assert Estimate(9, 41.0, 2_000_000).words == "9 runs, about 41 s, about 2 MB on disk."
    assert Estimate(1, 0.0, None).words == "1 run, about 1 s."
