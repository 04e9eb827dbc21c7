"""The newest and the best value of each measure: what a list of runs shows, and lies on the run's row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnlab.measures import MEASURES
from rnnlab.store.curves import Curve


@dataclass(frozen=True)
class Summary:
    """One measure of one run.

    Attributes:
        last, last_step: the newest value, and the updates that the weights had had.
        best, best_step: the lowest value, the first of equals; None for a measure that cannot be good.
    """

    last: float
    last_step: int
    best: float | None = None
    best_step: int | None = None


Summaries = dict[str, Summary]


def with_curves(before: Mapping[str, Summary], curves: Mapping[str, Curve]) -> Summaries:
    """The summaries after more was measured.

    Points that are not newer than what there is, and numbers that are not finite, count for nothing.
    """
    after = {name: _with_curve(before.get(name), name, curve) for name, curve in curves.items()}
    return {**before} | {name: summary for name, summary in after.items() if summary}


def _with_curve(before: Summary | None, name: str, curve: Curve) -> Summary | None:
    counted = (curve.steps > (before.last_step if before else -1)) & np.isfinite(curve.values)
    steps, values = curve.steps[counted], curve.values[counted]
    if not len(steps):
        return before
    best, best_step = (before.best, before.best_step) if before else (None, None)
    if name in MEASURES and MEASURES[name].lowest_is_best:
        lowest = int(values.argmin())
        if best is None or values[lowest] < best:
            best, best_step = float(values[lowest]), int(steps[lowest])
    return Summary(float(values[-1]), int(steps[-1]), best, best_step)


def to_json(summaries: Mapping[str, Summary]) -> str:
    """The text that `from_json` reads."""
    return json.dumps({name: [s.last, s.last_step, s.best, s.best_step] for name, s in summaries.items()})


def from_json(text: str | None) -> Summaries:
    """What `to_json` wrote; nothing for a row that has none."""
    return {name: Summary(*values) for name, values in json.loads(text or "{}").items()}
