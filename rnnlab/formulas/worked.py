"""Formulas of a cell with their numbers put in. Nothing here computes them: a network's own step does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Factor:
    """One of the numbers that a term is the product of."""

    name: str
    value: float


@dataclass(frozen=True)
class Term:
    """One summand of a line.

    Attributes:
        name: such as `W x` or `f·c`.
        value: what is added.
        factors: if it is a product of two numbers of this unit; otherwise ().
    """

    name: str
    value: float
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True)
class WorkedLine:
    """One line of a cell's arithmetic with its numbers: name = function(term + term + ...).

    Attributes:
        name: a gate, or a part of the next state, such as `c'`.
        terms: the summands.
        total: their sum as the cell computed it.
        function: what is done to the sum: `σ`, `tanh`, a clip; "" for nothing.
        value: the result as the cell computed it.
        index: the number of the unit, or of the output of a projection.
    """

    name: str
    terms: tuple[Term, ...]
    total: float
    function: str
    value: float
    index: int


@dataclass(frozen=True)
class CellStep:
    """One unit at one time step.

    Attributes:
        before: the unit's parts of the state before the step, such as `h` and `c`. With a projection, `h` is output
            number `output` of the layer.
        lines: the arithmetic in the order in which it is computed.
        output: number of the shown output h; that of the unit without a projection.
    """

    before: tuple[Factor, ...]
    lines: tuple[WorkedLine, ...]
    output: int

    @property
    def named(self) -> dict[str, WorkedLine]:
        """The lines by name."""
        return {line.name: line for line in self.lines}
