from datetime import timedelta

import pytest

from rnnlab.store.claim import claim_run
from rnnlab.store.run import LOST_AFTER, UnknownRun
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def live(store):
    run_id = store.create(small_experiment(), "ada")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 40)
    return store.get(run_id)


def test_a_live_run_that_beats_is_shown_as_it_is(live):
    assert live.judged(engine_is_dead=False, now=live.heartbeat + LOST_AFTER / 2) is live


def test_a_live_run_without_a_beat_is_interrupted(live):
    shown = live.judged(engine_is_dead=False, now=live.heartbeat + LOST_AFTER + timedelta(seconds=1))
    assert shown.state == "interrupted"
    assert shown.can_go_on
    assert "press Go on" in shown.error


def test_a_live_run_whose_engine_is_dead_is_interrupted_at_once(live):
    assert live.judged(engine_is_dead=True, now=live.heartbeat).state == "interrupted"


def test_only_live_runs_can_be_lost(store):
    run = store.get(store.create(small_experiment(), "ada"))
    assert run.judged(engine_is_dead=True, now=run.created + timedelta(days=1)).state == "queued"


def test_a_long_stale_link_is_cut_in_the_sentence():
    assert len(str(UnknownRun("x" * 10_000))) < 200
