"""The app's benchmark at a tiny size, on the other tests' server: that it measures, not how fast the app is."""

import re
import subprocess
import sys

import pytest

from benchmarks import app, group_by_mouse, long_looks
from benchmarks.live_run import LiveRun
from tests.support.server import ROOT, TREEBANK, LabServer

pytestmark = pytest.mark.browser

LABELS = {
    "page_switch": [f"page switch to {name}" for name in ("Data", "Train", "Compare", "Runs", "Home")],
    "first_point": ["Train to first points, sine", "Train to first points, treebank demo"],
    "slider": ["slider on Compare to redrawn chart"],
    "inside": [f"slider on Look inside to redrawn gates, {of}" for of in ("a wave", "100 words")],
    "memory": ["memory of the page's process"],
}


def assert_measured(rows: list[app.Row]) -> None:
    """Each row has one time above 0, or reports that the treebank is missing."""
    for row in rows:
        assert len(row.values) == 1 or (row.note == "no treebank here" and not TREEBANK.is_dir())
        assert all(value > 0 for value in row.values)


def test_what_is_seen_on_the_screen_is_timed(server, page, runs, monkeypatch):
    """One page and one trained run for all parts that look at one."""
    monkeypatch.setattr(app, "SMALL_TREEBANK", "preset=grammar&epochs=1&train_tokens=800&units=4")
    parts = {"first_point": [*app.first_point(server, page, 1)]}
    page.goto(f"{server.url}/train?run={runs['wave']}")
    parts |= {part: [*getattr(app, part)(server, page, 1)] for part in app.OF_A_TRAINED_RUN}
    assert {part: [row.label for row in rows] for part, rows in parts.items()} == LABELS
    for rows in parts.values():
        assert_measured(rows)


def test_a_figure_of_look_inside_is_timed_and_weighed(server, page, runs):
    long_looks.watch(page)
    time, blocked, *megabytes = long_looks.look(server, page, runs["wave"], "gates", "prime=50&steps=100")
    assert "3 pictures" in time.label
    assert 0 <= blocked.values[0] / 1000 < time.values[0]
    assert all(10 < row.values[0] < 5_000 for row in megabytes)


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


def test_a_group_is_trained_by_mouse_and_its_outcomes_are_those_of_the_store(server, page):
    page.goto(f"{server.url}/train?preset=delayed-recall&time_lag=2&sequences=50&epochs=1&full_rate_epochs=1")
    clicked = group_by_mouse.ask_by_mouse(page, [0.0, 4.0], 3)
    group_id = group_by_mouse.wait_until_finished(page, server, 6)
    found = group_by_mouse.outcomes(server, group_id)
    assert clicked > 0
    assert {value: len(accuracies) for value, accuracies in found.items()} == {0.0: 3, 4.0: 3}
    assert all(0 <= accuracy <= 1 for accuracies in found.values() for accuracy in accuracies)
    *_, last = group_by_mouse.lines({0.0: [0.25, 0.5, 0.125]}, 241.0)
    assert "missed" in last
