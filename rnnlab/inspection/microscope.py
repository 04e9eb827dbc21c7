"""One unit of one cell at one time step, with every number that leads from its inputs to its next state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.formulas.worked import CellStep, Factor, Term, WorkedLine
from rnnlab.inspection.traces import trace_teacher_forced
from rnnlab.models import Network
from rnnlab.models.cells import Line, Values, term_of


def worked_step(network: Network, inputs: np.ndarray, step: int, layer: int, unit: int) -> CellStep:
    """The arithmetic of one unit at one step of a sequence that is read from an empty state.

    Args:
        network: reading forwards.
        inputs: int32 (1, T) token ids, or float32 (1, T, F) values; those after the step do not matter.
        step: 0 to T - 1.
        layer: from 0.
        unit: of the layer, from 0. With a projection of P outputs, output `unit % P` is shown.
    Raises:
        ValueError: there is no such step, layer or unit, or the network is bidirectional.
    """
    for noun, number, count in (("step", step, inputs.shape[1]), ("layer", layer, len(network.cells))):
        _check_number(noun, number, count)
    cell = network.cells[layer]
    _check_number("unit", unit, cell.units)
    state = network.zero_state(1)
    if step:
        states = trace_teacher_forced(network, inputs[:, :step]).states
        state = tf.nest.pack_sequence_as(state, [tf.constant(states[name][:, -1]) for name in network.state_names])
    values = network.values_of_step(tf.constant(inputs[:, step]), state, layer)
    output = unit % cell.output_size
    numbers = _OfUnit(values, unit, output, {"h", "h'", "M m", "sum of h'"} if cell.output_size < cell.units else set())
    before = tuple(Factor(name, numbers.at(name)) for name in cell.state_names)
    return CellStep(before, tuple(numbers.worked(line) for line in cell.lines), output)


@dataclass(frozen=True)
class _OfUnit:
    """The values of one step, read at one unit.

    Attributes:
        outputs: names of the values that have a number for each output instead of each unit.
    """

    values: Values
    unit: int
    output: int
    outputs: set[str]

    def at(self, name: str) -> float:
        return float(self.values[name][0, self._index(name)])

    def worked(self, line: Line) -> WorkedLine:
        terms = tuple(self._term(line.name, name) for name in line.terms)
        total = self.at(line.sum_name)
        return WorkedLine(line.name, terms, total, line.function, self.at(line.name), self._index(line.name))

    def _term(self, line: str, name: str) -> Term:
        of_gate = term_of(line, name)
        factors = tuple(Factor(part, self.at(part)) for part in name.split("·")) if "·" in name else ()
        return Term(name, self.at(of_gate if of_gate in self.values else name), factors)

    def _index(self, name: str) -> int:
        return self.output if name in self.outputs else self.unit


def _check_number(noun: str, number: int, count: int) -> None:
    if not 0 <= number < count:
        raise LabError(f"The {noun} was {number}, but must be 0 to {count - 1}; take one of these.")
