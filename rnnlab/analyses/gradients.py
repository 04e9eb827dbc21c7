"""How far back does the error reach: for a network before its training and now, and for untrained cells."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config import ModelConfig
from rnnlab.errors import LabError

ROWS = 8
"""Windows that a norm is averaged over."""

GLOROT = 0.0
"""The value of `init_scale` that stands for Glorot and orthogonal starts."""

INIT_SCALES = (0.1, GLOROT)

BIASES = (0.0, 1.0, 5.0)
"""Forget biases of the untrained LSTMs."""


class Windows(NamedTuple):
    """Equally long windows of the data, each with the target of its last step; see `gradients_back`."""

    inputs: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True, eq=False)
class GradientsAnswer:
    """Norms of the gradient of the loss L_T at one step with respect to the state k steps before, k = 0 to K.

    Attributes:
        names: of the parts of the state, such as `layer_0/h`.
        now, before: float64 (names, K + 1), with the weights of the newest checkpoint, and before the first update.
        window: steps after which training cuts the gradient off; the length of a sequence, if the data are separate
            sequences.
        rows: windows that the norms are averaged over.
        step: updates that the weights have had.
    """

    names: tuple[str, ...]
    now: np.ndarray
    before: np.ndarray
    window: int
    rows: int
    step: int


@dataclass(frozen=True)
class GradientsBackInTime(Question[GradientsAnswer]):
    """How strongly does the error at one step depend on earlier states, before training and now?

    Attributes:
        reach: K, the largest distance; data with shorter sequences have a shorter one.
    """

    reach: int = 50

    def answer(self, trained: TrainedNetwork) -> GradientsAnswer:
        """See `rnnlab.inspection.gradients`."""
        from rnnlab.inspection.gradients import Shape, gradients_back, untrained_gradients

        network, experiment = trained.network, trained.experiment
        windows = windows_of(trained, self.reach)
        now = gradients_back(network, *windows)
        before = untrained_gradients(experiment.model, Shape.of(network), experiment.seed, *windows)
        names = tuple(network.state_names)
        norms = np.array([[found.norms(name) for name in names] for found in (now, before)])
        if not np.isfinite(norms).all():
            raise LabError("The network's numbers are not finite any more; look at a run that did not explode.")
        length = windows.inputs.shape[1]
        window = length if experiment.task.is_sequences else experiment.training.num_steps
        return GradientsAnswer(names, norms[0], norms[1], window, len(windows.inputs), trained.step)


@dataclass(frozen=True)
class Start:
    """An untrained cell.

    Attributes:
        label: such as `LSTM, b = 1`.
        cell: its kind.
        forget_bias: of an LSTM; None for other cells.
    """

    label: str
    cell: str
    forget_bias: float | None = None

    def model(self, units: int, init_scale: float) -> ModelConfig:
        """The settings of one layer of it."""
        plain = ModelConfig(cell=self.cell, units=units, init_scale=init_scale)
        return plain if self.forget_bias is None else dataclasses.replace(plain, forget_bias=self.forget_bias)


def starts_with(bias: float | None = None) -> tuple[Start, ...]:
    """The untrained cells that are compared: an LSTM of each of `BIASES` and of one more, a simple RNN and a GRU."""
    biases = sorted({*BIASES, *([] if bias is None else [bias])})
    lstms = (Start(f"LSTM, b = {bias:g}", "lstm", bias) for bias in biases)
    return (*lstms, Start("simple RNN", "simple_rnn"), Start("GRU", "gru"))


@dataclass(frozen=True, eq=False)
class UntrainedAnswer:
    """Norms of the gradient of each untrained cell with respect to h.

    Attributes:
        starts: the cells.
        init_scales: how the weights start; 0 stands for Glorot and orthogonal starts.
        norms: float64 (init_scales, starts, K + 1).
        units: of each cell.
        rows: windows that the norms are averaged over.
    """

    starts: tuple[Start, ...]
    init_scales: tuple[float, ...]
    norms: np.ndarray
    units: int
    rows: int


@dataclass(frozen=True)
class UntrainedGradients(Question[UntrainedAnswer]):
    """How far back does the error reach in cells that have learned nothing, on this run's data?

    Attributes:
        reach: K, the largest distance.
        bias: a forget bias beside those of `BIASES`; None for none.
    """

    reach: int = 50
    bias: float | None = None

    def answer(self, trained: TrainedNetwork) -> UntrainedAnswer:
        """See `rnnlab.inspection.gradients`."""
        from rnnlab.inspection.gradients import Shape, untrained_gradients

        experiment, shape = trained.experiment, Shape.of(trained.network)
        windows, units = windows_of(trained, self.reach), experiment.model.widths[0]
        starts = starts_with(self.bias)
        norms = [
            [
                untrained_gradients(start.model(units, scale), shape, experiment.seed, *windows).norms("layer_0/h")
                for start in starts
            ]
            for scale in INIT_SCALES
        ]
        return UntrainedAnswer(starts, INIT_SCALES, np.array(norms), units, len(windows.inputs))


def windows_of(trained: TrainedNetwork, reach: int) -> Windows:
    """Windows of this run's data that end at steps with an answer, K + 1 steps long.

    Raises:
        ValueError: the network is bidirectional, or the reach is below 1.
    """
    from rnnlab.data.stretch import windows_ending_at_answers

    if reach < 1:
        raise LabError(f"The reach was {reach}, but must be at least 1; take 1 or more.")
    found = windows_ending_at_answers(trained.dataset, trained.experiment.data, reach + 1, ROWS)
    return Windows(np.stack([one.inputs for one in found]), np.array([one.targets[-1] for one in found]))
