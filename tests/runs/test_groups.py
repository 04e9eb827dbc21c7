"""Groups without an engine: how they are kept, submitted, commanded and deleted, and by whom."""

import dataclasses

import pytest

from rnnlab.config import InvalidSetting, Sweep, to_flat
from rnnlab.data import TextMissing
from rnnlab.engine.workers import Workers
from rnnlab.lab import GroupTooLarge, Lab, QueueFull
from rnnlab.presets import GRAMMAR
from rnnlab.store.claim import claim_run
from rnnlab.store.group import UnknownGroup
from rnnlab.store.run import UnknownRun
from rnnlab.store.store import RunStore
from rnnlab.visitor import NotYours, Visitor
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases

SWEEP = Sweep(small_experiment(), {"cell": ["lstm", "gru"]}, 2)


@pytest.fixture
def lab(location, store, monkeypatch):
    # These tests are about the lab's own decisions; an engine would take their runs away.
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


@pytest.fixture
def ada(lab):
    return lab.for_visitor(Visitor("ada"))


def states(lab, group_id):
    return [run.state for run in lab.members(group_id)]


def begin(lab, run):
    """A worker takes the run and trains."""
    claim = claim_run(lab.location.database, run.id, run.submission, "another machine", None)
    claim.start(0, 40)
    return claim


def test_a_group_keeps_what_varies_and_its_runs_in_their_order(lab, ada, location):
    group_id = ada.submit_group(SWEEP, "cells")
    again = RunStore(location.database)
    group, runs = again.group(group_id), again.members(group_id)
    assert (group.owner, group.name, group.seeds) == ("ada", "cells", 2)
    assert group.varies == {"cell": ["lstm", "gru"], "seed": [0, 1]}
    assert group.variants == ["LSTM", "GRU"]
    assert [run.experiment for run in runs] == SWEEP.experiments
    assert [run.name for run in runs][:2] == ["LSTM, seed 0 · cells", "GRU, seed 0 · cells"]
    assert {(run.owner, run.state, run.group_id) for run in runs} == {("ada", "queued", group_id)}
    assert [run.id for run in again.queued()] == [run.id for run in runs]


def test_a_group_that_nobody_names_is_named_by_what_varies(ada):
    group = ada.group(ada.submit_group(SWEEP, preset="sine"))
    assert group.name.startswith("Sine wave")
    assert group.name.endswith("· cell, 2 seeds")


@pytest.mark.parametrize("group_id", ["nonsense", "", "\0", "ä", "\ud800"])
def test_an_unknown_group_gets_a_sentence(lab, group_id):
    for deed in (lab.group, lab.members, lab.stop_group, lab.pause_group, lab.resume_group, lab.delete_group):
        with pytest.raises(UnknownGroup, match="There is no group of runs"):
            deed(group_id)


def test_pause_stop_and_go_on_reach_every_run_that_they_concern(lab):
    group_id = lab.submit_group(SWEEP)
    live, finished, *_ = lab.members(group_id)
    begin(lab, finished).end("finished")
    claim = begin(lab, live)
    lab.pause_group(group_id)
    assert states(lab, group_id) == ["running", "finished", "paused", "paused"]
    assert [command.name for command in claim.take_commands()] == ["pause"]
    claim.end("paused")
    lab.resume_group(group_id)
    assert states(lab, group_id) == ["queued", "finished", "queued", "queued"]
    lab.stop_group(group_id)
    assert states(lab, group_id) == ["stopped", "finished", "stopped", "stopped"]


def test_a_failed_member_does_not_end_the_group_and_is_not_taken_up_again(lab):
    group_id = lab.submit_group(SWEEP)
    first = lab.members(group_id)[0]
    begin(lab, first).end("failed", "It exploded.")
    assert states(lab, group_id) == ["failed", "queued", "queued", "queued"]
    lab.stop_group(group_id)
    lab.resume_group(group_id)
    assert states(lab, group_id) == ["failed", "queued", "queued", "queued"]


def test_deleting_a_group_deletes_its_runs_and_their_files(lab):
    group_id, other = lab.submit_group(SWEEP), lab.submit(small_experiment())
    member = lab.members(group_id)[0].id
    lab.files.write(f"{member}/weights.npz", b"weights")
    lab.delete_group(group_id)
    assert lab.files.paths(member) == []
    assert [run.id for run in lab.everybodys_runs()] == [other]
    with pytest.raises(UnknownGroup):
        lab.group(group_id)
    with pytest.raises(UnknownRun):
        lab.run(member)


def test_a_group_goes_with_its_last_run(lab):
    group_id = lab.submit_group(Sweep(small_experiment(), {}, 2))
    first, last = (run.id for run in lab.members(group_id))
    lab.delete(first)
    assert [run.id for run in lab.members(group_id)] == [last]
    lab.delete(last)
    with pytest.raises(UnknownGroup):
        lab.group(group_id)


def test_a_group_of_thirty_takes_one_place_in_the_queue(lab, monkeypatch):
    monkeypatch.setenv("RNNLAB_QUEUE", "2")
    lab.submit_group(Sweep(small_experiment(), {"units": [2, 3, 4]}, 10), "ann")
    lab.submit(small_experiment(), "ann")
    with pytest.raises(QueueFull, match=r"2 runs in the queue, and 2 are allowed; .* A group counts as one run"):
        lab.submit(small_experiment(), "ann")
    with pytest.raises(QueueFull):
        lab.submit_group(SWEEP, "ann")
    assert len(lab.runs("ann")) == 31
    lab.submit_group(SWEEP, "bob")


def test_a_group_has_only_so_many_runs(lab, monkeypatch):
    monkeypatch.setenv("RNNLAB_GROUP", "3")
    with pytest.raises(GroupTooLarge, match="These are 4 runs, but a group may have at most 3"):
        lab.submit_group(SWEEP)
    assert lab.everybodys_runs() == []
    lab.submit_group(Sweep(small_experiment(), {}, 3))


def test_all_runs_of_a_group_are_checked_before_any_is_submitted(lab):
    too_large = Sweep(small_experiment(), {"units": [4, 10**6]})
    with pytest.raises(InvalidSetting, match="memory"):
        lab.submit_group(too_large)
    text = dataclasses.replace(GRAMMAR.experiment.data, corpus="upload")
    with pytest.raises(TextMissing):
        lab.submit_group(Sweep(dataclasses.replace(GRAMMAR.experiment, data=text), {}, 2))
    with pytest.raises(ValueError, match="name"):
        lab.submit_group(SWEEP, name=" ")
    assert lab.everybodys_runs() == []


DEEDS = {
    "pause": lambda lab, group_id: lab.pause_group(group_id),
    "stop": lambda lab, group_id: lab.stop_group(group_id),
    "go on with": lambda lab, group_id: lab.resume_group(group_id),
    "rename": lambda lab, group_id: lab.rename_group(group_id, "mine now"),
    "delete": lambda lab, group_id: lab.delete_group(group_id),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_everybody_sees_a_group_and_only_its_owner_changes_it(lab, ada, deed):
    bob, group_id = lab.for_visitor(Visitor("bob")), ada.submit_group(SWEEP)
    before = lab.group(group_id), lab.members(group_id)
    assert (bob.group(group_id), bob.members(group_id)) == before
    assert not bob.may_change_group(before[0])
    with pytest.raises(NotYours, match=f"This group of runs belongs to somebody else, so you cannot {deed} it"):
        DEEDS[deed](bob, group_id)
    assert (lab.group(group_id), lab.members(group_id)) == before
    DEEDS[deed](ada, group_id)


def test_a_renamed_group_has_its_new_name(ada):
    group_id = ada.submit_group(SWEEP)
    ada.rename_group(group_id, "  three   cells ")
    assert ada.group(group_id).name == "three cells"


def test_a_copy_of_a_member_alone_belongs_to_no_group(lab):
    member = lab.members(lab.submit_group(SWEEP))[0]
    alone = lab.run(lab.submit(member.experiment))
    assert alone.group_id is None
    assert to_flat(alone.experiment) == to_flat(member.experiment)
