"""Hold a lesson to what it asserts: its experiment with another seed, trained in this process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config import Experiment
from rnnlab.lessons.lesson import Lesson
from rnnlab.lessons.results import Seen
from rnnlab.measures import Measure

if TYPE_CHECKING:
    from rnnlab.training import FittedRun, WorkbenchPool

A = TypeVar("A")


@dataclass(frozen=True, eq=False)
class Fitted:
    """One training of an experiment.

    Attributes:
        run: whose network may meanwhile have been trained anew: code that was compiled once serves several trainings.
        weights: that this training ended with, in the order of the network's.
    """

    run: FittedRun
    weights: list[np.ndarray]


@dataclass(frozen=True)
class FittedResults:
    """The networks of an experiment that was trained in this process; see `rnnlab.lessons.results.Results`."""

    trainings: Sequence[Fitted]

    @property
    def experiments(self) -> Sequence[Experiment]:
        """The settings of each training."""
        return [fitted.run.experiment for fitted in self.trainings]

    def ask(self, question: Question[A], index: int = 0) -> A:
        """The answer of one of the networks."""
        fitted = self.trainings[index]
        network = fitted.run.network
        for variable, value in zip(network.weights, fitted.weights, strict=True):
            variable.assign(value)
        return question.answer(TrainedNetwork(fitted.run.experiment, fitted.run.dataset, network, step=0))

    def curve(self, measure: Measure, index: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """What was measured in one of the trainings."""
        return self.trainings[index].run.curve(measure.name)


@dataclass(frozen=True)
class Claim:
    """Whether a lesson's claim holds with one seed.

    Attributes:
        seed: of the experiment.
        holds: whether it does.
        numbers: what was measured.
        seconds: that all trainings took, one after the other.
        processor_seconds: the same without waiting, however busy the machine is.
        seen: what the experiment came to.
    """

    seed: int
    holds: bool
    numbers: Mapping[str, float]
    seconds: float
    processor_seconds: float
    seen: Seen


def claim(lesson: Lesson, seed: int) -> Claim:
    """Train a lesson's experiment with that seed, and see whether its claim holds."""
    began, worked = time.monotonic(), time.process_time()
    results = FittedResults([trained(experiment) for experiment in lesson.experiments(seed=seed)])
    seconds, processor_seconds = time.monotonic() - began, time.process_time() - worked
    seen = lesson.see(results)
    return Claim(seed, lesson.holds(seen.numbers), seen.numbers, seconds, processor_seconds, seen)


@lru_cache(maxsize=64)
def trained(experiment: Experiment) -> Fitted:
    """Train one experiment from its first weights to its end; lessons that share a training have it once."""
    from rnnlab.data import load_dataset
    from rnnlab.training import Trainer, train

    dataset = load_dataset(experiment.data, experiment.seed)
    workbench = _workbenches().take(experiment, len(dataset.vocabulary))
    run = train(Trainer(experiment, dataset, workbench))
    _workbenches().give_back(workbench)
    return Fitted(run, [variable.numpy() for variable in run.network.weights])


@cache
def _workbenches() -> WorkbenchPool:
    from rnnlab.training import WorkbenchPool

    return WorkbenchPool()


def claim_lines(lesson: Lesson, seeds: int) -> Iterator[str]:
    """The claim with each of some seeds, a line for each as soon as it is known, and a line for all of them."""
    yield f"{lesson.id}: {lesson.texts['claim']}"
    claims = []
    for seed in range(seeds):
        found = claim(lesson, seed)
        claims.append(found)
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in found.numbers.items())
        yield f"  seed {seed}: {'holds' if found.holds else 'FAILS'} ({found.seconds:.1f} s, {numbers})"
    held = sum(found.holds for found in claims)
    seconds = statistics.median(found.seconds for found in claims)
    busy = statistics.median(found.processor_seconds for found in claims)
    yield (
        f"  {lesson.id}: {held} of {seeds} hold; one experiment takes {seconds:.1f} s, of which a processor works "
        f"{busy:.1f} s"
    )
