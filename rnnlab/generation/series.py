"""Continue a series in one compiled call: read the values that are known, then feed outputs back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.generation.compiled import run_compiled
from rnnlab.generation.teacher_forced import as_array
from rnnlab.models import Network
from rnnlab.models.feedback_loop import Step, array_of, loop_back, own_outputs

SMALLEST_ROOM = 1024
"""Values that the compiled loop has room for; longer runs get the next power of two, and a compilation of their own."""

STREAMS_A_CORE = 10
"""Streams that keep a core busy enough for a second one to be worth starting."""


class Known(NamedTuple):
    """What is known of a series before the network goes on alone.

    Attributes:
        values: float32 (room, B, 1), of which the first `length` are known and the others 0.
        length: int32 scalar P, >= 1.
        horizon: int32 scalar, steps to generate, >= 1; P + horizon <= room.
    """

    values: tf.Tensor
    length: tf.Tensor
    horizon: tf.Tensor


Feeding = Callable[[Network, Known], tuple[Any, Step]]
"""A way of feeding an output back: the memory before the last known value is read, and the step from there on. In the
step, the input is the last known value at t = 0, and then the previous output."""


def carried(network: Network, known: Known) -> tuple[Any, Step]:
    """The right way: the state after all known values but the last one, carried from step to step."""

    def step(t: tf.Tensor, value: tf.Tensor, state: Any) -> tuple[tf.Tensor, Any]:
        return network.step(value, state)

    _, state = read(network, values_of(known), known.length - 1)
    return state, step


def continue_series(network: Network, prime: np.ndarray, horizon: int, feeding: Feeding = carried) -> np.ndarray:
    """Read a prime and go on alone.

    Args:
        network: a series network that can generate.
        prime: float32 (B, P, 1), the observed values, in the units of the data; P >= 1.
        horizon: steps to generate, >= 1.
        feeding: how outputs are fed back.
    Returns:
        float32 (B, horizon, 1), in the units of the data. The prime is not included.
    Raises:
        ValueError: a network of text or one that cannot generate, a prime of another shape, a horizon below 1.
    """
    network.check_generates()
    if network.reads_tokens:
        raise LabError("This network reads text, but a series was to be continued; please take a series network.")
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise LabError(f"The horizon was {horizon}, but must be a whole number of at least 1.")
    array = as_array(network, prime)
    streams, length, _ = array.shape
    room = max(SMALLEST_ROOM, 1 << (length + int(horizon) - 1).bit_length())
    values = np.zeros((room, streams, 1), "float32")
    values[:length] = array.transpose(1, 0, 2)
    arrays = (values, np.array([length, horizon], "int32"))
    if streams < STREAMS_A_CORE * 2:
        # XLA: such a loop is made of tiny operations, each of which costs more to start than to do.
        generated = run_compiled(network, _continue, feeding, arrays=arrays)
    else:
        generated = run_compiled(network, _continue_in_two, feeding, arrays=arrays, jit_compile=False)
    return generated[:horizon].transpose(1, 0, 2)


def _continue_in_two(network: Network, feeding: Feeding, values: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """As `_continue`, half of the streams in each of two compiled loops, which run at once: none needs the others."""
    generate = tf.function(partial(_continue, network, feeding), jit_compile=True, autograph=False)
    half = values.shape[1] // 2
    return tf.concat([generate(part, lengths) for part in (values[:, :half], values[:, half:])], axis=1)


def _continue(network: Network, feeding: Feeding, values: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Values float32 (room, B, 1) and int32 (P, horizon) -> what was generated, float32 (room, B, 1)."""
    known = Known(values, lengths[0], lengths[1])
    memory, step = feeding(network, known)
    # Gathered, not indexed: XLA would compile anew for each prime, because a slice's start is part of its program.
    last = tf.gather(values, known.length - 1)
    generated = array_of(last, values.shape[0])
    return loop_back(step, own_outputs, last, memory, known.horizon, (generated,)).kept[0].stack()


def read(
    network: Network,
    value_at: Callable[[tf.Tensor], tf.Tensor],
    steps: tf.Tensor,
    state: Any = None,
    output: tf.Tensor | None = None,
) -> tuple[tf.Tensor, Any]:
    """Read given values: the loop with the rule that each next input is the true one.

    Args:
        value_at: the value of each step, int32 -> float32 (B, 1); it is also asked for the one after the last.
        steps: int32 scalar; none if 0.
        state: before the first of them; None starts with zeros.
        output: what is returned if there is nothing to read; zeros if None.
    Returns:
        The last output, float32 (B, 1), and the state after it.
    """
    first = value_at(tf.constant(0))

    def step(t: tf.Tensor, value: tf.Tensor, memory: tuple) -> tuple[tf.Tensor, tuple]:
        outputs, state = network.step(value, memory[0])
        return outputs, (state, outputs)

    memory = (
        network.zero_state(first.shape[0]) if state is None else state,
        tf.zeros_like(first) if output is None else output,
    )
    state, output = loop_back(step, lambda t, _: value_at(t + 1), first, memory, steps).state
    return output, state


def values_of(known: Known) -> Callable[[tf.Tensor], tf.Tensor]:
    """The known values by their step; the same array serves every step of a compiled loop."""
    array = known_array(known)
    return lambda t: array.read(tf.minimum(t, known.values.shape[0] - 1))


def known_array(known: Known) -> tf.TensorArray:
    """The known values as an array: in a compiled loop it takes half the time of a tensor's rows."""
    room = known.values.shape[0]
    array = tf.TensorArray(tf.float32, size=room, element_shape=known.values.shape[1:], clear_after_read=False)
    return array.unstack(known.values)
