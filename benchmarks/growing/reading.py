"""Time of reading and writing the store against what is in it."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.live_run import STRETCH, WHO, LiveRun
from rnnlab.measures import GRAD_NORM, TRAIN_LOSS, VALID_LOSS
from rnnlab.plots.live import wide_table, with_stops
from rnnlab.store.curves import Curves
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from rnnlab.watching.curves import GrowingCurve, Points

CURVES_A_REPORT = 5
"""Curves of a report, each a row of the store; see `benchmarks.live_run.points`."""


class PointsRead(NamedTuple):
    """What one run with many points costs.

    Attributes:
        first_look: seconds of reading all its curves.
        next_look: seconds of reading one report more.
        charts: seconds of making the tables that the charts of loss and gradient draw, from what a session keeps.
        report: seconds of writing one report, as a worker does it seven times a second.
        file: MiB of the database.
    """

    first_look: float
    next_look: float
    charts: float
    report: float
    file: float


class RunsRead(NamedTuple):
    """What a store with many runs costs: seconds of reading the list of all, one of them, and its curves."""

    listing: float
    one_run: float
    curves: float


def read_points(updates: int, rounds: int) -> PointsRead:
    """Read a run with that many recorded updates, each of which has left three points; medians.

    Args:
        rounds: how often each reading is timed.
    """
    with tempfile.TemporaryDirectory() as folder:
        location = _location(folder)
        store = RunStore(location.database)
        with LiveRun(location, updates) as run:
            size = sum(file.stat().st_size for file in Path(folder).glob("runs.sqlite*"))
            whole = store.curves(run.id)
            kept = _kept(whole)
            behind = Curves(execution=whole.execution, last_row=whole.last_row - CURVES_A_REPORT)
            return PointsRead(
                _median(rounds, lambda: store.curves(run.id)),
                _median(rounds, lambda: store.curves(run.id, behind)),
                _median(rounds, lambda: _tables(kept)),
                _median(rounds, lambda: run.train(STRETCH)),
                size / 2**20,
            )


def read_runs(count: int, updates: int, rounds: int) -> RunsRead:
    """Read a store with that many runs of so many recorded updates; medians."""
    with tempfile.TemporaryDirectory() as folder:
        location = _location(folder)
        store = RunStore(location.database)
        ids = []
        for _ in range(count):
            with LiveRun(location, updates) as run:
                ids.append(run.id)
        chosen = ids[count // 2]
        return RunsRead(
            _median(rounds, lambda: store.runs([WHO])),
            _median(rounds, lambda: store.get(chosen)),
            _median(rounds, lambda: store.curves(chosen)),
        )


def _kept(curves: Curves) -> dict[str, Points]:
    """What a session keeps of the curves that it has read."""
    growing = {name: GrowingCurve() for name in curves.by_name}
    for name, curve in curves.by_name.items():
        growing[name].append(curve.steps, curve.values)
    return {name: curve.points for name, curve in growing.items()}


def _tables(kept: dict[str, Points]) -> None:
    with_stops(wide_table({"train": kept[TRAIN_LOSS.name], "validation": kept[VALID_LOSS.name]}, "step"))
    with_stops(wide_table({"gradient norm": kept[GRAD_NORM.name]}, "step"))


def _location(folder: str) -> Location:
    return Location.from_environment({"RNNLAB_HOME": folder})


def _median(rounds: int, act: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
