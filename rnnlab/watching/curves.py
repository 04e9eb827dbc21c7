"""What a session has read of a run so far, so that each look fetches only what is new."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field

import numpy as np

from rnnlab.data import floor_perplexity
from rnnlab.formulas.round_steps import is_round
from rnnlab.lab import Lab
from rnnlab.measures import (
    BATCH_LOSS,
    EPOCH_VALID_PERPLEXITY,
    GRAD_NORM,
    NOISE_TRAIN_LOSS,
    NOISE_VALID_LOSS,
    SETTLED_TRAIN_LOSS,
    TEST_PERPLEXITY,
    TRAIN_ACCURACY,
    TRAIN_LOSS,
    UNIGRAM_TRAIN_LOSS,
    UNIGRAM_VALID_LOSS,
    VALID_ACCURACY,
    VALID_LOSS,
)
from rnnlab.recorded import RecordedRun
from rnnlab.store.curves import NOTHING_READ, Curve, Curves
from rnnlab.store.run import Run
from rnnlab.store.store import Sample
from rnnlab.watching.diagnosis import Finding, History, diagnose
from rnnlab.watching.speed import Speed
from rnnlab.watching.trends import NO_POINTS, Points, finite

DRAWN = tuple(
    measure.name
    for measure in (
        *(BATCH_LOSS, TRAIN_LOSS, VALID_LOSS, TRAIN_ACCURACY, VALID_ACCURACY),
        *(GRAD_NORM, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY),
    )
)
"""The curves that a screen shows; a worker stores more, some with a point for each update."""

EXPLAINING = tuple(
    measure.name
    for measure in (UNIGRAM_TRAIN_LOSS, UNIGRAM_VALID_LOSS, NOISE_TRAIN_LOSS, NOISE_VALID_LOSS, SETTLED_TRAIN_LOSS)
)
"""Curves that no chart draws, but that explain those that are drawn."""

MOST_POINTS = 4_000
"""Points of a curve that a session keeps: a chart has fewer, and a run makes any number."""

NEWEST_UPDATES = 100
"""Updates whose gradient norms are kept without thinning: of them a share of clipped ones can be told."""

MOST_SAMPLES = 200
"""Samples that a session keeps, for the same reason."""


class GrowingCurve:
    """A curve that is kept evenly thinned while it grows: every `stride`-th point, and the newest."""

    def __init__(self) -> None:
        self._kept = NO_POINTS
        self._newest = NO_POINTS
        self._seen = 0
        self._stride = 1

    def append(self, steps: np.ndarray, values: np.ndarray) -> None:
        """Add points.

        Args:
            steps: int64 (N,), ascending, all later than what there is.
            values: float64 (N,).
        """
        chosen = slice(-self._seen % self._stride, None, self._stride)
        self._kept = _joined(self._kept, (steps[chosen], values[chosen]))
        # Copies, because a slice would hold on to all that was read with it.
        self._newest = (steps[-1:].copy(), values[-1:].copy()) if len(steps) else self._newest
        self._seen += len(steps)
        while len(self._kept[0]) > MOST_POINTS:
            self._kept = self._kept[0][::2].copy(), self._kept[1][::2].copy()
            self._stride *= 2

    @property
    def points(self) -> Points:
        """Steps (N,) and values (N,), at most `MOST_POINTS` and the newest."""
        is_kept = (self._seen - 1) % self._stride == 0
        return self._kept if is_kept else _joined(self._kept, self._newest)


def _joined(first: Points, second: Points) -> Points:
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])


@dataclass
class Watched:
    """The curves and samples of one run as they grow: what a screen shows of them, and no more than it can show.

    Attributes:
        samples: what the network generated, in the order of steps. All of the steps 0, 1, 2, 5, 10, ... are kept, and
            of very many others every second one, every fourth, ...
        overflow_step: the first step at which a drawn number was not finite; None if all are finite. Such numbers are
            not among `points`.
        newest_norms: gradient norms of the newest updates, float64 (N,), N <= `NEWEST_UPDATES`.
    """

    samples: list[Sample] = field(default_factory=list)
    overflow_step: int | None = None
    newest_norms: np.ndarray = field(default_factory=lambda: np.array([]))
    _findings: list[Finding] = field(default_factory=list)
    _curves: dict[str, GrowingCurve] = field(default_factory=dict)
    _read: Curves = NOTHING_READ
    _speed: Speed = field(default_factory=Speed)

    def look(self, lab: Lab, run: Run) -> None:
        """Read what is new."""
        self._read = lab.curves(run.id, self._read)
        if self._read.replaces:
            self._curves, self.samples = {}, []
            self.overflow_step, self.newest_norms, self._findings = None, NO_POINTS[1], []
        for name in (*DRAWN, *EXPLAINING):
            if name in self._read.by_name:
                self._append(name, self._read.by_name[name])
        # Where to read on is all that the next look needs of it.
        self._read = dataclasses.replace(self._read, by_name={})
        self._add_samples(lab.samples(run.id, self.samples[-1].step if self.samples else -1))
        self._speed.look(run, time.monotonic())

    def points(self, name: str) -> Points:
        """One curve of `DRAWN` or `EXPLAINING`; no points if it has none yet."""
        return self._curves[name].points if name in self._curves else NO_POINTS

    def last(self, name: str) -> float | None:
        """The newest value of a curve."""
        values = self.points(name)[1]
        return float(values[-1]) if len(values) else None

    def diagnosis(self, run: Run) -> list[Finding]:
        """What the curves say about the training, the most important first; often nothing."""
        self._findings = diagnose(self._history(run), self._findings)
        return self._findings

    def sample_at(self, step: int) -> Sample | None:
        """What the network generated at that step, or the last time before; the first if there is none before."""
        before = [sample for sample in self.samples if sample.step <= step]
        return before[-1] if before else next(iter(self.samples), None)

    def steps_per_second(self, run: Run) -> float | None:
        """How fast it trains: over the last seconds, or over the whole run when it is over."""
        if not run.is_live:
            if run.started is None or run.ended is None or run.execution != 1:
                return None
            return run.step / max((run.ended - run.started).total_seconds(), 1e-3)
        return self._speed.steps_per_second

    def _append(self, name: str, curve: Curve) -> None:
        steps, values = finite((curve.steps, curve.values))
        self._curves.setdefault(name, GrowingCurve()).append(steps, values)
        if len(steps) < len(curve.steps):
            first = int(curve.steps[~np.isfinite(curve.values)][0])
            self.overflow_step = first if self.overflow_step is None else min(first, self.overflow_step)
        if name == GRAD_NORM.name:
            self.newest_norms = np.concatenate([self.newest_norms, values])[-NEWEST_UPDATES:]

    def _history(self, run: Run) -> History:
        experiment = run.experiment
        whole = self.last(TEST_PERPLEXITY.name)
        return History(
            train=self.points(TRAIN_LOSS.name),
            valid=self.points(VALID_LOSS.name),
            batch_loss=self.points(BATCH_LOSS.name),
            newest_norms=self.newest_norms,
            whole_perplexity=self.last(EPOCH_VALID_PERPLEXITY.name) if whole is None else whole,
            settled_train=self.points(SETTLED_TRAIN_LOSS.name),
            unigram_losses=(self.last(UNIGRAM_TRAIN_LOSS.name), self.last(UNIGRAM_VALID_LOSS.name)),
            noise_losses=(self.last(NOISE_TRAIN_LOSS.name), self.last(NOISE_VALID_LOSS.name)),
            overflow_step=self.overflow_step,
            is_perplexity=experiment.task.is_perplexity,
            token="character" if getattr(experiment.data, "tokens", "") == "characters" else experiment.task.noun,
            clip_norm=experiment.training.clip_norm,
            learning_rate=experiment.training.learning_rate,
            floor=floor_perplexity(experiment),
        )

    def _add_samples(self, newer: list[Sample]) -> None:
        self.samples = self.samples + newer
        while len(self.samples) > MOST_SAMPLES:
            # Counted from the end: the newest tells where to read on.
            others = {sample.step for sample in [s for s in self.samples if not is_round(s.step)][::-2]}
            self.samples = [sample for sample in self.samples if is_round(sample.step) or sample.step in others]


def reference_points(recorded: RecordedRun, epochs: int) -> dict[str, Points]:
    """The loss curves of a recorded run, as far as a run of that many epochs can follow them.

    They are the same at every look, so they may be part of a chart whose description must not change.
    """
    curves = {"recorded train": TRAIN_LOSS.name, "recorded validation": VALID_LOSS.name}
    cut = {name: recorded.curve_until(curve, epochs) for name, curve in curves.items()}
    return {
        name: (np.array([step for step, _ in points], "int64"), np.array([value for _, value in points]))
        for name, points in cut.items()
    }
