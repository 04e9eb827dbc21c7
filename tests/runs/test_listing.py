"""The list of runs: what the database searches, filters and sorts, and what takes a run out of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from rnnlab.engine.workers import Workers
from rnnlab.errors import LabError
from rnnlab.lab import TRASH_DAYS, Lab
from rnnlab.store import schema
from rnnlab.store.artifacts import checkpoint_of
from rnnlab.store.claim import Superseded, claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.store.listing import ListQuery
from rnnlab.store.run import UnknownRun
from rnnlab.store.store import Sample
from rnnlab.training.trainer import Measurement
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lab(location, store, monkeypatch):
    # No engine: these tests are about the list.
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


def create(store, *names, owner="ada"):
    return [store.create(small_experiment(), owner, name) for name in names]


def claimed(store, run_id):
    return claim_run(store.url, run_id, store.get(run_id).submission, "engine", None)


def names(store, *owners, **query):
    return [run.name for run in store.page(owners or ["ada"], ListQuery(**query)).runs]


def test_a_page_has_some_runs_and_the_number_of_all(store):
    create(store, "first", "second", "third")
    create(store, "other", owner="bob")
    page = store.page(["ada"], ListQuery(first=1, count=1))
    assert ([run.name for run in page.runs], page.total) == (["second"], 3)
    assert page.runs == [store.get(page.runs[0].id)]
    assert names(store, "ada", "bob") == ["other", "third", "second", "first"]
    assert names(store, "nobody") == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("LSTM", ["a wide lstm", "an LSTM"]),
        ("lstm wide", ["a wide lstm"]),
        ("exam", ["a gru"]),
        ("surprising", ["an LSTM"]),
        ("100%", ["100% noise"]),
        ("_", []),
        ("of the cells", ["in a group"]),
        ("nothing like it", []),
        ("\0\ud800", ["in a group", "100% noise", "a wide lstm", "a gru", "an LSTM"]),
    ],
)
def test_each_word_of_a_search_is_found_in_name_tags_notes_or_group(store, search, found):
    lstm, gru, _, _ = create(store, "an LSTM", "a gru", "a wide lstm", "100% noise")
    store.annotate(gru, "exam, wave", "")
    store.annotate(lstm, "", "A surprising run.")
    store.create_group([small_experiment()], "ada", "All of the cells", {"seed": [0]}, ["in a group"])
    assert names(store, search=search) == found


def test_only_the_states_that_are_asked_for_are_listed(store):
    waiting, paused = create(store, "waiting", "paused")
    store.ask(store.get(paused), "pause")
    assert names(store, states=("paused",)) == ["paused"]
    assert names(store, states=("paused", "queued")) == ["paused", "waiting"]
    assert waiting


def test_every_order(store):
    losses = {"b": [3.0, 1.0, 2.0], "A": [0.5], "c": []}
    for name, values in losses.items():
        (run_id,) = create(store, name)
        claim = claimed(store, run_id)
        claim.append([Measurement(step, "valid_loss", value) for step, value in enumerate(values)], len(values))
    assert names(store) == ["c", "A", "b"]
    assert names(store, order="oldest") == ["b", "A", "c"]
    assert names(store, order="name") == ["A", "b", "c"]
    assert names(store, order="best") == ["A", "b", "c"]
    assert names(store, order="steps") == ["b", "A", "c"]


def test_a_page_has_the_names_of_groups_and_the_sizes_of_weights(store):
    group_id = store.create_group([small_experiment()], "ada", "Cells", {"seed": [0]}, ["member"])
    (alone,) = create(store, "alone")
    claim = claimed(store, alone)
    for step, content in enumerate((b"12345", b"123")):
        claim.add_checkpoint(checkpoint_of(alone, 1, step, content))
    page = store.page(["ada"], ListQuery())
    assert (page.groups, page.sizes) == ({group_id: "Cells"}, {alone: 8})
    assert (store.weights_size(["ada"]), store.weights_size(["bob"])) == (8, 0)


def test_a_row_has_the_lowest_loss_and_a_spark_line(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    claim.append([Measurement(0, "valid_loss", 3.0), Measurement(0, "train_loss", 0.1)], 1)
    claim.append([Measurement(1, "valid_loss", 1.0), Measurement(2, "valid_loss", 2.0)], 3)
    run = store.get(run_id)
    assert (run.best_loss, run.spark) == (1.0, (3.0, 1.0, 2.0))


def test_a_run_that_goes_back_to_its_checkpoint_has_the_spark_line_and_the_best_of_what_is_left(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    claim.append([Measurement(0, "valid_loss", 3.0), Measurement(1, "valid_loss", 2.0)], 1)
    checkpoint = checkpoint_of(run_id, 1, 1, b"weights")
    claim.add_checkpoint(checkpoint)
    claim.append([Measurement(2, "valid_loss", 1.0)], 2)
    claim_run(store.url, run_id, 1, "engine", checkpoint)
    run = store.get(run_id)
    assert (run.best_loss, run.spark) == (2.0, (3.0, 2.0))


def test_tags_are_kept_once_each_and_notes_without_blanks_around_them(store):
    (run_id,) = create(store, "run")
    store.annotate(run_id, " exam,wave ,, exam,two  words", "\n Drifts.\0 \n")
    run = store.get(run_id)
    assert (run.tags, run.remark) == ("exam, wave, two words", "Drifts.")


@pytest.mark.parametrize(("tags", "remark"), [("x" * 201, ""), ("", "x" * 2001)])
def test_tags_and_notes_that_are_too_long_get_a_sentence(store, tags, remark):
    (run_id,) = create(store, "run")
    with pytest.raises(LabError, match=r"may have at most .* please shorten"):
        store.annotate(run_id, tags, remark)
    assert store.get(run_id).tags is None


def test_a_run_that_does_not_exist_has_no_notes_and_is_no_baseline(store):
    with pytest.raises(UnknownRun):
        store.annotate("gone", "", "")
    with pytest.raises(UnknownRun):
        store.pin("ada", "gone")


def test_a_run_in_the_trash_is_in_no_list_and_comes_back_as_it_was(store):
    run_id, other = create(store, "run", "other")
    store.ask(store.get(run_id), "pause")
    before = store.get(run_id)
    store.trash(run_id)
    with pytest.raises(UnknownRun):
        store.get(run_id)
    assert names(store) == ["other"]
    assert [run.id for run in store.runs()] == [other]
    assert [run.id for run in store.trashed(["ada"])] == [run_id]
    assert store.trashed(["bob"]) == []
    store.restore(run_id)
    assert store.get(run_id) == before
    assert store.trashed(["ada"]) == []


def test_a_member_in_the_trash_is_not_among_its_group(store):
    group_id = store.create_group([small_experiment()] * 2, "ada", "Two", {"seed": [0]}, ["first", "second"])
    store.trash(store.members(group_id)[0].id)
    assert [run.name for run in store.members(group_id)] == ["second"]


def test_a_live_run_is_stopped_by_the_trash_and_can_go_on_when_it_is_back(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    claim.start(0, 40)
    store.trash(run_id)
    with pytest.raises(Superseded):
        claim.beat()
    store.restore(run_id)
    run = store.get(run_id)
    assert (run.state, run.can_go_on) == ("stopped", True)


def test_a_waiting_run_in_the_trash_is_handed_to_no_worker(store):
    (run_id,) = create(store, "run")
    store.trash(run_id)
    assert store.queued() == []


def test_the_trash_keeps_runs_for_some_days(lab):
    old, newer, last = create(lab.store, "old", "newer", "last")
    lab.trash(old)
    lab.trash(newer)
    long_ago = datetime.now(UTC) - timedelta(days=TRASH_DAYS, seconds=1)
    with writing(open_database(lab.store.url)) as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == old).values(deleted=long_ago))
    lab.trash(last)
    assert [run.id for run in lab.trashed("ada")] == [last, newer]


def test_a_baseline_that_is_deleted_is_one_no_more(store):
    first, second = create(store, "first", "second")
    store.pin("ada", first)
    store.pin("ada", second)
    assert store.baseline("ada").id == second
    assert store.baseline("bob") is None
    store.trash(second)
    assert store.baseline("ada") is None
    store.restore(second)
    assert store.baseline("ada").id == second
    store.delete(second)
    assert store.baseline("ada") is None


def test_one_curve_is_read_without_the_others(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    claim.append([Measurement(0, "valid_loss", 3.0), Measurement(0, "train_loss", 0.1)], 1)
    claim.append([Measurement(5, "valid_loss", 1.0)], 5)
    curve = store.curve(run_id, "valid_loss")
    assert (curve.steps.tolist(), curve.values.tolist()) == ([0, 5], [3.0, 1.0])
    assert len(store.curve(run_id, "grad_norm").steps) == 0


def test_the_newest_sample_is_that_of_the_last_step(store):
    (run_id,) = create(store, "run")
    assert store.newest_sample(run_id) is None
    claim = claimed(store, run_id)
    for step in (7, 40, 9):
        claim.add_sample(step, {"step": step})
    assert store.newest_sample(run_id) == Sample(40, {"step": 40})


def test_the_row_has_the_error_of_the_newest_free_run(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    for step, content in enumerate(({"error": 0.5}, {"error": 0.25}, {"kind": "text"})):
        claim.add_sample(step, content)
    assert store.get(run_id).free_error == 0.25
    claim.add_sample(9, {"error": None})
    assert store.get(run_id).free_error is None


def test_the_moments_of_samples_ascend(store):
    (run_id,) = create(store, "run")
    claim = claimed(store, run_id)
    began = datetime.now(UTC)
    for step in (0, 7):
        claim.add_sample(step, {})
    (first, at_first), (second, at_second) = store.sample_times(run_id)
    assert (first, second) == (0, 7)
    assert began <= at_first <= at_second <= datetime.now(UTC)
