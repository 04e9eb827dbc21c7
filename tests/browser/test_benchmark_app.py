"""The app's benchmark at a tiny size, on the other tests' server: that it measures, not how fast the app is."""

import re
import subprocess
import sys

import pytest

from benchmarks import app
from benchmarks.live_run import LiveRun
from tests.support.server import ROOT, TREEBANK, LabServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABELS = {
    "page_switch": [f"page switch to {name}" for name in ("Data", "Train", "Compare", "Runs", "Home")],
    "first_point": ["Train to first points, sine", "Train to first points, treebank demo"],
    "slider": ["slider on Compare to redrawn chart"],
    "memory": ["memory of the page's process"],
}


def assert_measured(rows: list[app.Row]) -> None:
    """Each row has one time above 0, or reports that the treebank is missing."""
    for row in rows:
        assert len(row.values) == 1 or (row.note == "no treebank here" and not TREEBANK.is_dir())
        assert all(value > 0 for value in row.values)


@pytest.mark.parametrize("part", LABELS)
def test_what_is_seen_on_the_screen_is_timed(server, page, part):
    rows = list(getattr(app, part)(server, page, 1))
    assert [row.label for row in rows] == LABELS[part]
    assert_measured(rows)


def test_a_live_tick_is_timed_without_and_with_new_points():
    server = LabServer()
    # The run first: an engine would give it to a worker before it is claimed.
    with LiveRun(server.location, 200, samples=2) as run, server:
        rows = app.tick(server, run, rounds=1, ticks=2)
    assert [row.label.split(",")[1].split(":")[0] for row in rows] == [" 0 new points a curve"] * 2 + [
        " 350 new points a curve"
    ] * 2
    assert all(len(row.values) == 1 for row in rows)
    assert run.step == 200 + 2 * 2 * 350


def test_the_command_prints_a_row_for_each_part():
    command = [sys.executable, "-m", "benchmarks.app", "--only", "cold_start", "--rounds", "1"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    row = r"\| cold start to usable Home \| \d+\.\d\d s \| \d+\.\d\d to \d+\.\d\d \| 3 s, (held|missed) \|"
    assert re.search(row, result.stdout), result.stdout
