"""Losses that are known before anything is trained: a line to compare a curve with."""

from __future__ import annotations

import math
from typing import NamedTuple

from rnnlab.config import ADDING, LAZY_ERROR, RECALL, Experiment
from rnnlab.data.dataset import floor_perplexity

CHANCE = "chance"


class Level(NamedTuple):
    """A loss with its name.

    Attributes:
        name: of its line in a chart. It has no full stop, because Vega would take that for a path.
        loss: in nats, or a mean squared error.
    """

    name: str
    loss: float

    @property
    def accuracy(self) -> float | None:
        """The accuracy of a model with this loss, where it is the loss of a guess; None elsewhere."""
        return math.exp(-self.loss) if self.name == CHANCE else None


def known_level(experiment: Experiment) -> Level | None:
    """The lowest loss that any model can reach; or, of a memory task, the best one that needs no memory.

    Returns:
        None if neither is known.
    """
    task = experiment.task
    if task.name == RECALL.name:
        return Level(CHANCE, math.log(len(task.tags)))
    if task.name == ADDING.name:
        return Level("always 1", LAZY_ERROR)
    floor = floor_perplexity(experiment)
    return None if floor is None else Level("floor", math.log(floor))
