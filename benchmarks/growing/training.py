"""Time of training against one size of the work at a time, and the memory that a process of its own takes for it.

    python -m benchmarks.growing.training '{"units": 32, ...}' UPDATES

prints the MiB by which the process grew at most while it trained; `memories` calls it.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import Dataset

if TYPE_CHECKING:
    from rnnlab.training import Trainer

WINDOWS = 20
"""Windows of an epoch, where epochs are counted."""

MANY_WINDOWS = 500
"""Of an epoch where updates are timed: what is evaluated after an epoch is no part of an update."""

MANY = 1_000_000
"""Epochs of a training that is only timed: more than anybody waits for."""


@dataclass(frozen=True)
class Job:
    """What is trained: an LSTM on waves (vocabulary 0) or on random words, whose speed does not depend on them.

    Attributes:
        epochs: 0 for as many as one likes.
    """

    units: int
    num_layers: int = 1
    num_steps: int = 100
    batch_size: int = 1
    vocabulary: int = 0
    epochs: int = 0

    @property
    def windows(self) -> int:
        """Of an epoch."""
        return WINDOWS if self.epochs else MANY_WINDOWS

    @property
    def updates(self) -> int:
        """Of the whole training."""
        return (self.epochs or MANY) * self.windows

    @property
    def length(self) -> int:
        """Values or words: each stream has so many windows and one input more, the last target."""
        return self.batch_size * (self.windows * self.num_steps + 1)


def trainer_of(job: Job) -> Trainer:
    """A trainer that is compiled and has done the evaluation before the first update."""
    from rnnlab.training import Trainer

    trainer = Trainer(_experiment(job), _dataset(job))
    while trainer.step < 2:
        trainer.advance(1)
    return trainer


def seconds_per_update(jobs: Sequence[Job], rounds: int, seconds: float) -> list[float]:
    """The median time of one update of each job; the jobs take turns.

    Args:
        rounds: alternations.
        seconds: about what a turn takes.
    """
    trainers = [trainer_of(job) for job in jobs]
    counts = [math.ceil(seconds / (_train(trainer, 32) / 32)) for trainer in trainers]
    found: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for trainer, count, times in zip(trainers, counts, found, strict=True):
            times.append(_train(trainer, count) / count)
    return [statistics.median(times) for times in found]


def seconds_in_all(jobs: Sequence[Job], rounds: int) -> list[float]:
    """The median time of each job from the first update to the last evaluation, compiled beforehand; in turns."""
    from rnnlab.training import Trainer

    workbench = trainer_of(jobs[0]).workbench
    found: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for job, times in zip(jobs, found, strict=True):
            trainer = Trainer(_experiment(job), _dataset(job), workbench)
            began = time.perf_counter()
            while not trainer.finished:
                trainer.advance()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in found]


def memories(jobs: Sequence[Job], updates: int) -> list[float]:
    """MiB by which a process that has loaded everything grows at most, one process for each job.

    Args:
        updates: that each is trained for, but not past its end.
    """
    # Memory does not depend on who else is at work, so two at once lose nothing.
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda job: _memory(job, updates), jobs))


def _memory(job: Job, updates: int) -> float:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.growing.training"]
    command += [json.dumps(dataclasses.asdict(job)), str(updates)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(result.stdout.splitlines()[-1])


def changed(job: Job, name: str, values: Sequence[int]) -> list[Job]:
    """The job with one size changed, for each of the values."""
    changes: list[Mapping[str, int]] = [{name: value} for value in values]
    return [dataclasses.replace(job, **change) for change in changes]


def _train(trainer: Trainer, count: int) -> float:
    goal = trainer.step + count
    began = time.perf_counter()
    while trainer.step < goal:
        trainer.advance(goal - trainer.step)
    return time.perf_counter() - began


def _experiment(job: Job) -> Experiment:
    return Experiment(
        data=TextData() if job.vocabulary else SineData(samples=job.length),
        model=ModelConfig(units=job.units, num_layers=job.num_layers),
        training=TrainingConfig(
            optimizer="sgd" if job.vocabulary else "adam",
            learning_rate=0.01,
            epochs=job.epochs or MANY,
            full_rate_epochs=job.epochs or MANY,
            batch_size=job.batch_size,
            num_steps=job.num_steps,
            clip_norm=5.0,
            # A hundred points of a curve, as the presets have them, where the training has an end.
            evaluate_every=0 if job.epochs else 10**12,
        ),
    )


def _dataset(job: Job) -> Dataset:
    if job.vocabulary:
        train = np.random.default_rng(0).integers(0, job.vocabulary, job.length).astype("int32")
    else:
        train = np.sin(0.1 * np.arange(job.length)).astype("float32")
    held_out = train[: 10 * job.batch_size + 100].copy()
    return Dataset(train, held_out, held_out, tuple(f"word{i}" for i in range(job.vocabulary)), "made up")


def main() -> None:
    """One job in this process, which must not have trained before."""
    import psutil

    from rnnlab import training  # noqa: F401  # TensorFlow is not what is asked for.

    job, updates = Job(**json.loads(sys.argv[1])), int(sys.argv[2])
    before = psutil.Process().memory_info().rss
    trainer = trainer_of(job)
    _train(trainer, min(updates, job.updates) - trainer.step)
    print((_largest_memory() - before) / 2**20)


def _largest_memory() -> int:
    """The most bytes that this process has held. Linux's ru_maxrss would count what its parent held, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])  # type: ignore[index]
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
