"""Gates and states of a layer through time, teacher-forced and free-running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.analyses.trained import LongQuestion, Progress, TrainedNetwork, unwatched
from rnnlab.config import CELL_KINDS
from rnnlab.errors import LabError

if TYPE_CHECKING:
    from rnnlab.data.stretch import Stretch
    from rnnlab.models.cells import RecurrentCell

CHUNK = 2_000
"""Steps that are traced at once."""

MOST_VALUES = 20_000_000
"""Units times steps of one gate that a worker keeps: 80 MB."""

MOST_COLUMNS, MOST_ROWS = 600, 200
"""Steps and units of a heat map that are sent and drawn; more columns than that no screen can tell apart."""

MOST_POINTS = 2_000
"""Points of a curve."""

SIGMOID_GATES = ("i", "f", "o", "z", "r")
"""Gates between 0 and 1, which can be saturated; the candidate g is between -1 and 1."""


@dataclass(frozen=True, eq=False)
class OneRegime:
    """One gate or part of the state in one regime, T steps of H units.

    Attributes:
        map: float32 (rows, columns), the units in the order of `GatesAnswer.units`; each column is the mean of
            `GatesAnswer.stride` steps.
        curve: float32 (points,), of the picked unit; each point is the mean of `GatesAnswer.curve_stride` steps.
        values: float32 (points,), what was read, in the units of the data; empty for a text.
        words: the T tokens that were read; () for a series, and for a text of more than `MOST_POINTS`.
        means: float64 (H,), over time, by unit number.
        closed, open: float64 (gates, H), the share of steps at which each of `GatesAnswer.sigmoid_gates` is below 0.1
            and above 0.9.
        kept: float64 (H,), the mean over time of the gate that keeps the memory; empty for a cell without one.
    """

    map: np.ndarray
    curve: np.ndarray
    values: np.ndarray
    words: tuple[str, ...]
    means: np.ndarray
    closed: np.ndarray
    open: np.ndarray
    kept: np.ndarray


@dataclass(frozen=True, eq=False)
class GatesAnswer:
    """One gate or part of the state of one layer through time.

    Attributes:
        part: its letter.
        parts: the letters of all gates and then of all parts of the state.
        sigmoid_gates: those of the gates that are between 0 and 1.
        layers: of the network.
        width: H, units; the outputs of a projection if the part is such an h.
        steps: T.
        given: number of true values that a free run reads first.
        start: where the stretch begins in the data.
        units: int64 (rows,), the unit of each row of the map, similar ones beside each other.
        unit: the picked unit.
        stride, curve_stride: steps of one column of the map, and of one point of a curve.
        forced: every input is the true value.
        free: the network reads its own outputs; None for a network that cannot run alone.
        step: updates that the weights have had.
    """

    part: str
    parts: tuple[str, ...]
    sigmoid_gates: tuple[str, ...]
    layers: int
    width: int
    steps: int
    given: int
    start: int
    units: np.ndarray
    unit: int
    stride: int
    curve_stride: int
    forced: OneRegime
    free: OneRegime | None
    step: int


@dataclass(frozen=True)
class GatesThroughTime(LongQuestion[GatesAnswer]):
    """What do the gates and states of a layer do over time?

    Attributes:
        part: a letter of the cell's `gate_names` or `state_names`; "" takes the gate that keeps the memory, or the
            first one.
        layer, unit: from 0; beyond the last one, the last one.
        start, length: of the stretch, see `rnnlab.data.stretch.stretch_of`.
        prime: true values that a free run reads first.
        seed: decides which words are drawn.
    """

    part: str = ""
    layer: int = 0
    unit: int = 0
    start: int = 0
    length: int = 200
    prime: int = 50
    seed: int = 0

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> GatesAnswer:
        """See `rnnlab.inspection.traces`."""
        from rnnlab.data.stretch import stretch_of
        from rnnlab.inspection.gates import order_by_similarity

        network = trained.network
        stretch = stretch_of(trained.dataset, trained.experiment.data, self.start, self.length)
        steps, layer = len(stretch.inputs), min(self.layer, len(network.cells) - 1)
        cell = network.cells[layer]
        parts = parts_of(cell)
        part = self.part if self.part in parts else CELL_KINDS[trained.experiment.model.cell].keeps or parts[0]
        _check_size(steps, cell.units)
        given = min(self.prime, steps - 1)
        regimes = regimes_of(trained, stretch, given, self.seed)
        chunks = -(-steps // CHUNK)
        read = []
        for number, inputs in enumerate(regimes):
            done = partial(_report, progress, number * chunks, len(regimes) * chunks)
            read.append(_read(trained, inputs, layer, part, done))
        width = read[0].values.shape[1]
        unit = min(self.unit, width - 1)
        order = order_by_similarity(read[0].values)
        units = order[:: -(-width // MOST_ROWS)]
        drawn = [_drawn(trained, one, inputs, units, unit) for one, inputs in zip(read, regimes, strict=True)]
        return GatesAnswer(
            part=part,
            parts=parts,
            sigmoid_gates=_sigmoid_gates(cell.gate_names),
            layers=len(network.cells),
            width=width,
            steps=steps,
            given=given,
            start=stretch.start,
            units=units,
            unit=unit,
            stride=-(-steps // MOST_COLUMNS),
            curve_stride=-(-steps // MOST_POINTS),
            forced=drawn[0],
            free=drawn[1] if len(drawn) > 1 else None,
            step=trained.step,
        )


def regimes_of(trained: TrainedNetwork, stretch: Stretch, given: int, seed: int) -> list[np.ndarray]:
    """What the network reads, (1, T, ...): teacher-forced, and free-running if it can run alone.

    Args:
        stretch: T steps.
        given: true values that the free run reads first, 1 to T - 1.
        seed: decides which words are drawn.
    """
    from rnnlab.generation import generate_series, generate_tokens

    forced = stretch.inputs[None]
    network, horizon = trained.network, len(stretch.inputs) - given
    if not trained.experiment.task.can_generate or trained.experiment.model.is_bidirectional or given < 1:
        return [forced]
    prime = forced[:, :given]
    if network.reads_tokens:
        own = generate_tokens(network, prime, horizon, seed=seed)
    else:
        own = generate_series(network, prime, horizon)
    return [forced, np.concatenate([prime, own], axis=1)]


@dataclass(frozen=True, eq=False)
class _Read:
    """All values of one part in one regime (T, H), and sums over time of the gates."""

    values: np.ndarray
    closed: np.ndarray
    open: np.ndarray
    kept: np.ndarray


def _read(trained: TrainedNetwork, inputs: np.ndarray, layer: int, part: str, done: Callable[[int], None]) -> _Read:
    """Trace a sequence chunk by chunk, and keep one part of it. `done` is called with the chunks that are done."""
    from rnnlab.inspection.gates import saturation
    from rnnlab.inspection.traces import traces_of_chunks

    cell, steps = trained.network.cells[layer], inputs.shape[1]
    sigmoids, keeps = _sigmoid_gates(cell.gate_names), CELL_KINDS[trained.experiment.model.cell].keeps
    values = []
    closed, opened = np.zeros((2, len(sigmoids), cell.units))
    kept = np.zeros(cell.units if keeps else 0)
    done(0)
    for number, trace in enumerate(traces_of_chunks(trained.network, inputs, CHUNK), start=1):
        share = trace.inputs.shape[1] / steps
        of_layer = {name: (trace.gates | trace.states)[f"{cell.name}/{name}"][0] for name in parts_of(cell)}
        values.append(of_layer[part])
        for row, gate in enumerate(sigmoids):
            found = saturation(of_layer[gate])
            closed[row] += share * found.closed
            opened[row] += share * found.open
        if keeps:
            kept += share * of_layer[keeps].mean(axis=0, dtype="float64")
        done(number)
    whole = np.concatenate(values)
    if not np.isfinite(whole).all():
        raise LabError("The network's numbers are not finite any more; look at a run that did not explode.")
    return _Read(whole, closed, opened, kept)


def _drawn(trained: TrainedNetwork, read: _Read, inputs: np.ndarray, units: np.ndarray, unit: int) -> OneRegime:
    """What a figure needs of one regime."""
    from rnnlab.data.vocabulary import decode
    from rnnlab.inspection.gates import thinned

    dataset = trained.dataset
    words: tuple[str, ...] = ()
    values = np.zeros(0)
    if not dataset.has_tokens:
        values, _ = thinned(dataset.scale.undo(inputs[0, :, 0]), MOST_POINTS)
    elif inputs.shape[1] <= MOST_POINTS:
        words = tuple(decode(inputs[0], dataset.vocabulary))
    columns, _ = thinned(read.values[:, units], MOST_COLUMNS)
    curve, _ = thinned(read.values[:, unit], MOST_POINTS)
    means = read.values.mean(axis=0, dtype="float64")
    return OneRegime(columns.T, curve, values, words, means, read.closed, read.open, read.kept)


def _report(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def parts_of(cell: RecurrentCell) -> tuple[str, ...]:
    """The letters of a cell's gates, and then of the parts of its state."""
    return (*cell.gate_names, *cell.state_names)


def _sigmoid_gates(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in SIGMOID_GATES)


def _check_size(steps: int, units: int) -> None:
    """Refuse a stretch that is too long for the memory of a worker."""
    most = MOST_VALUES // units
    if steps > most:
        raise LabError(
            f"The stretch has {steps:,} steps, but with {units:,} units there is room for {most:,}; take fewer steps."
        )
