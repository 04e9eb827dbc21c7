"""What generating costs."""

from __future__ import annotations

from rnnlab.analyses.series import _wave
from rnnlab.analyses.trained import TrainedNetwork, View

COST_LENGTHS = (30, 100, 300, 1000, 2000, 4000)

COST_SECONDS = 2.5
"""Longest single call when costs are measured; lengths beyond are left out."""


def generation_cost(trained: TrainedNetwork) -> View:
    """What generating costs with this network; see `rnnlab.generation.GenerationCost`.

    Returns:
        `lengths`, the seconds `carried` and `reread` for each, medians, and their `ratios`.
    """
    from rnnlab import generation

    _wave(trained.experiment)
    cost = generation.measure_cost(trained.network, COST_LENGTHS, most_seconds=COST_SECONDS)
    carried, reread = cost.medians
    return {"lengths": cost.lengths, "carried": carried, "reread": reread, "ratios": cost.ratios}
