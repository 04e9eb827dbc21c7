"""What generating costs."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.analyses.series import wave_of
from rnnlab.analyses.trained import Question, TrainedNetwork

COST_LENGTHS = (30, 100, 300, 1000, 2000, 4000)
COST_SECONDS = 2.5
"""Longest single call when costs are measured; lengths beyond are left out."""


@dataclass(frozen=True)
class CostAnswer:
    """What generating costs with one network on this machine.

    Attributes:
        lengths: values generated, rising.
        carried, reread: seconds for each length, medians: with the state carried, and with everything re-read.
        ratios: of the two, measured in turn.
    """

    lengths: tuple[int, ...]
    carried: tuple[float, ...]
    reread: tuple[float, ...]
    ratios: tuple[float, ...]


@dataclass(frozen=True)
class GenerationCost(Question[CostAnswer]):
    """What does re-reading cost beside carrying the state?"""

    def answer(self, trained: TrainedNetwork) -> CostAnswer:
        """See `rnnlab.generation.measure_cost`."""
        from rnnlab import generation

        wave_of(trained.experiment)
        cost = generation.measure_cost(trained.network, COST_LENGTHS, most_seconds=COST_SECONDS)
        carried, reread = cost.medians
        return CostAnswer(tuple(cost.lengths), tuple(carried), tuple(reread), tuple(cost.ratios))
