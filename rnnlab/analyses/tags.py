"""What a network that labels each step says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnlab.analyses.trained import Question, TrainedNetwork


@dataclass(frozen=True)
class TagsOfStretch(Question[dict[str, Any]]):
    """Which tag does it give each step of a stretch of the validation part?

    Attributes:
        start: first step.
        length: steps; 0 takes as much as is easily looked at.
    """

    start: int = 0
    length: int = 0

    def answer(self, trained: TrainedNetwork) -> dict[str, Any]:
        """The same as a sample of the live panel, see `rnnlab.generation.sample_from`."""
        from rnnlab import generation

        return generation.tags_of(trained.network, trained.dataset, self.start, self.length)
