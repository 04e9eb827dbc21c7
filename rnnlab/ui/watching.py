"""What a session has read of a run so far, so that each look fetches only what is new."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from rnnlab.recorded import RecordedRun
from rnnlab.runs import NOTHING_READ, Curves, Lab, Run, Sample

SPEED_SECONDS = 4.0
"""The time that the speed is measured over: shorter jumps about, longer lags behind."""

Points = tuple[np.ndarray, np.ndarray]
NO_POINTS: Points = (np.array([], "int64"), np.array([]))


@dataclass
class Watched:
    """The curves and samples of one run, growing.

    Attributes:
        curves: steps (N,) and values (N,) of each curve.
        samples: what the network generated, in the order of steps.
    """

    curves: dict[str, Points] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    _read: Curves = NOTHING_READ
    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def look(self, lab: Lab, run: Run) -> None:
        """Read what is new."""
        self._read = lab.curves(run.id, self._read)
        if self._read.replaces:
            self.curves, self.samples = {}, []
            self._marks.clear()
        for name, curve in self._read.by_name.items():
            steps, values = self.points(name)
            self.curves[name] = np.concatenate([steps, curve.steps]), np.concatenate([values, curve.values])
        self.samples += lab.samples(run.id, self.samples[-1].step if self.samples else -1)
        self._mark(time.monotonic(), run.step)

    def points(self, name: str) -> Points:
        """One curve; no points if it has none yet."""
        return self.curves.get(name, NO_POINTS)

    def last(self, name: str) -> float | None:
        """The newest value of a curve."""
        values = self.points(name)[1]
        return float(values[-1]) if len(values) else None

    def sample_at(self, step: int) -> Sample | None:
        """What the network generated at that step, or the last time before; the first if there is none before."""
        before = [sample for sample in self.samples if sample.step <= step]
        return before[-1] if before else next(iter(self.samples), None)

    def steps_per_second(self, run: Run) -> float | None:
        """How fast it trains: over the last seconds, or over the whole run when it is over."""
        if not run.is_live:
            if run.started is None or run.ended is None or run.attempt != 1:
                return None
            return run.step / max((run.ended - run.started).total_seconds(), 1e-3)
        (began, first), (now, last) = self._marks[0], self._marks[-1]
        return (last - first) / (now - began) if last > first else None

    def _mark(self, now: float, step: int) -> None:
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > SPEED_SECONDS:
            self._marks.popleft()


def reference_points(recorded: RecordedRun, epochs: int) -> dict[str, Points]:
    """The loss curves of a recorded run, as far as a run of that many epochs can follow them.

    They are the same at every look, so they may be part of a chart whose description must not change.
    """
    curves = {"recorded train": "train_loss", "recorded validation": "valid_loss"}
    cut = {name: recorded.curve_until(curve, epochs) for name, curve in curves.items()}
    return {
        name: (np.array([step for step, _ in points], "int64"), np.array([value for _, value in points]))
        for name, points in cut.items()
    }


def spoken_duration(seconds: float) -> str:
    """A duration as a person says it: `8 s`, `3 min`, `2 h 10 min`."""
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
