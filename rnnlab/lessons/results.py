"""What a lesson may ask of the networks that its experiment trained, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from rnnlab.analyses.trained import Progress, Question, unwatched
from rnnlab.config import Experiment
from rnnlab.measures import Measure
from rnnlab.plots.lesson_pictures import Picture

if TYPE_CHECKING:
    from rnnlab.lab import VisitorsLab
    from rnnlab.store.run import Run

A = TypeVar("A")


class Results(Protocol):
    """The trained networks of an experiment, wherever they are: in a lab's workers, or in this process.

    Attributes:
        experiments: the settings of each training, in the lesson's order.
    """

    @property
    def experiments(self) -> Sequence[Experiment]:
        """See above."""

    def ask(self, question: Question[A], index: int = 0) -> A:
        """The answer of one of the networks."""

    def curve(self, measure: Measure, index: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """What was measured in one of the trainings: steps int64 (N,) and values float64 (N,)."""


@dataclass(frozen=True)
class LabResults:
    """The networks of an experiment that a lab trained.

    Attributes:
        lab: as its visitor has it.
        runs: of the experiment, in the lesson's order.
        progress: called while an answer is waited for.
    """

    lab: VisitorsLab
    runs: Sequence[Run]
    progress: Progress = unwatched

    @property
    def experiments(self) -> Sequence[Experiment]:
        """The settings of each training."""
        return [run.experiment for run in self.runs]

    def ask(self, question: Question[A], index: int = 0) -> A:
        """The answer of one of the networks. Raises `NoAnswer`, `WorkersUnavailable`."""
        return self.lab.ask(self.runs[index].id, question, self.progress)

    def curve(self, measure: Measure, index: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """What was measured in one of the trainings."""
        curve = self.lab.curve(self.runs[index].id, measure.name)
        return curve.steps, curve.values


@dataclass(frozen=True)
class Seen:
    """What an experiment came to.

    Attributes:
        pictures: one for each question of the lesson, by its step.
        numbers: what was measured, by name: the texts `see ...` name them, and the claim is about them.
        right: by step, the choice that came true, or the number that was to be placed.
        samples: texts that networks wrote, by a heading.
        closer: by step, further pictures, which show how the result comes about, by the words that lead to them.
    """

    pictures: Mapping[str, Picture]
    numbers: Mapping[str, float]
    right: Mapping[str, str]
    samples: tuple[tuple[str, str], ...] = ()
    closer: Mapping[str, Mapping[str, Picture]] = field(default_factory=dict)


def floats(values: np.ndarray) -> tuple[float | None, ...]:
    """An array as the values of a line; what is not finite is left out."""
    return tuple(float(value) if np.isfinite(value) else None for value in values)


def rmse(predicted: np.ndarray, target: np.ndarray) -> float:
    """Root mean squared difference of two arrays of one shape."""
    return float(np.sqrt(np.mean(np.square(predicted.astype("float64") - target))))
