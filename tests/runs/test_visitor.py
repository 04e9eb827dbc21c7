"""Permissions: anybody may look, and only the owner may act."""

import pytest

from rnnlab.config import Sweep
from rnnlab.engine.workers import Workers
from rnnlab.lab import Lab
from rnnlab.store.group import UnknownGroup
from rnnlab.visitor import HOST, LOCAL_OWNER, NotYours, Visitor
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lab(location, store, monkeypatch):
    # No engine: these tests are about what is refused.
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


@pytest.fixture
def ada(lab):
    return lab.for_visitor(Visitor("ada"))


@pytest.fixture
def bob(lab):
    return lab.for_visitor(Visitor("bob"))


DEEDS = {
    "pause": lambda lab, run_id: lab.pause(run_id),
    "stop": lambda lab, run_id: lab.stop(run_id),
    "go on with": lambda lab, run_id: lab.resume(run_id),
    "change": lambda lab, run_id: lab.change(run_id, "learning_rate", 0.1),
    "slow down": lambda lab, run_id: lab.set_pace(run_id, 2),
    "rename": lambda lab, run_id: lab.rename(run_id, "mine now"),
    "write notes to": lambda lab, run_id: lab.annotate(run_id, "mine", "mine"),
    "delete": lambda lab, run_id: lab.delete(run_id),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_but_the_owner_changes_a_run(lab, ada, bob, deed):
    run_id = ada.submit(small_experiment(), "ada's")
    before = lab.run(run_id)
    with pytest.raises(NotYours, match=f"you cannot {deed} it; make a copy"):
        DEEDS[deed](bob, run_id)
    assert lab.run(run_id) == before


def test_nobody_but_the_owner_puts_a_run_into_the_trash_or_takes_it_out(lab, ada, bob):
    run_id = ada.submit(small_experiment())
    with pytest.raises(NotYours, match="you cannot delete it"):
        bob.trash(run_id)
    ada.trash(run_id)
    bob.restore_last()
    bob.empty_trash()
    assert ada.runs() == []
    ada.restore_last()
    assert [run.id for run in ada.runs()] == [run_id]


def test_what_was_deleted_last_comes_back_first_and_a_group_as_one(lab, ada, bob):
    alone = ada.submit(small_experiment())
    group_id = ada.submit_group(Sweep(small_experiment(), {"units": [2, 3]}, 1))
    members = {run.id for run in ada.members(group_id)}
    ada.trash(alone)
    for deed in (bob.trash_group, bob.restore_group):
        with pytest.raises(NotYours):
            deed(group_id)
    ada.trash_group(group_id)
    assert ada.runs() == []
    with pytest.raises(UnknownGroup):
        ada.members(group_id)
    ada.restore_last()
    assert {run.id for run in ada.runs()} == members
    ada.restore_last()
    assert {run.id for run in ada.runs()} == {*members, alone}


def test_undo_leaves_a_member_in_the_trash_that_was_put_there_before(ada):
    group_id = ada.submit_group(Sweep(small_experiment(), {"units": [2, 3]}, 1))
    first, second = ada.members(group_id)
    ada.trash(first.id)
    ada.trash_group(group_id)
    ada.restore_group(group_id)
    assert [run.id for run in ada.members(group_id)] == [second.id]


def test_each_visitor_pins_a_baseline_of_their_own(ada, bob):
    first, second = ada.submit(small_experiment()), ada.submit(small_experiment())
    ada.pin(first)
    bob.pin(second)
    assert (ada.baseline().id, bob.baseline().id) == (first, second)
    ada.pin(None)
    assert (ada.baseline(), bob.baseline().id) == (None, second)


def test_everybody_sees_a_run_and_knows_whether_it_is_theirs(ada, bob):
    run = bob.run(ada.submit(small_experiment()))
    assert run.owner == "ada"
    assert ada.may_change(run)
    assert not bob.may_change(run)
    assert bob.runs() == []
    assert bob.curves(run.id).by_name == {}


@pytest.mark.parametrize("deed", ["pause", "stop", "rename", "delete"])
def test_the_owner_does_all_of_it(lab, ada, deed):
    DEEDS[deed](ada, ada.submit(small_experiment()))


def test_the_command_lines_runs_are_those_of_the_person_at_the_machine(lab, bob):
    run_id = lab.submit(small_experiment())
    host = lab.for_visitor(Visitor("bob", HOST))
    assert [run.id for run in host.runs()] == [run_id]
    host.pause(run_id)
    assert lab.run(run_id).owner == LOCAL_OWNER
    with pytest.raises(NotYours):
        bob.stop(run_id)
