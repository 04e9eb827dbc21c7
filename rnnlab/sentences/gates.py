"""What gates and states do over time, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rnnlab.config import CELL_KINDS, Experiment

NAMES = {
    "i": "input gate i",
    "f": "forget gate f",
    "o": "output gate o",
    "g": "candidate g",
    "z": "update gate z",
    "r": "reset gate r",
    "h": "output h",
    "c": "memory c",
}
"""By the letter of a gate or of a part of the state."""

OFTEN = 0.9
"""Share of the steps from which on a gate is called always open or closed."""


def needs_one_direction(experiment: Experiment) -> str | None:
    """Why a network's layers have no single inside; None if they have."""
    if experiment.model.is_bidirectional:
        return "A bidirectional network has two cells in each layer, which read in opposite directions."
    return None


def needs_gates(experiment: Experiment) -> str | None:
    """Why a network has no gate that can be open or closed; None if it has."""
    cell = CELL_KINDS[experiment.model.cell]
    if not cell.keeps:
        return f"The cell {cell.label} has no gate between 0 and 1."
    return needs_one_direction(experiment)


def map_sentence(letter: str, forced: np.ndarray, free: np.ndarray | None) -> str:
    """The level of a gate or state in both regimes.

    Args:
        letter: of it.
        forced, free: (H,), averages over time; None if the network cannot run alone.
    """
    name = NAMES[letter]
    if free is None:
        return f"Averaged over units and time, the {name} is {forced.mean():.2f}."
    return (
        f"Averaged over units and time, the {name} is {forced.mean():.2f} teacher-forced and {free.mean():.2f} "
        "free-running."
    )


def moving_sentence(values: np.ndarray, units: np.ndarray) -> str:
    """Which unit of a heat map changes most.

    Args:
        values: (rows, columns) as drawn.
        units: the number of each row's unit, from 0.
    """
    row = int(np.argmax(values.std(axis=1)))
    low, high = values[row].min(), values[row].max()
    if high - low < 0.01:
        return "No unit changes by more than 0.01 over this stretch."
    return f"Unit {units[row] + 1} changes most: it moves between {low:.2f} and {high:.2f}."


def difference_sentence(letter: str, difference: np.ndarray, units: np.ndarray, given_columns: int) -> str:
    """How far the regimes are apart.

    Args:
        letter: of the gate or state.
        difference: (rows, columns), free-running minus teacher-forced.
        units: the number of each row's unit, from 0.
        given_columns: columns in which both read the same true values.
    """
    later = np.abs(difference[:, given_columns:])
    by_unit = later.mean(axis=1)
    row = int(np.argmax(by_unit))
    return (
        f"While both read the prime, they are the same. After it, the {NAMES[letter]} differs by {later.mean():.3f} on "
        f"average, most in unit {units[row] + 1}: by {by_unit[row]:.3f}."
    )


def thinned_sentence(stride: int, rows: int, width: int) -> str:
    """What a heat map leaves out; "" if it leaves nothing out.

    Args:
        stride: time steps of one column.
        rows: units that are drawn.
        width: units of the layer.
    """
    parts = []
    if stride > 1:
        parts.append(f"Each column is the mean of {stride:,} time steps.")
    if rows < width:
        parts.append(f"{rows} of the {width:,} units are drawn.")
    return " ".join(parts)


def saturation_sentence(gates: Sequence[str], closed: np.ndarray, opened: np.ndarray) -> str:
    """Which gate is open or closed most often.

    Args:
        gates: letters.
        closed, opened: (gates, H), shares of the steps.
    """
    if not (closed.any() or opened.any()):
        return "No gate is ever below 0.1 or above 0.9 here, so all dots lie at the lower left."
    return f"{_most_often('open', gates, opened)} {_most_often('closed', gates, closed)}"


def _most_often(word: str, gates: Sequence[str], shares: np.ndarray) -> str:
    """Which gate is open, or closed, most often; shares (gates, H)."""
    row = int(np.argmax(shares.mean(axis=1)))
    if not shares[row].any():
        return f"No gate is ever {word}."
    always, units = int((shares[row] >= OFTEN).sum()), shares.shape[1]
    level = f"The {NAMES[gates[row]]} is {word} most often: at {_percent(shares[row].mean())} of all steps and units."
    return f"{level} It is almost always {word} in {always:,} of {units:,} units."


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"


def sample_sentence(gate: str, values: np.ndarray) -> str:
    """The level of one gate at a sample, and how much it moves over time.

    Args:
        gate: its letter.
        values: (units, steps).
    """
    spread = np.ptp(values, axis=1).mean()
    if gate == "g":
        return f"Over time, a unit moves by {spread:.2f} on average."
    colors = "Dark blue is closed (0), yellow is open (1)."
    return f"{colors} The average is {values.mean():.2f}, and over time a unit moves by {spread:.2f} on average."


def start_of_gate(cell: str, forget_bias: float) -> float:
    """The gate that keeps the memory in an untrained unit that reads nothing: the sigmoid of its first bias."""
    bias = forget_bias if cell == "lstm" else 1.0
    return 1 / (1 + math.exp(-bias))


def kept_sentence(gate: str, cell: str, kept: np.ndarray, forget_bias: float) -> str:
    """Where training moved the gate that keeps the memory.

    Args:
        gate: its letter.
        cell: the kind of cell.
        kept: (H,), averages over time, teacher-forced.
        forget_bias: of an LSTM.
    """
    start = start_of_gate(cell, forget_bias)
    bias = forget_bias if cell == "lstm" else 1.0
    above, low, high = int((kept > start).sum()), kept.min(), kept.max()
    steps = math.log(0.5) / math.log(min(max(high, 1e-6), 1 - 1e-9))
    return (
        f"An untrained {CELL_KINDS[cell].label} that reads nothing has {gate} = σ({bias:g}) = {start:.3f}. Now the "
        f"averages lie between {low:.2f} and {high:.2f}, and {above} of {len(kept):,} units are above the start. "
        f"A gate that is {high:.3f} at every step keeps half of the memory for {_count(steps)}."
    )


def _count(steps: float) -> str:
    if steps < 10:
        return f"{steps:.1f} steps"
    return f"{steps:,.0f} steps" if steps < 10_000 else "more than 10,000 steps"
