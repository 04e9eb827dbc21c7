"""A run that looks alive: made, claimed, filled and kept beating by this process, through a worker's own door."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from rnnlab.measures import BATCH_LOSS, GRAD_NORM, LEARNING_RATE, TRAIN_LOSS, VALID_LOSS
from rnnlab.presets import SINE
from rnnlab.store.claim import claim_run
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from rnnlab.worker.execution import Heart

STRETCH = 100
"""Updates that a worker reports at once: it writes every 0.15 s, and the sine preset makes about 700 a second."""

EVALUATE_EVERY = 10
PRIME, HORIZON = 50, 200
"""Values of a sample, as `rnnlab.generation.sample_from` has them."""

WHO = "benchmark"
"""Who owns it and who executes it: no visitor's list shows it, and no engine takes it for its own, which has died."""


class Point(NamedTuple):
    """One measured number, as `rnnlab.store.curves.Measured` wants it."""

    step: int
    name: str
    value: float


class LiveRun:
    """A context manager: the run beats until the end, and is stopped there.

    Args:
        location: whose store.
        steps: updates that are recorded already, three points each, and two more every `EVALUATE_EVERY`.
        samples: of what the network generated, recorded already.
        total: updates that the run would have.
    """

    def __init__(self, location: Location, steps: int, samples: int = 0, total: int = 10_000_000):
        self._store = RunStore(location.database)
        self.id = self._store.create(SINE.experiment, WHO, "A run that is always live", SINE.name)
        self._claim = claim_run(location.database, self.id, submission=1, engine=WHO, checkpoint=None)
        self._claim.start(0, total)
        self._heart = Heart(self._claim)
        self.step = 0
        for last in np.linspace(0, steps, max(samples, 1) + 1, dtype="int64")[1:]:
            self.train(int(last) - self.step)
            if samples:
                self.add_sample()

    def __enter__(self) -> Self:
        self._heart.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._heart.__exit__(None, None, None)
        self._claim.end("stopped")

    def train(self, steps: int) -> None:
        """Record that many more updates."""
        for first in range(self.step, self.step + steps, STRETCH):
            last = min(first + STRETCH, self.step + steps)
            self._claim.append(points(first, last), last)
        self.step += steps

    def add_sample(self) -> None:
        """Record what a network could have generated now."""
        values = np.sin(0.1 * np.arange(PRIME + HORIZON) + self.step)
        content = {"kind": "series", "prime": values[:PRIME].tolist(), "values": values[PRIME:].tolist()}
        self._claim.add_sample(self.step, content)


def points(first: int, last: int) -> list[Point]:
    """What the updates from `first` to before `last` leave in the store: falling, and with noise."""
    steps = np.arange(first, last)
    values = np.exp(-steps / 1000) + 0.01 * np.random.default_rng(first).random(len(steps))
    found = []
    for step, value in zip(steps.tolist(), values.tolist(), strict=True):
        found += [Point(step, name, value) for name in (BATCH_LOSS.name, GRAD_NORM.name, LEARNING_RATE.name)]
        if step % EVALUATE_EVERY == 0:
            found += [Point(step, name, value) for name in (TRAIN_LOSS.name, VALID_LOSS.name)]
    return found
