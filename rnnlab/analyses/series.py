"""A wave or a series of one's own, predicted and continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config import Experiment, SeriesData, SineData
from rnnlab.data import Dataset, wave
from rnnlab.data.forecast import known_around, naive_forecasts
from rnnlab.errors import LabError

MOST_WORK = 10**11
"""Steps times weights that a way of feeding back may need: some ten seconds."""


@dataclass(frozen=True, eq=False)
class Naive:
    """A forecast that takes no network, in the units of the data; see `rnnlab.data.forecast`.

    Attributes:
        label: such as `same as before`.
        one_step_rmse: of forecasts from the true values before each, over the horizon.
        alone: (horizon,), from the values before the horizon alone.
        alone_rmse: of these.
    """

    label: str
    one_step_rmse: float
    alone: np.ndarray
    alone_rmse: float


@dataclass(frozen=True, eq=False)
class SeriesAnswer:
    """Target, one-step prediction and free run on the same axis, in the units of the data.

    Attributes:
        target: (P + horizon,).
        teacher_forced: (P + horizon,), NaN at 0.
        free_running: (horizon,), for the times P and later.
        prime: P, the values that the free run was given.
        teacher_forced_rmse, free_running_rmse: over the horizon.
        carried_rmse: of a free run that carries the state; None when that is the way.
        later_steps, later_rmse: for a network that hears zeros, the error of the same output had the wave begun that
            many steps later, about half a period; else None.
        step: updates that the weights have had.
        amplitude: the size of the series, which errors are judged by: 1 for a wave between -1 and 1.
        naive: forecasts that take no network, of a series of one's own.
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
    amplitude: float = 1.0
    naive: tuple[Naive, ...] = ()


@dataclass(frozen=True)
class CompareSeries(Question[SeriesAnswer]):
    """How is the wave predicted, and how does it go on when its output is fed back?

    Attributes:
        prime: true values that are read first; of a series of one's own, the last ones of its training part.
        horizon: steps that it runs alone; of a series of one's own, at most as many as it has after that part.
        way: how the output is fed back, a key of `rnnlab.config.feeding.EVERY_WAY`.
    """

    prime: int = 50
    horizon: int = 500
    way: str = "carried"

    def answer(self, trained: TrainedNetwork) -> SeriesAnswer:
        """See `rnnlab.generation.compare_series`."""
        from rnnlab import generation

        data = series_of(trained)
        comparison = generation.compare_series(trained.network, data, self.prime, self.horizon)
        target, prime = comparison.target, comparison.prime
        free_running, carried_rmse = comparison.free_running, None
        if self.way != "carried":
            carried_rmse = comparison.free_running_rmse
            free_running = _fed_back(trained, target[:prime], len(target) - prime, self.way)
        later_steps, later_rmse = _by_heart(data, free_running, prime)
        return SeriesAnswer(
            target,
            comparison.teacher_forced,
            free_running,
            prime,
            comparison.teacher_forced_rmse,
            _rmse(free_running, target[prime:]),
            carried_rmse,
            later_steps,
            later_rmse,
            trained.step,
            data.scale.amplitude if isinstance(data, Dataset) else 1.0,
            _naive(trained.experiment, data, len(target) - prime) if isinstance(data, Dataset) else (),
        )


def series_of(trained: TrainedNetwork) -> SineData | Dataset:
    """The wave that a network learned, or the dataset of a series of one's own. Raises `ValueError` for a text."""
    data = wave_of(trained.experiment)
    return trained.dataset if data.needs_own_text else data


def wave_of(experiment: Experiment) -> SineData:
    """The settings of the series that an experiment learns. Raises `ValueError` when it learns a text."""
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
    data = series_of(trained)
    if isinstance(data, Dataset):
        read = data.scale.apply(prime)
    else:
        read = np.zeros_like(prime) if data.inputs == "zeros" else prime
    output = generation.feed_back(network, read[None, :, None], horizon, way)[0, :, 0]
    return trained.dataset.scale.undo(output)


def _naive(experiment: Experiment, dataset: Dataset, horizon: int) -> tuple[Naive, ...]:
    """The naive forecasts of a series of one's own."""
    known = known_around(dataset, horizon)
    forecasts = naive_forecasts(known, cast(SeriesData, experiment.data).season)
    return tuple(
        Naive(label, _rmse(one_step, known.future), alone, _rmse(alone, known.future))
        for label, one_step, alone in forecasts
    )


def _by_heart(data: SineData | Dataset, output: np.ndarray, prime: int) -> tuple[int | None, float | None]:
    """How wrong an output that does not depend on the wave would be for another one."""
    if isinstance(data, Dataset) or data.inputs != "zeros":
        return None, None
    steps = max(1, round(np.pi / data.frequency))
    return steps, _rmse(output, wave(data, len(output), start=prime + steps))


def _rmse(predicted: np.ndarray, target: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype("float64") - target))))
