"""A wave, predicted and continued."""

from __future__ import annotations

import dataclasses
from typing import cast

import numpy as np

from rnnlab.analyses.trained import TrainedNetwork, View
from rnnlab.config import Experiment, SineData

MOST_WORK = 10**11
"""Steps times weights that a way of feeding back may need: some ten seconds."""


def compare_series(trained: TrainedNetwork, prime: int = 50, horizon: int = 500, way: str = "carried") -> View:
    """Target, one-step prediction and free run on the same axis; see `rnnlab.generation.SeriesComparison`.

    Args:
        way: how the output is fed back in the free run, a key of `rnnlab.config.feeding.ATTEMPTS`.
    Returns:
        The comparison and both errors; `carried_rmse`, the error with the state carried, None when that is the way;
        for a network that hears zeros `later_rmse`, the error of the same output had the wave begun `later_steps`
        later, about half a period; else None.
    """
    from rnnlab import generation

    comparison = generation.compare_series(trained.network, _wave(trained.experiment), prime, horizon)
    carried_rmse = None
    if way != "carried":
        carried_rmse = comparison.free_running_rmse
        comparison = dataclasses.replace(
            comparison, free_running=_attempt(trained, comparison.target[:prime], horizon, way)
        )
    errors = {
        "teacher_forced_rmse": comparison.teacher_forced_rmse,
        "free_running_rmse": comparison.free_running_rmse,
        "carried_rmse": carried_rmse,
    }
    return vars(comparison) | errors | _by_heart(_wave(trained.experiment), comparison.free_running, prime)


def _attempt(trained: TrainedNetwork, prime: np.ndarray, horizon: int, way: str) -> np.ndarray:
    """The free run in another way than `compare_series` has it: float32 (horizon,)."""
    from rnnlab import generation

    network = trained.network
    steps, most = generation.steps_needed(way, len(prime), horizon), MOST_WORK // network.count_params()
    if steps > most:
        raise ValueError(
            f"In this way {horizon:,} values take {steps:,} steps of the network, but there is time for at most "
            f"{most:,} of its size; please take a shorter horizon, or carry the state."
        )
    read = np.zeros_like(prime) if _wave(trained.experiment).inputs == "zeros" else prime
    return generation.generate_attempt(network, read[None, :, None], horizon, way)[0, :, 0]


def _by_heart(data: SineData, output: np.ndarray, prime: int) -> View:
    """How wrong an output that does not depend on the wave would be for another one."""
    if data.inputs != "zeros":
        return {"later_steps": None, "later_rmse": None}
    from rnnlab.data import wave

    steps = max(1, round(np.pi / data.frequency))
    other = wave(data, len(output), start=prime + steps)
    return {"later_steps": steps, "later_rmse": float(np.sqrt(np.mean(np.square(output - other))))}


def _wave(experiment: Experiment) -> SineData:
    if experiment.task.reads_tokens:
        raise ValueError("This run was trained on text, and a wave was asked for; please compare its text.")
    return cast(SineData, experiment.data)
