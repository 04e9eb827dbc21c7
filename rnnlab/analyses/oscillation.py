"""The free run of a sine wave as an oscillation: its phase, its portrait, and the fixed point that it goes round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.analyses.nudge import read_by
from rnnlab.analyses.series import wave_of
from rnnlab.analyses.thinning import MOST_POINTS
from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.data import wave

if TYPE_CHECKING:
    from rnnlab.inspection.state_map import Orbit

STARTS = 8
"""States of the orbit from which a fixed point is looked for, beside their middle."""


@dataclass(frozen=True, eq=False)
class PhaseAnswer:
    """A sine fitted to each period of a free run.

    Attributes:
        times: float64 (K,), the middle of each period, in time steps.
        amplitudes: float64 (K,); the true wave has 1.
        phases: float64 (K,), in radians ahead of the true wave; NaN where the oscillation has died.
        drift: error of the frequency, in radians a step; NaN if there are too few phases.
        frequency: of the true wave, in radians a step.
        rmse: of the free run.
        horizon: its steps.
        step: updates that the weights have had.
    """

    times: np.ndarray
    amplitudes: np.ndarray
    phases: np.ndarray
    drift: float
    frequency: float
    rmse: float
    horizon: int
    step: int


@dataclass(frozen=True)
class WavePhase(Question[PhaseAnswer]):
    """What is wrong in a free run of a sine: its amplitude, its phase or its frequency?

    Attributes:
        prime: true values that are read first.
        steps: of the free run, at least three periods.
    """

    prime: int = 50
    steps: int = 1000

    def answer(self, trained: TrainedNetwork) -> PhaseAnswer:
        """See `rnnlab.inspection.fit_phase`."""
        from rnnlab import inspection

        data = wave_of(trained.experiment)
        free, _ = _orbits(trained, self.prime, self.steps)
        predicted, target = free.outputs[self.prime - 1 : -1, 0], wave(data, self.steps, start=self.prime)
        found = inspection.fit_phase(predicted, data.frequency, start=self.prime)
        rmse = float(np.sqrt(np.mean(np.square(predicted - target))))
        return PhaseAnswer(
            times=found.times,
            amplitudes=found.amplitudes,
            phases=found.phases,
            drift=found.drift,
            frequency=data.frequency,
            rmse=rmse,
            horizon=self.steps,
            step=trained.step,
        )


@dataclass(frozen=True, eq=False)
class PortraitAnswer:
    """The last steps of a wave in both regimes: values, and states in their two main components.

    Attributes:
        first: the time step of the first value.
        target, teacher_forced, free_running: float (M,), predicted values and what they should be.
        teacher_forced_path, free_running_path: float64 (M, 2), the state from which each value was predicted.
        shares: float64 (2,), of the variance of the teacher-forced states.
        delay: steps, about a quarter of a period.
        length: steps that were run; of more than M, the last are given.
        step: updates that the weights have had.
    """

    first: int
    target: np.ndarray
    teacher_forced: np.ndarray
    free_running: np.ndarray
    teacher_forced_path: np.ndarray
    free_running_path: np.ndarray
    shares: np.ndarray
    delay: int
    length: int
    step: int


@dataclass(frozen=True)
class WavePortrait(Question[PortraitAnswer]):
    """On what closed curve does a wave run, and on what curve do the states?

    Attributes:
        prime: true values that are read first.
        steps: after them.
    """

    prime: int = 50
    steps: int = 500

    def answer(self, trained: TrainedNetwork) -> PortraitAnswer:
        """See `rnnlab.inspection.orbit` and `main_components`."""
        from rnnlab import inspection

        data = wave_of(trained.experiment)
        free, forced = _orbits(trained, self.prime, self.steps)
        shown = min(self.steps, MOST_POINTS)
        components = inspection.main_components(forced.states[self.prime - 1 : -1, 0])
        first = self.prime + self.steps - shown
        before = slice(-1 - shown, -1)  # The states from which these values are predicted.
        return PortraitAnswer(
            first=first,
            target=wave(data, shown, start=first),
            teacher_forced=forced.outputs[before, 0],
            free_running=free.outputs[before, 0],
            teacher_forced_path=components.project(forced.states[before, 0]),
            free_running_path=components.project(free.states[before, 0]),
            shares=components.shares,
            delay=max(1, round(np.pi / 2 / data.frequency)),
            length=self.steps,
            step=trained.step,
        )


@dataclass(frozen=True, eq=False)
class FixedPointAnswer:
    """The fixed point of the closed loop that is closest to the middle of a free run.

    Attributes:
        eigenvalues: complex (S,), of the closed loop's Jacobian there, the largest modulus first.
        q: |F(s) - s|^2 / 2 there.
        output: what the network predicts there.
        distance: from the middle of the orbit, relative to the orbit's mean distance from it.
        frequency: of the true wave, in radians a step.
        step: updates that the weights have had.
    """

    eigenvalues: np.ndarray
    q: float
    output: float
    distance: float
    frequency: float
    step: int


@dataclass(frozen=True)
class ClosedLoop(Question[FixedPointAnswer]):
    """Around which point does the free run of a wave turn, and how fast?

    Attributes:
        prime: true values that are read first.
        steps: of the free run, from whose last period the search starts.
    """

    prime: int = 50
    steps: int = 500

    def answer(self, trained: TrainedNetwork) -> FixedPointAnswer:
        """See `rnnlab.inspection.closed_loop_fixed_point`."""
        from rnnlab import inspection

        frequency = wave_of(trained.experiment).frequency
        free, _ = _orbits(trained, self.prime, self.steps)
        period = min(self.steps, max(STARTS, round(2 * np.pi / frequency)))
        last = free.states[-period:, 0].astype("float64")
        middle = last.mean(axis=0)
        starts = np.concatenate([middle[None], last[np.linspace(0, period - 1, STARTS).astype(int)]])
        found = inspection.closed_loop_fixed_point(trained.network, starts)
        size = np.linalg.norm(last - middle, axis=1).mean()
        network = inspection.precise(trained.network)
        return FixedPointAnswer(
            eigenvalues=found.eigenvalues,
            q=found.q,
            output=float(inspection.output_of(network, found.state[None].astype(free.states.dtype))[0, 0]),
            distance=float(np.linalg.norm(found.state - middle) / max(size, np.finfo(float).tiny)),
            frequency=frequency,
            step=trained.step,
        )


def _orbits(trained: TrainedNetwork, prime: int, steps: int) -> tuple[Orbit, Orbit]:
    """The free-running and the teacher-forced orbit over the prime and the steps after it."""
    from rnnlab import inspection

    network = inspection.precise(trained.network)
    values = read_by(trained, prime, steps).values
    free, forced = (inspection.orbit(network, values[:known], prime + steps) for known in (prime, prime + steps))
    return free, forced
