"""Curves in the database: stretches of points packed into rows, and read back as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from rnnlab.store.schema import metrics, runs

STEP_TYPE, POINT_TYPE = "<i8", "<f8"


class Measured(Protocol):
    """One measured number, such as `rnnlab.training.Measurement`."""

    @property
    def step(self) -> int:
        """Updates that the weights had."""

    @property
    def name(self) -> str:
        """Which curve."""

    @property
    def value(self) -> float:
        """The number."""


@dataclass(frozen=True)
class Curve:
    """Points of one curve: int64 steps (N,), ascending, and float64 values (N,)."""

    steps: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Curves:
    """What was read at once.

    Attributes:
        by_name: the points of each curve.
        execution: number of the execution that they belong to; -1 before anything was read.
        last_row: where to read on.
        replaces: the points are the whole curves, to be drawn afresh, because a worker went back to a checkpoint or
            because nothing was read before. Otherwise they continue what was read before.
    """

    by_name: Mapping[str, Curve] = field(default_factory=dict)
    execution: int = -1
    last_row: int = 0
    replaces: bool = True


NOTHING_READ = Curves()
"""Where reading starts."""

_rows_after = (
    select(metrics.c.id, metrics.c.name, metrics.c.steps, metrics.c.points)
    .where(metrics.c.run_id == bindparam("run"), metrics.c.id > bindparam("after"))
    .order_by(metrics.c.id)
)

_newest = select(func.max(metrics.c.last_step)).where(
    metrics.c.run_id == bindparam("run"), metrics.c.name == bindparam("name")
)


def read_curves(connection: Connection, run_id: str, since: Curves = NOTHING_READ) -> Curves | None:
    """The points that were appended since the last reading; None when there is no such run.

    Args:
        since: what the last reading returned.
    """
    execution = connection.execute(select(runs.c.execution).where(runs.c.id == run_id)).scalar()
    if execution is None:
        return None
    same = execution == since.execution
    rows = connection.execute(_rows_after, {"run": run_id, "after": since.last_row if same else 0}).all()
    packed: dict[str, tuple[list[bytes], list[bytes]]] = {}
    for _, name, steps, points in rows:
        stretches = packed.setdefault(name, ([], []))
        stretches[0].append(steps)
        stretches[1].append(points)
    by_name = {name: _unpacked(b"".join(steps), b"".join(points)) for name, (steps, points) in packed.items()}
    return Curves(by_name, execution, rows[-1].id if rows else since.last_row * same, replaces=not same)


def read_curve(connection: Connection, run_id: str, name: str) -> Curve:
    """One whole curve of a run; no points if there is none."""
    of_run = select(metrics.c.steps, metrics.c.points).where(metrics.c.run_id == run_id, metrics.c.name == name)
    rows = connection.execute(of_run.order_by(metrics.c.last_step)).all()
    return _unpacked(b"".join(row.steps for row in rows), b"".join(row.points for row in rows))


def curves_of(measurements: Iterable[Measured]) -> dict[str, Curve]:
    """What was measured, as a curve of each measure."""
    points: dict[str, list[Measured]] = {}
    for one in measurements:
        points.setdefault(one.name, []).append(one)
    return {
        name: Curve(np.array([p.step for p in found], STEP_TYPE), np.array([p.value for p in found], POINT_TYPE))
        for name, found in points.items()
    }


def append_curves(connection: Connection, run_id: str, curves: Mapping[str, Curve]) -> None:
    """Store points; those that are not newer than what their curve holds are skipped, so doing it twice is harmless."""
    rows = []
    for name, curve in curves.items():
        newer = curve.steps > _last_step(connection, run_id, name)
        if newer.any():
            rows.append(_row(run_id, name, curve.steps[newer], curve.values[newer]))
    if rows:
        connection.execute(insert(metrics), rows)


def cut_curves(connection: Connection, run_id: str, last_step: int) -> None:
    """Forget every point after `last_step`."""
    later = (metrics.c.run_id == run_id) & (metrics.c.last_step > last_step)
    straddling = connection.execute(select(metrics).where(later, metrics.c.first_step <= last_step)).all()
    connection.execute(delete(metrics).where(later))
    for row in straddling:
        curve = _unpacked(row.steps, row.points)
        kept = curve.steps <= last_step
        connection.execute(insert(metrics), [_row(run_id, row.name, curve.steps[kept], curve.values[kept])])


def _last_step(connection: Connection, run_id: str, name: str) -> int:
    """The newest step of a curve, -1 if it has none. One curve at a time is a single look into the index, where all
    at once would read every row of the run.
    """
    last = connection.execute(_newest, {"run": run_id, "name": name}).scalar()
    return -1 if last is None else last


def _row(run_id: str, name: str, steps: np.ndarray, points: np.ndarray) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "name": name,
        "first_step": int(steps[0]),
        "last_step": int(steps[-1]),
        "steps": steps.tobytes(),
        "points": points.tobytes(),
    }


def _unpacked(steps: bytes, points: bytes) -> Curve:
    return Curve(np.frombuffer(steps, STEP_TYPE), np.frombuffer(points, POINT_TYPE))
