"""One unit of one cell at one step, with all its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.analyses.gates import regimes_of
from rnnlab.analyses.trained import Question, TrainedNetwork

if TYPE_CHECKING:
    from rnnlab.formulas.worked import CellStep


@dataclass(frozen=True, eq=False)
class MicroscopeAnswer:
    """One unit at one step.

    Attributes:
        cell: all numbers of the step; plain data.
        inputs: what was read at the steps up to this one, from `first` on, in the units of the data; () for a text.
        words: the same of a text; () for a series.
        first: the step of the first of these.
        at: the step, from 0.
        steps: of the stretch.
        given: true values that a free run read first.
        layer, unit: that are shown.
        layers, units: how many there are.
        is_free: whether the network reads its own outputs.
        can_run_free: whether it could.
        step: updates that the weights have had.
    """

    cell: CellStep
    inputs: tuple[float, ...]
    words: tuple[str, ...]
    first: int
    at: int
    steps: int
    given: int
    layer: int
    unit: int
    layers: int
    units: int
    is_free: bool
    can_run_free: bool
    step: int


READ_BEFORE = 7
"""Inputs before the step that are given with it."""


@dataclass(frozen=True)
class OneCell(Question[MicroscopeAnswer]):
    """What does one unit compute at one step?

    Attributes:
        at: the step, from 0; beyond the last one, the last one.
        layer, unit: from 0; beyond the last one, the last one.
        is_free: whether the network reads its own outputs after the prime; a network that cannot reads the data.
        start, length, prime, seed: of the stretch, see `GatesThroughTime`.
    """

    at: int = 0
    layer: int = 0
    unit: int = 0
    is_free: bool = False
    start: int = 0
    length: int = 200
    prime: int = 50
    seed: int = 0

    def answer(self, trained: TrainedNetwork) -> MicroscopeAnswer:
        """See `rnnlab.inspection.microscope.worked_step`."""
        from rnnlab.data.stretch import stretch_of
        from rnnlab.data.vocabulary import decode
        from rnnlab.inspection.microscope import worked_step

        network, dataset = trained.network, trained.dataset
        stretch = stretch_of(dataset, trained.experiment.data, self.start, self.length)
        steps = len(stretch.inputs)
        given = min(self.prime, steps - 1)
        regimes = regimes_of(trained, stretch, given, self.seed)
        inputs = regimes[-1] if self.is_free else regimes[0]
        at, layer = min(self.at, steps - 1), min(self.layer, len(network.cells) - 1)
        unit = min(self.unit, network.cells[layer].units - 1)
        first = max(0, at - READ_BEFORE)
        read = inputs[0, first : at + 1]
        return MicroscopeAnswer(
            cell=worked_step(network, inputs, at, layer, unit),
            inputs=() if dataset.has_tokens else _numbers(dataset.scale.undo(read[:, 0])),
            words=tuple(decode(read, dataset.vocabulary)) if dataset.has_tokens else (),
            first=first,
            at=at,
            steps=steps,
            given=given,
            layer=layer,
            unit=unit,
            layers=len(network.cells),
            units=network.cells[layer].units,
            is_free=self.is_free and len(regimes) > 1,
            can_run_free=len(regimes) > 1,
            step=trained.step,
        )


def _numbers(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
