"""A wave, predicted and continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config import Experiment, SineData
from rnnlab.errors import LabError

MOST_WORK = 10**11
"""Steps times weights that a way of feeding back may need: some ten seconds."""


@dataclass(frozen=True, eq=False)
class SeriesAnswer:
    """Target, one-step prediction and free run on the same axis.

    Attributes:
        target: float32 (P + horizon,).
        teacher_forced: float32 (P + horizon,), NaN at 0.
        free_running: float32 (horizon,), for the times P and later.
        prime: P, the values that the free run was given.
        teacher_forced_rmse, free_running_rmse: over the horizon.
        carried_rmse: of a free run that carries the state; None when that is the way.
        later_steps, later_rmse: for a network that hears zeros, the error of the same output had the wave begun that
            many steps later, about half a period; else None.
        step: updates that the weights have had.
    """

    target: np.ndarray
    teacher_forced: np.ndarray
    free_running: np.ndarray
    prime: int
    teacher_forced_rmse: float
    free_running_rmse: float
    carried_rmse: float | None
    later_steps: int | None
    later_rmse: float | None
    step: int


@dataclass(frozen=True)
class CompareSeries(Question[SeriesAnswer]):
    """How is the wave predicted, and how does it go on when its output is fed back?

    Attributes:
        prime: true values that are read first.
        horizon: steps that it runs alone.
        way: how the output is fed back, a key of `rnnlab.config.feeding.EVERY_WAY`.
    """

    prime: int = 50
    horizon: int = 500
    way: str = "carried"

    def answer(self, trained: TrainedNetwork) -> SeriesAnswer:
        """See `rnnlab.generation.compare_series`."""
        from rnnlab import generation

        data = wave_of(trained.experiment)
        comparison = generation.compare_series(trained.network, data, self.prime, self.horizon)
        free_running, carried_rmse = comparison.free_running, None
        if self.way != "carried":
            carried_rmse = comparison.free_running_rmse
            free_running = _fed_back(trained, comparison.target[: self.prime], self.horizon, self.way)
        later_steps, later_rmse = _by_heart(data, free_running, self.prime)
        return SeriesAnswer(
            comparison.target,
            comparison.teacher_forced,
            free_running,
            self.prime,
            comparison.teacher_forced_rmse,
            _rmse(free_running, comparison.target[self.prime :]),
            carried_rmse,
            later_steps,
            later_rmse,
            trained.step,
        )


def wave_of(experiment: Experiment) -> SineData:
    """The wave that an experiment learns. Raises `ValueError` when it learns a text."""
    if experiment.task.is_sequences:
        raise LabError("This run was trained on separate sequences, and a wave was asked for; compare its answers.")
    if experiment.task.reads_tokens:
        raise LabError("This run was trained on text, and a wave was asked for; please compare its text.")
    return cast(SineData, experiment.data)


def _fed_back(trained: TrainedNetwork, prime: np.ndarray, horizon: int, way: str) -> np.ndarray:
    """The free run in another way than carrying the state: float32 (horizon,)."""
    from rnnlab import generation

    network = trained.network
    steps, most = generation.steps_needed(way, len(prime), horizon), MOST_WORK // network.count_params()
    if steps > most:
        raise LabError(
            f"In this way {horizon:,} values take {steps:,} steps of the network, but there is time for at most "
            f"{most:,} of its size; please take a shorter horizon, or carry the state."
        )
    read = np.zeros_like(prime) if wave_of(trained.experiment).inputs == "zeros" else prime
    return generation.feed_back(network, read[None, :, None], horizon, way)[0, :, 0]


def _by_heart(data: SineData, output: np.ndarray, prime: int) -> tuple[int | None, float | None]:
    """How wrong an output that does not depend on the wave would be for another one."""
    if data.inputs != "zeros":
        return None, None
    from rnnlab.data import wave

    steps = max(1, round(np.pi / data.frequency))
    return steps, _rmse(output, wave(data, len(output), start=prime + steps))


def _rmse(predicted: np.ndarray, target: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype("float64") - target))))
