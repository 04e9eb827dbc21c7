"""What generating costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rnnlab.analyses.series import wave_of
from rnnlab.analyses.trained import LongQuestion, Progress, TrainedNetwork, unwatched

COST_LENGTHS = (30, 100, 300, 1000, 2000, 4000)
COST_SECONDS = 2.5
"""Longest single call when costs are measured. Greater lengths are left out."""


@dataclass(frozen=True)
class CostAnswer:
    """What generating costs with one network on this machine.

    Attributes:
        lengths: values generated, rising.
        carried, reread: seconds for each length, medians: with the state carried, and with everything re-read.
        ratios: of the two, measured in turn.
        measured: when that was, such as `26 Nov 2026, 07:45 UTC`.
    """

    lengths: tuple[int, ...]
    carried: tuple[float, ...]
    reread: tuple[float, ...]
    ratios: tuple[float, ...]
    measured: str


@dataclass(frozen=True)
class GenerationCost(LongQuestion[CostAnswer]):
    """What does re-reading cost beside carrying the state?"""

    kept_as: ClassVar[type[CostAnswer]] = CostAnswer

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> CostAnswer:
        """See `rnnlab.generation.measure_cost`."""
        from rnnlab import generation

        wave_of(trained.experiment)
        measured: list[generation.GenerationCost] = []
        for i, length in enumerate(COST_LENGTHS):
            progress(i, len(COST_LENGTHS))
            # n values take n (n + 1) / 2 steps if everything is re-read.
            if i and measured[-1].medians[1][0] * (length / COST_LENGTHS[i - 1]) ** 2 > COST_SECONDS:
                break
            measured.append(generation.measure_cost(trained.network, (length,)))
        progress(len(COST_LENGTHS), len(COST_LENGTHS))
        return CostAnswer(
            lengths=COST_LENGTHS[: len(measured)],
            carried=tuple(cost.medians[0][0] for cost in measured),
            reread=tuple(cost.medians[1][0] for cost in measured),
            ratios=tuple(cost.ratios[0] for cost in measured),
            measured=f"{datetime.now(UTC):%d %b %Y, %H:%M} UTC",
        )
