"""How often a page looks at a run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rnnlab.config import Experiment
from rnnlab.store.store import RunStore
from rnnlab.ui.widgets import live_run


@pytest.fixture
def run(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path}/lab.db")
    return replace(store.get(store.create(Experiment(), "me")), state="running")


@pytest.fixture
def seconds_of(monkeypatch):
    """The seconds from one look at a run to the next."""
    asked = []
    monkeypatch.setattr(live_run, "drawn_alone", lambda _, seconds: asked.append(seconds))

    def look_at(run, playing=None):
        monkeypatch.setattr(live_run.st, "session_state", {"playing": playing})
        live_run.live_panel(run, 0.5, lambda *_: None)
        return asked[-1]

    return look_at


@pytest.mark.parametrize(("age", "seconds"), [(None, 0.5), (0, 0.5), (8, 0.5), (12, 1.0), (5000, 1.0)])
def test_a_run_that_has_trained_for_a_while_is_looked_at_half_as_often(run, seconds_of, age, seconds):
    started = None if age is None else datetime.now(UTC) - timedelta(seconds=age)
    assert seconds_of(replace(run, started=started)) == seconds


def test_what_is_played_keeps_its_time_and_what_is_over_is_not_looked_at(run, seconds_of):
    old = replace(run, started=datetime.now(UTC) - timedelta(seconds=100))
    assert seconds_of(old, playing=old.id) == 0.5
    assert seconds_of(replace(old, state="finished")) is None
