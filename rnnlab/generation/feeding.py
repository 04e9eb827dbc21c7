"""The ways of feeding a network its own output, right and wrong: the same loop with another step."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from rnnlab.config.feeding import EVERY_WAY
from rnnlab.errors import LabError
from rnnlab.generation.series import Feeding, Known, carried, continue_series, known_array, read
from rnnlab.models import Network
from rnnlab.models.feedback_loop import Step


def feed_back(network: Network, prime: np.ndarray, horizon: int, way: str) -> np.ndarray:
    """Read a prime and go on alone in one of the ways of `rnnlab.config.feeding.EVERY_WAY`.

    `previous` feeds the output back as `carried` does, and `zeros` feeds zeros in the place of the prime and of the
    output; what they show, they show with a network that was trained so: `SineData(target="previous")` and
    `SineData(inputs="zeros")`.

    Args:
        network: a series network.
        prime: float32 (B, P, 1), the observed values, in the units of the data; P >= 1.
        horizon: steps to generate, >= 1.
        way: the key of a way of feeding, such as `carried` or `reset`.
    Returns:
        float32 (B, horizon, 1), in the units of the data. The prime is not included.
    Raises:
        ValueError: a way that does not exist, a network of text or one that cannot generate, a prime of another shape,
            a horizon below 1.
    """
    _check_way(way)
    return continue_series(network, prime, horizon, FEEDINGS[way])


def steps_needed(way: str, prime: int, horizon: int) -> int:
    """Steps of the network that a way takes: what it costs, whatever the machine.

    Args:
        way: the key of a way of feeding.
        prime: values read first, >= 1.
        horizon: values generated after them, >= 1.
    Raises:
        ValueError: a way that does not exist.
    """
    _check_way(way)
    before = prime - 1  # All of the prime but its last value.
    return {
        "reset": horizon,
        # For each new value the last known one, and the zeros from there to the window's end: horizon + 1, ..., 2.
        "zero_filled": before + horizon * (horizon + 3) // 2,
        # prime, prime + 1, ..., prime + horizon - 1.
        "reread": horizon * prime + horizon * (horizon - 1) // 2,
    }.get(way, before + horizon)


def _check_way(way: str) -> None:
    if way not in EVERY_WAY:
        raise LabError(f"The way was {way!r}, but must be one of {', '.join(EVERY_WAY)}.")


def _reset(network: Network, known: Known) -> tuple[Any, Step]:
    def step(t: tf.Tensor, value: tf.Tensor, nothing: tuple) -> tuple[tf.Tensor, tuple]:
        output, _ = network.step(value, network.zero_state(value.shape[0]))
        return output, nothing

    return (), step


def _zero_filled(network: Network, known: Known) -> tuple[Any, Step]:
    """The window ends with the horizon. It holds zeros after the last known value, and the output after them is taken.

    What comes before the zeros is the same as at the step before, so its state is kept; that changes the cost, not the
    value.
    """
    state, carry = carried(network, known)

    def step(t: tf.Tensor, value: tf.Tensor, state: Any) -> tuple[tf.Tensor, Any]:
        output, state = carry(t, value, state)
        output, _ = read(network, lambda _: tf.zeros_like(value), known.horizon - t, state, output)
        return output, state

    return state, step


def _reread(network: Network, known: Known) -> tuple[Any, Step]:
    def step(t: tf.Tensor, value: tf.Tensor, seen: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
        count = known.length + t
        seen = seen.write(count - 1, value)
        last = known.values.shape[0] - 1
        output, _ = read(network, lambda i: seen.read(tf.minimum(i, last)), count)
        return output, seen

    return known_array(known), step


def _zeros(network: Network, known: Known) -> tuple[Any, Step]:
    """The series is never read; the number of steps is all that the network can go by."""
    zeros = tf.zeros(known.values.shape[1:])

    def step(t: tf.Tensor, value: tf.Tensor, state: Any) -> tuple[tf.Tensor, Any]:
        return network.step(zeros, state)

    _, state = read(network, lambda t: zeros, known.length - 1)
    return state, step


FEEDINGS: dict[str, Feeding] = {
    "carried": carried,
    "reset": _reset,
    "zero_filled": _zero_filled,
    "reread": _reread,
    "previous": carried,
    "zeros": _zeros,
}
"""The memory and the step of each way of feeding."""
