"""What a network that labels each step says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork


@dataclass(frozen=True, eq=False)
class TagsAnswer:
    """A stretch of T steps, labelled.

    Attributes:
        inputs: the T words or values that were read.
        truth: int64 (T,), the number of each step's right tag; -1 if it is not known.
        probabilities: float64 (T, tags), of each tag at each step; NaN if the network gave no finite number.
    """

    inputs: list[str] | list[float]
    truth: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def of_sample(cls, content: Mapping[str, Any]) -> TagsAnswer:
        """What a sample of a run holds, see `rnnlab.generation.sample_from`."""
        probabilities = np.array(content["probabilities"], "float64")  # None becomes NaN
        return cls(content["inputs"], np.array(content["truth"], "int64"), probabilities)

    @property
    def accuracy(self) -> float | None:
        """Share of right labels among the steps whose label is known; None if none is known."""
        known = self.truth >= 0
        said = self.probabilities.argmax(axis=1)
        return float(np.mean(said[known] == self.truth[known])) if known.any() else None


@dataclass(frozen=True)
class TagsOfStretch(Question[TagsAnswer]):
    """Which tag does it give each step of a stretch of the validation part?

    Attributes:
        start: first step.
        length: steps; 0 takes as much as is easily looked at.
    """

    start: int = 0
    length: int = 0

    def answer(self, trained: TrainedNetwork) -> TagsAnswer:
        """See `rnnlab.generation.tags_of`."""
        from rnnlab import generation

        return TagsAnswer.of_sample(generation.tags_of(trained.network, trained.dataset, self.start, self.length))
