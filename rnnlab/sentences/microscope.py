"""What one unit did at one time step, in words."""

from __future__ import annotations

from collections.abc import Mapping

from rnnlab.formulas.worked import CellStep

_NEXT_C, _NEXT_H = "c'", "h'"


def _simple_rnn(step: CellStep, before: Mapping[str, float], value: Mapping[str, float]) -> str:
    total = step.named["g"].total
    return (
        f"The sum is {total:.2f}, and its tanh is the next state: h goes from {before['h']:.2f} to "
        f"{value[_NEXT_H]:.2f}. Nothing of the old h is kept but what the weights U let through."
    )


def _lstm(step: CellStep, before: Mapping[str, float], value: Mapping[str, float]) -> str:
    shown = value.get("m", value["h'"])
    return (
        f"It keeps {_share(value['f'])} of its memory c = {before['c']:.2f} and takes up {_share(value['i'])} of "
        f"the candidate g = {value['g']:.2f}, so the memory becomes {value[_NEXT_C]:.2f}. "
        f"It lets {_share(value['o'])} of tanh c' out: {shown:.2f}."
    )


def _gru(step: CellStep, before: Mapping[str, float], value: Mapping[str, float]) -> str:
    return (
        f"It keeps {_share(value['z'])} of its state h = {before['h']:.2f} and takes {_share(1 - value['z'])} from "
        f"the candidate g = {value['g']:.2f}, so the state becomes {value[_NEXT_H]:.2f}. "
        f"The reset gate let {_share(value['r'])} of the old state into the candidate."
    )


def _any_cell(step: CellStep, before: Mapping[str, float], value: Mapping[str, float]) -> str:
    return f"Its state h goes from {before['h']:.2f} to {value[_NEXT_H]:.2f}."


TOLD = {"simple_rnn": _simple_rnn, "lstm": _lstm, "gru": _gru}
"""What each kind of cell kept, took up and gave. Of any other cell, only the old and the new state are told."""


def cell_sentence(kind: str, step: CellStep) -> str:
    """What the unit kept, took up and gave.

    Args:
        kind: of the cell, such as `lstm`.
        step: its numbers.
    """
    before = {factor.name: factor.value for factor in step.before}
    value = {line.name: line.value for line in step.lines}
    return TOLD.get(kind, _any_cell)(step, before, value)


def projection_sentence(output: int, outputs: int, units: int) -> str:
    """Which output a projection shows.

    Args:
        output: its number, from 0.
        outputs: P.
        units: H.
    """
    return f"The projection mixes {units:,} units into {outputs:,} outputs. Output {output + 1} is shown as h and h'."


def read_sentence(at: int, words: tuple[str, ...], values: tuple[float, ...], is_own: bool) -> str:
    """What the cell's network read at the step.

    Args:
        at: the step.
        words, values: the newest inputs, the last one read at the step; one of the two is ().
        is_own: whether it is the network's own output.
    """
    read = f"“{words[-1]}”" if words else f"{values[-1]:.3f}"
    own = ", its own output" if is_own else ""
    return f"At step {at:,} the network reads {read}{own}."


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
