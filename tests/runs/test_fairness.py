import dataclasses
from functools import partial

import pytest

from rnnlab.config import check_limits
from rnnlab.engine.fairness import fair_order, seconds_to_wait, who_yields
from rnnlab.engine.workers import Workers
from rnnlab.errors import LabError
from rnnlab.lab import Lab, QueueFull, most_members, most_queued
from rnnlab.watching.waiting import queue_words
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def runs(store):
    """Makes runs of these owners, in this order: the letters are the owners."""
    template = store.get(store.create(small_experiment(), "template"))

    def make(owners):
        return [dataclasses.replace(template, id=f"{owner}{i}", owner=owner) for i, owner in enumerate(owners)]

    return make


@pytest.mark.parametrize(
    ("queued", "at_work", "order"),
    [
        ("aaab", "", "abaa"),
        ("aaab", "aa", "baaa"),
        ("aabbc", "", "abcab"),
        ("aaa", "b", "aaa"),
        ("ab", "b", "ab"),
        ("", "ab", ""),
    ],
)
def test_the_queue_goes_round_the_owners(runs, queued, at_work, order):
    waiting = runs(queued)
    found = fair_order(waiting, runs(at_work))
    assert "".join(run.owner for run in found) == order
    for owner in set(queued):
        assert [run for run in found if run.owner == owner] == [run for run in waiting if run.owner == owner]


@pytest.mark.parametrize(
    ("queued", "served", "order"),
    [
        ("aaab", "a", "baaa"),  # One worker, which a has just had: it is b's turn.
        ("aab", "ba", "baa"),
        ("aabb", "ab", "abab"),
        ("aabc", "ab", "caba"),  # An owner who was never served comes first.
    ],
)
def test_of_owners_with_as_many_at_work_the_one_who_was_served_longest_ago_comes_first(runs, queued, served, order):
    assert "".join(run.owner for run in fair_order(runs(queued), [], list(served))) == order


@pytest.mark.parametrize(
    ("waiting", "at_work", "yields"),
    [
        ("b", [("a", 30), ("a", 20)], 0),  # The one that has worked longest, of the owner with most.
        ("b", [("a", 30), ("c", 20)], 0),
        ("b", [("c", 30), ("a", 25), ("a", 12)], 1),
        ("b", [("a", 5), ("a", 3)], None),  # Nobody has had a turn.
        ("a", [("a", 30), ("b", 30)], None),  # The owner who waits has a run at work.
        ("", [("a", 30)], None),
    ],
)
def test_who_has_had_a_turn_steps_back_for_somebody_who_has_nothing_at_work(runs, waiting, at_work, yields):
    working = list(zip(runs([owner for owner, _ in at_work]), [seconds for _, seconds in at_work], strict=True))
    found = who_yields(runs(waiting), working, turn=10)
    assert found is (None if yields is None else working[yields][0])


@pytest.mark.parametrize(
    ("position", "at_work", "typical", "turn", "seconds"),
    [
        (1, [50, 300], 6, 1000, 50),
        (2, [50, 300], 6, 1000, 56),  # After the one before it, which takes six seconds.
        (3, [50, 52], 6, 1000, 56),  # 50 and 52 take the first two; the first of them ends at 56.
        (3, [300], 100, 10, 30),  # Every run has its turn only.
        (2, [3], 4, 10, 7),  # Runs that are shorter than a turn.
        (1, [None], 6, 1000, 6),
        (1, [None, 20], None, 1000, 20),
        (2, [20], None, float("inf"), None),
        (2, [None], None, 10, 20),
        (1, [], 6, 10, None),  # Nobody is at work: the engine is not ready yet.
    ],
)
def test_who_waits_is_told_for_how_long(position, at_work, typical, turn, seconds):
    assert seconds_to_wait(position, at_work, typical, turn) == seconds


def test_an_owner_has_only_so_many_runs_in_the_queue_and_others_may_still_submit(location, store, monkeypatch):
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    monkeypatch.setenv("RNNLAB_QUEUE", "3")
    lab = Lab(location)
    for _ in range(3):
        lab.submit(small_experiment(), "ann")
    with pytest.raises(QueueFull, match=r"3 runs in the queue, and 3 are allowed; wait"):
        lab.submit(small_experiment(), "ann")
    run = lab.run(lab.submit(small_experiment(), "bob"))
    assert queue_words(lab, run) == "2nd in the queue"


LIMITS = {
    "RNNLAB_QUEUE": most_queued,
    "RNNLAB_GROUP": most_members,
    "RNNLAB_MEMORY_LIMIT": partial(check_limits, small_experiment()),
}


@pytest.mark.parametrize(("variable", "limit"), LIMITS.items())
@pytest.mark.parametrize("text", ["5x", "-1", "2.5", " ", "\u0664"])
def test_a_limit_that_is_no_number_is_refused_and_not_replaced(monkeypatch, variable, limit, text):
    limit()  # Without the variable there is none to refuse.
    monkeypatch.setenv(variable, text)
    with pytest.raises(LabError, match=f"{variable} is .*, but it must be a whole number; please change"):
        limit()
