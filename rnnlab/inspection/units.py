"""A unit that knows: the one of all units whose value best tells two classes of tokens apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnlab.data.properties import UNLABELLED
from rnnlab.errors import LabError
from rnnlab.inspection.traces import trace_teacher_forced
from rnnlab.models import Network

STREAM = 250
"""Tokens of each stream in which a stretch is read: many steps at once, each stream from an empty state."""

MOST_TOKENS, MOST_NUMBERS = 10_000, 20_000_000
"""Limits on what is traced at once. A number is one gate or state of one step."""


@dataclass(frozen=True)
class Unit:
    """A unit, and the rule that reads a class from its value.

    Attributes:
        part: of the state, such as `layer_0/c`.
        position: of the unit in that part.
        threshold: the value between the classes.
        is_high: whether class 1 is above the threshold.
        accuracy: where the unit was chosen; see `accuracy_of`.
    """

    part: str
    position: int
    threshold: float
    is_high: bool
    accuracy: float


def most_tokens(network: Network) -> int:
    """How many tokens of a text are read to choose a unit: fewer in a large network, whole streams."""
    widths = sum(width for cell in network.cells for width in (*cell.state_size, len(cell.gate_names) * cell.units))
    return max(1, min(MOST_TOKENS, MOST_NUMBERS // widths) // STREAM) * STREAM


def states_of(network: Network, tokens: np.ndarray) -> dict[str, np.ndarray]:
    """Each part of the state after each token: float32 (T, width) by name.

    Args:
        network: of a text, reading forwards.
        tokens: int32 (T,), read in streams of `STREAM` tokens, each from an empty state.
    Raises:
        ValueError: the network is bidirectional, or does not read tokens.
    """
    missing = -len(tokens) % STREAM
    rows = np.append(tokens, np.zeros(missing, "int32")).reshape(-1, STREAM)
    states = trace_teacher_forced(network, rows).states
    return {name: values.reshape(-1, values.shape[2])[: len(tokens)] for name, values in states.items()}


def best_unit(states: Mapping[str, np.ndarray], labels: np.ndarray) -> Unit:
    """The unit, threshold and direction with the highest balanced accuracy.

    Args:
        states: float (T, width) by name, such as the states of a `Trace` without their axis of streams.
        labels: int (T,), 0, 1 or UNLABELLED.
    Raises:
        ValueError: not both classes occur.
    """
    _check_both(labels)
    return max((_best_of(part, values, labels) for part, values in states.items()), key=lambda unit: unit.accuracy)


def accuracy_of(unit: Unit, states: Mapping[str, np.ndarray], labels: np.ndarray) -> float:
    """The balanced accuracy of a unit: the mean of its shares of right answers in both classes.

    So always answering the more frequent class is right in one half, as guessing is.

    Args:
        states, labels: as for `best_unit`.
    Raises:
        ValueError: not both classes occur.
    """
    _check_both(labels)
    said = answers_of(unit, states[unit.part][:, unit.position])
    return float(np.mean([np.mean(said[labels == one] == one) for one in (0, 1)]))


def answers_of(unit: Unit, values: np.ndarray) -> np.ndarray:
    """The class that each value of a unit stands for: int8, of the shape of the values."""
    return ((values > unit.threshold) == unit.is_high).astype("int8")


def _best_of(part: str, values: np.ndarray, labels: np.ndarray) -> Unit:
    """The best unit of one part of the state: values (T, width)."""
    counted = labels != UNLABELLED
    values, is_one = values[counted], labels[counted] == 1
    order = np.argsort(values, axis=0, kind="stable")  # (N, width)
    rising, ones = np.take_along_axis(values, order, axis=0), is_one[order]
    # Below each cut between two neighbours: the shares of both classes.
    ones_below = np.cumsum(ones, axis=0)[:-1] / is_one.sum()
    zeros_below = np.cumsum(~ones, axis=0)[:-1] / (~is_one).sum()
    balanced = (1 + zeros_below - ones_below) / 2  # with class 1 above the cut
    best = np.where(rising[1:] > rising[:-1], np.maximum(balanced, 1 - balanced), 0)
    cut, position = np.unravel_index(np.argmax(best), best.shape)
    low, high = rising[cut : cut + 2, position]
    middle = min(low + (high - low) / 2, np.nextafter(high, low))  # Rounding may not take it to `high`.
    return Unit(
        part=part,
        position=int(position),
        threshold=float(middle),
        is_high=bool(balanced[cut, position] >= 0.5),
        accuracy=float(best[cut, position]),
    )


def _check_both(labels: np.ndarray) -> None:
    for one in (0, 1):
        if not (labels == one).any():
            raise LabError(f"No token of this stretch is in class {one}, but both must occur; take a longer stretch.")
