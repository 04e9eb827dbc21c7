"""One unit of a cell at one time step: a drawing with every number in its place, and the formulas beside it.

An LSTM, from left to right as time goes; a GRU has h on the upper line, a simple RNN has no upper line:

    c ---------> (x) -----------> (+) ------> c' ------.
                  ^                ^                    v
                  |         i --> (x) <-- g            (x) ---> h'
                  f                                     ^
                  ^         ^             ^             o
    x, h ---------'---------'-------------'-------------'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise

from rnnlab.formulas.worked import CellStep, Term, WorkedLine
from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing, Picture

HEIGHT = 330
"""Pixels."""

ACROSS, UPWARDS = (-0.7, 10.7), (-0.75, 4.75)

TOP, MIDDLE, GATES, BOTTOM = 4.0, 2.9, 1.6, 0.0
"""Heights of the memory, of the products, of the gates, and of the inputs."""

HALF_WIDTH, HALF_HEIGHT = 0.52, 0.42
KNOT = 0.2
"""Half the size of a node that multiplies or adds."""

TINT = {True: "rgba(15, 148, 136, {:.2f})", False: "rgba(224, 102, 43, {:.2f})"}
"""The fill of a box, by whether its number is positive: teal and orange."""

WEIGHTS = re.compile(r"\b([WUbpd])\b")
"""Letters of weights in the name of a term; each gate has its own."""

STYLE = (
    "<style>.formulas{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}"
    ".formulas td{padding:.3rem .5rem;border:none;border-bottom:1px solid rgba(128,140,142,.3);vertical-align:top}"
    ".formulas b{white-space:nowrap}</style>"
)


def cell_picture(kind: str, step: CellStep, about: str) -> Picture:
    """The cell with its numbers.

    Args:
        kind: of the cell, a key of `PICTURES`.
        step: its numbers.
        about: what the picture shows, for people who cannot see it.
    """
    drawing = _CellDrawing(step)
    PICTURES[kind](drawing)
    return drawing.drawing.picture(about)


class _CellDrawing:
    """The parts that all cells are drawn from."""

    def __init__(self, step: CellStep) -> None:
        self.step = step
        self.lines = step.named
        self.before = {factor.name: factor.value for factor in step.before}
        self.drawing = Drawing(ACROSS, UPWARDS, HEIGHT, "cell")

    def arrow(self, *way: tuple[float, float], has_head: bool = True) -> None:
        """Lines from point to point, and a head at the end."""
        for (x0, y0), (x1, y1) in pairwise(way):
            self.drawing.line(x0, y0, x1, y1, palette.QUIET, 2, is_dotted=False)
        (x0, y0), (x1, y1) = way[-2:]
        shape = ("up" if y1 > y0 else "down") if x0 == x1 else "right" if x1 > x0 else "left"
        if has_head:
            self.drawing.head(x1, y1, shape, 9, palette.QUIET)

    def number(self, x: float, y: float, name: str, value: float, note: str = "") -> None:
        """A box with a name and its number, coloured by sign and size."""
        fill = TINT[value >= 0].format(0.08 + 0.42 * min(abs(value), 1.0))
        self.drawing.box(x - HALF_WIDTH, y - HALF_HEIGHT, x + HALF_WIDTH, y + HALF_HEIGHT, fill)
        self.drawing.words(x, y, short(value), heading=name)
        if note:
            self.drawing.words(x, y + HALF_HEIGHT + 0.2, note, size=11)

    def knot(
        self, x: float, y: float, sign: str, term: Term | None = None, where: tuple[float, float] = (0, 0)
    ) -> None:
        """A node that multiplies or adds; a term has its name and its number beside it."""
        self.drawing.box(x - KNOT * 0.8, y - KNOT, x + KNOT * 0.8, y + KNOT, palette.FAINT)
        self.drawing.words(x, y, sign, size=14)
        if term is not None:
            self.drawing.words(x + where[0], y + where[1], f"{term.name} = {short(term.value)}", size=12)

    def gate(self, x: float, name: str) -> None:
        """A gate with the sum that it is a function of, and the arrow from the inputs."""
        line = self.lines[name]
        self.arrow((x, BOTTOM), (x, GATES - HALF_HEIGHT - 0.38))
        self.number(x, GATES, name, line.value)
        words = f"{line.function}({short(line.total)})"
        peephole = next((term for term in line.terms if term.name.startswith("p ")), None)
        self.drawing.words(x, GATES - HALF_HEIGHT - 0.19, words, size=11)
        if peephole:
            words = f"{peephole.name} = {short(peephole.value)}"
            self.drawing.words(x + 0.1, 0.35, words, size=10, is_centered=False, opacity=0.8)

    def inputs(self, end: float) -> None:
        """The line from which all gates read the input and the output before."""
        self.number(0, BOTTOM, "h", self.before["h"])
        self.drawing.words(0, BOTTOM - HALF_HEIGHT - 0.18, "and all inputs x", size=11)
        self.arrow((HALF_WIDTH, BOTTOM), (end, BOTTOM), has_head=False)

    def term(self, line: str, position: int) -> Term:
        """A summand of a line."""
        return self.lines[line].terms[position]


def _lstm(cell: _CellDrawing) -> None:
    lines = cell.lines
    memory, output = lines["c'"], lines["h'"]
    result = lines.get("m", output)
    cell.inputs(7.6)
    for x, name in ((2.0, "f"), (3.4, "i"), (5.2, "g"), (7.6, "o")):
        cell.gate(x, name)
    cell.arrow((HALF_WIDTH, TOP), (2.0 - KNOT, TOP))
    cell.arrow((2.0 + KNOT, TOP), (4.3 - KNOT, TOP))
    cell.arrow((4.3 + KNOT, TOP), (6.2 - HALF_WIDTH, TOP))
    cell.arrow((2.0, GATES + HALF_HEIGHT), (2.0, TOP - KNOT - 0.05))
    cell.arrow((3.4, GATES + HALF_HEIGHT), (3.4, MIDDLE), (4.3 - KNOT, MIDDLE))
    cell.arrow((5.2, GATES + HALF_HEIGHT), (5.2, MIDDLE), (4.3 + KNOT, MIDDLE))
    cell.arrow((4.3, MIDDLE + KNOT), (4.3, TOP - KNOT - 0.05))
    cell.arrow((6.2 + HALF_WIDTH, TOP), (7.6, TOP), (7.6, MIDDLE + KNOT + 0.05))
    cell.arrow((7.6, GATES + HALF_HEIGHT), (7.6, MIDDLE - KNOT - 0.05))
    end = 9.0 if "m" in lines else 9.6
    cell.arrow((7.6 + KNOT, MIDDLE), (end - HALF_WIDTH, MIDDLE))
    cell.number(0, TOP, "c", cell.before["c"])
    cell.knot(2.0, TOP, "×", cell.term("c'", 0), (0.9, 0.34))
    cell.knot(4.3, TOP, "+", Term("sum", memory.total), (0.8, 0.34))
    cell.knot(4.3, MIDDLE, "×", cell.term("c'", 1), (0.95, 0.38))
    cell.number(6.2, TOP, "c'", memory.value, memory.function)
    cell.knot(7.6, MIDDLE, "×")
    squashed = cell.term(result.name, 0).factors[1]
    cell.drawing.words(7.8, 3.6, f"{squashed.name}\n{short(squashed.value)}", size=11, is_centered=False)
    if "m" in lines:
        cell.number(9.0, MIDDLE, "m", result.value)
        cell.arrow((9.0, MIDDLE - HALF_HEIGHT), (9.0, 1.7))
        cell.drawing.words(9.2, 2.08, "M m", size=11, is_centered=False)
        cell.number(9.0, 1.2, f"h' {cell.step.output + 1}", output.value)
        if output.function:
            cell.drawing.words(9.0, 0.55, output.function, size=11)
    else:
        cell.number(9.6, MIDDLE, "h'", output.value)


def _gru(cell: _CellDrawing) -> None:
    share = cell.term("h'", 1).factors[0]
    cell.inputs(6.0)
    for x, name in ((2.0, "z"), (4.0, "r"), (6.0, "g")):
        cell.gate(x, name)
    cell.arrow((HALF_WIDTH, TOP), (2.0 - KNOT, TOP))
    cell.arrow((2.0 + KNOT, TOP), (6.0 - KNOT, TOP))
    cell.arrow((6.0 + KNOT, TOP), (9.0 - HALF_WIDTH, TOP))
    cell.arrow((2.0, GATES + HALF_HEIGHT), (2.0, TOP - KNOT - 0.05))
    cell.arrow((2.0, MIDDLE), (6.0 - KNOT, MIDDLE))
    cell.arrow((4.0 + HALF_WIDTH, GATES), (6.0 - HALF_WIDTH, GATES))
    cell.arrow((6.0, GATES + HALF_HEIGHT), (6.0, MIDDLE - KNOT - 0.05))
    cell.arrow((6.0, MIDDLE + KNOT), (6.0, TOP - KNOT - 0.05))
    cell.number(0, TOP, "h", cell.before["h"])
    cell.knot(2.0, TOP, "×", cell.term("h'", 0), (0.9, 0.34))
    cell.knot(6.0, MIDDLE, "×", cell.term("h'", 1), (1.15, 0.1))
    cell.knot(6.0, TOP, "+")
    cell.drawing.words(3.6, MIDDLE + 0.25, f"1 − z = {short(share.value)}", size=11)
    cell.drawing.words(5.0, GATES + 0.25, "resets h", size=11)
    cell.number(9.0, TOP, "h'", cell.lines["h'"].value)


def _simple_rnn(cell: _CellDrawing) -> None:
    cell.inputs(4.3)
    cell.gate(4.3, "g")
    cell.arrow((4.3 + HALF_WIDTH, GATES), (7.6 - HALF_WIDTH, GATES))
    cell.number(7.6, GATES, "h'", cell.lines["h'"].value)


PICTURES: dict[str, Callable[[_CellDrawing], None]] = {"simple_rnn": _simple_rnn, "lstm": _lstm, "gru": _gru}
"""What draws each kind of cell."""


def formulas_table(lines: Sequence[WorkedLine]) -> str:
    """HTML: a row for each line with its formula, and below it the same with the numbers put in."""
    rows = "".join(f"<tr><td>{_formula(line)}<br/>{_with_numbers(line)}</td></tr>" for line in lines)
    return f'{STYLE}<table class="formulas">{rows}</table>'


def _formula(line: WorkedLine) -> str:
    is_gate = len(line.name) == 1 and line.function != ""
    terms = " + ".join(_term_name(term.name, line.name if is_gate else "") for term in line.terms)
    return f"<b>{escape(line.name)}</b> = {_applied(line.function, terms)}"


def _term_name(name: str, gate: str) -> str:
    plain = escape(name)
    return WEIGHTS.sub(rf"\1<sub>{gate}</sub>", plain) if gate else plain


def _with_numbers(line: WorkedLine) -> str:
    """= function(numbers) = function(sum) = value, without steps that would say the same twice."""
    steps = []
    if any(term.factors for term in line.terms):
        products = (
            " × ".join(signed(factor.value) for factor in term.factors) if term.factors else signed(term.value)
            for term in line.terms
        )
        steps.append(_applied(line.function, " + ".join(products)))
    if len(line.terms) > 1:
        steps.append(_applied(line.function, " + ".join(signed(term.value) for term in line.terms)))
    if line.function:
        steps.append(_applied(line.function, long(line.total)))
    return "".join(f" = {step}" for step in steps) + f" = <b>{long(line.value)}</b>"


def _applied(function: str, inside: str) -> str:
    return f"{escape(function)}({inside})" if function else inside


def long(value: float) -> str:
    """A number of a formula: four digits after the point, with a minus sign that is as wide as a plus."""
    return f"{value:.4f}".replace("-", "−")


def signed(value: float) -> str:
    """A number within a sum: in brackets if it is negative."""
    return f"({long(value)})" if value < 0 else long(value)


def short(value: float) -> str:
    """A number of the drawing."""
    return f"{value:.2f}".replace("-", "−")
