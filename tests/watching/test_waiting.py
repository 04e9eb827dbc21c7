"""Where a run stands in the queue, told by how far the runs before it are."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from rnnlab.store import schema
from rnnlab.store.claim import claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.watching.waiting import queue_words
from tests.support.labs import small_experiment


@pytest.fixture
def claimed(lab):
    """A worker that has done so many of 1,000 updates of a run of this owner, in so many seconds.

    A second that the test takes itself must not change the words: it counts by the share of what is left.
    """

    def claim(owner, updates, seconds, ended=False):
        run_id = lab.submit(small_experiment(), owner)
        found = claim_run(lab.location.database, run_id, 1, "another machine", None)
        found.start(0, 1000)
        found.append([], updates)
        now = datetime.now(UTC)
        times = {"started": now - timedelta(seconds=seconds)}
        if ended:
            found.end("finished")
            times["ended"] = now
        with writing(open_database(lab.location.database)) as connection:
            connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(**times))

    return claim


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        ("ann", "1st in the queue, starts in about 15 min"),  # Nine tenths of the run took 135 min.
        ("bob", "1st in the queue, starts in about 10 s"),  # Ann's run makes way, after a turn of ten seconds.
    ],
)
def test_the_run_at_work_tells_and_not_how_long_runs_took_before(lab, claimed, owner, words):
    claimed("carl", 1000, 6, ended=True)
    claimed("ann", 900, 8100)
    assert queue_words(lab, lab.run(lab.submit(small_experiment(), owner))) == words


def test_a_later_place_counts_the_runs_before_it(lab, claimed):
    claimed("carl", 1000, 30, ended=True)
    claimed("ann", 990, 990)  # It has 10 s left.
    claimed("ann", 980, 980)  # It has 20 s left.
    queued = [lab.run(lab.submit(small_experiment(), "ann")) for _ in range(3)]
    assert [queue_words(lab, run) for run in queued] == [
        "1st in the queue, starts in about 10 s",
        "2nd in the queue, starts in about 20 s",
        "3rd in the queue, starts in about 40 s",
    ]


def test_a_run_that_begins_is_about_to_start(lab, claimed):
    claimed("ann", 0, 0)
    (run,) = lab.everybodys_runs()
    assert queue_words(lab, run) == "about to start"
