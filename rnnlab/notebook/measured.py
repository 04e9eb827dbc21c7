"""Measured curves: by name, as arrays, and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from rnnlab.measures import MEASURES
from rnnlab.plots.groups import Points
from rnnlab.store.curves import Curve, Measured, curves_of

History = Mapping[str, Points]
"""Steps int64 (N,) and values float64 (N,) by the name of their measure, see `rnnlab.measures`."""


def history_of(curves: Mapping[str, Curve]) -> History:
    """Curves of the store as arrays, in the order of the table of measures."""
    order = [*MEASURES, *(name for name in curves if name not in MEASURES)]
    return {name: (curves[name].steps, curves[name].values) for name in order if name in curves}


def joined(before: History, measurements: Iterable[Measured]) -> History:
    """Curves and what was measured after them."""
    new = {name: (curve.steps, curve.values) for name, curve in curves_of(measurements).items()}
    grown = {name: _appended(before[name], points) if name in before else points for name, points in new.items()}
    return {**before, **grown}


def _appended(before: Points, after: Points) -> Points:
    return np.concatenate([before[0], after[0]]), np.concatenate([before[1], after[1]])


def as_table(history: History) -> pd.DataFrame:
    """One row for each step and one column for each measure; NaN where a measure was not taken."""
    columns = {name: pd.Series(values, index=steps) for name, (steps, values) in history.items()}
    table = pd.DataFrame(columns).sort_index()
    table.index.name = "step"
    return table


def best_of(history: History, name: str) -> float | None:
    """The lowest finite value of a measure; None if there is none."""
    values = history[name][1] if name in history else np.array([])
    finite = values[np.isfinite(values)]
    return float(finite.min()) if len(finite) else None


def last_of(history: History, name: str) -> float | None:
    """The newest finite value of a measure; None if there is none."""
    values = history[name][1] if name in history else np.array([])
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else None
