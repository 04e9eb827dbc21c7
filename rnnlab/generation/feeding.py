"""A network fed back in several ways, right and wrong: the same loop with another way to get the next value."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from rnnlab.config.feeding import ATTEMPTS
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_inputs
from rnnlab.models import Network

SMALLEST_WINDOW = 1024
"""Values that the compiled loop has room for; longer runs get the next power of two, and a compilation of their own."""

STREAMS_A_CORE = 10
"""Streams that keep a core busy enough for a second one to be worth starting."""


def generate_attempt(network: Network, prime: np.ndarray, horizon: int, way: str) -> np.ndarray:
    """Read a prime and go on alone in one of the ways of `rnnlab.config.feeding.ATTEMPTS`.

    `previous` feeds the output back as `carried` does, and `zeros` feeds zeros in the place of the prime and of the
    output; what they show, they show with a network that was trained so: `SineData(target="previous")` and
    `SineData(inputs="zeros")`.

    Args:
        network: a series network.
        prime: float32 (B, P, 1), the observed values, in the units of the data; P >= 1.
        horizon: steps to generate, >= 1.
        way: the key of an attempt, such as `carried` or `reset`.
    Returns:
        float32 (B, horizon, 1), in the units of the data. The prime is not included.
    Raises:
        ValueError: a way that does not exist, a network of text or one that cannot generate, a prime of another shape,
            a horizon below 1.
    """
    _check_way(way)
    network.check_generates()
    if network.reads_tokens:
        raise LabError("This network reads text, but these attempts continue a series; please take a series network.")
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise LabError(f"The horizon was {horizon}, but must be a whole number of at least 1.")
    known = tf.transpose(as_inputs(network, prime), [1, 0, 2])  # (P, B, 1)
    end = known.shape[0] + int(horizon)
    room = max(SMALLEST_WINDOW, 1 << (end - 1).bit_length())
    values = tf.pad(known, [[0, room - known.shape[0]], [0, 0], [0, 0]])
    # XLA: such a loop is made of tiny operations, each of which costs more to start than to do.
    if known.shape[1] < STREAMS_A_CORE * 2:
        generate = compiled_once(network, _generate, way, jit_compile=True)
    else:
        generate = compiled_once(network, _generate_in_two, way, tuple(values.shape))
    filled = generate(values, tf.constant(known.shape[0]), tf.constant(end))
    return filled[known.shape[0] : end].numpy().transpose(1, 0, 2)


def steps_needed(way: str, prime: int, horizon: int) -> int:
    """Steps of the network that a way takes: what it costs, whatever the machine.

    Args:
        way: the key of an attempt.
        prime: values read first, >= 1.
        horizon: values generated after them, >= 1.
    Raises:
        ValueError: a way that does not exist.
    """
    _check_way(way)
    before = prime - 1  # All of the prime but its last value.
    if way == "reread":
        return before + sum(range(prime, prime + horizon))
    # For each new value: the last known one, and the zeros from there to the window's end.
    return before + (sum(range(2, horizon + 2)) if way == "zero_filled" else horizon)


def _check_way(way: str) -> None:
    if way not in ATTEMPTS:
        raise LabError(f"The way was {way!r}, but must be one of {', '.join(ATTEMPTS)}.")


class _Place(NamedTuple):
    """Where a value is to be generated: place n, after the last one that is known; the window's end."""

    n: tf.Tensor
    last: tf.Tensor
    end: tf.Tensor


def _generate_in_two(
    network: Network, way: str, shape: tuple[int, ...], values: tf.Tensor, prime: tf.Tensor, end: tf.Tensor
) -> tf.Tensor:
    """As `_generate`, half of the streams in each of two compiled loops, which run at once: none needs the others.

    Args:
        shape: of the values.
    """
    generate = tf.function(partial(_generate, network, way), jit_compile=True, autograph=False)
    half = shape[1] // 2
    values = tf.ensure_shape(values, shape)
    return tf.concat([generate(part, prime, end) for part in (values[:, :half], values[:, half:])], axis=1)


def _generate(network: Network, way: str, values: tf.Tensor, prime: tf.Tensor, end: tf.Tensor) -> tf.Tensor:
    """Fill the places from `prime` to `end`, one after the other.

    The last value is carried beside the array it is written to, for the same reason as in `_read`.

    Args:
        values: float32 (room, B, 1), of which the first `prime` are known, the others 0.
    """
    heard = tf.zeros_like(values) if way == "zeros" else values
    _, memory = _read(network, _array(heard), tf.constant(0), prime - 1, network.zero_state(values.shape[1]))

    def body(n: tf.Tensor, last: tf.Tensor, array: tf.TensorArray, memory: Any) -> tuple:
        value, memory = _NEXT[way](network, array, _Place(n, last, end), memory)
        return n + 1, value, array.write(n, value), memory

    # Gathered, not indexed: XLA would compile anew for each prime, because a slice's place is part of its program.
    last_known = tf.gather(values, prime - 1)
    *_, array, _ = tf.while_loop(lambda n, *_: n < end, body, (prime, last_known, _array(values), memory))
    return array.stack()


def _array(values: tf.Tensor) -> tf.TensorArray:
    """Values that are read and written one by one: in a compiled loop that takes half the time of a tensor's rows."""
    array = tf.TensorArray(values.dtype, size=values.shape[0], element_shape=values.shape[1:], clear_after_read=False)
    return array.unstack(values)


def _read(
    network: Network,
    values: tf.TensorArray,
    start: tf.Tensor,
    end: tf.Tensor,
    state: Any,
    output: tf.Tensor | None = None,
) -> tuple[tf.Tensor, Any]:
    """Read the values from `start` to `end`; returns the last output and the state after it.

    Each value is fetched one step ahead: XLA would else fetch it again in each operation that it fuses it into.

    Args:
        output: what is returned if there is nothing to read; zeros if None.
    """

    def body(t: tf.Tensor, ahead: tf.Tensor, output: tf.Tensor, state: Any) -> tuple:
        return t + 1, values.read(tf.minimum(t + 1, end - 1)), *network.step(ahead, state)

    first = tf.zeros(values.element_shape) if output is None else output
    *_, output, state = tf.while_loop(lambda t, *_: t < end, body, (start, values.read(start), first, state))
    return output, state


def _carried(network: Network, values: tf.TensorArray, place: _Place, memory: Any) -> tuple:
    return network.step(place.last, memory)


def _reset(network: Network, values: tf.TensorArray, place: _Place, memory: Any) -> tuple:
    output, _ = network.step(place.last, _forgotten(network, values))
    return output, memory


def _zero_filled(network: Network, values: tf.TensorArray, place: _Place, memory: Any) -> tuple:
    """The window up to `end` holds zeros from n on, and the output after them all is taken.

    What comes before n is the same as at the place before, so its state is kept; that changes the cost, not the value.
    """
    output, memory = network.step(place.last, memory)
    output, _ = _read(network, values, place.n, place.end, memory, output)
    return output, memory


def _reread(network: Network, values: tf.TensorArray, place: _Place, memory: Any) -> tuple:
    output, _ = _read(network, values, tf.constant(0), place.n, _forgotten(network, values))
    return output, memory


def _zeros(network: Network, values: tf.TensorArray, place: _Place, memory: Any) -> tuple:
    """The wave is never read; the number of steps is all that the network can go by."""
    return network.step(tf.zeros(values.element_shape), memory)


def _forgotten(network: Network, values: tf.TensorArray) -> Any:
    return network.zero_state(values.element_shape[0])


_NEXT: dict[str, Callable[..., tuple]] = {
    "carried": _carried,
    "reset": _reset,
    "zero_filled": _zero_filled,
    "reread": _reread,
    "previous": _carried,
    "zeros": _zeros,
}
"""The next value from the first n values, and the memory that is carried: what tells the ways apart."""
