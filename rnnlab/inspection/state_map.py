"""A network as a map of one vector: its whole state before a step -> its whole state after it.

    teacher-forced   s' = F(x, s)          the input x is given
    free-running     s' = F(head(s), s)    the input is the network's own output: the closed loop

The arithmetic is that of `Network.read_step`. Automatic differentiation makes the derivatives from it. A small network
is copied into float64 first, so that a distance can shrink from 1e-4 to 1e-15 and not only to the rounding of a
float32.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.generation.compiled import run_compiled
from rnnlab.generation.teacher_forced import as_array
from rnnlab.models import Network
from rnnlab.models.feedback_loop import loop_back
from rnnlab.models.network import NetworkState

MOST_PARAMETERS = 1_000_000
"""Of a network that is copied into float64. Larger ones would take twice the memory and the time."""

SMALLEST_ROOM = 1024
"""Steps that a compiled loop has room for. Longer ones get the next power of two, and a compilation of their own."""

ROWS = 8192
"""Of states that are differentiated at once: more would no longer fit into the processor's cache."""

FEW_STATES = 16
"""States that have a graph of their own, in which they are not filled up to many."""

_copies: weakref.WeakKeyDictionary[Network, Network] = weakref.WeakKeyDictionary()


def precise(network: Network) -> Network:
    """A copy of the network that computes in float64; a network of more than a million weights itself.

    The copy is kept as long as the network, with its compiled functions; each call gives it the network's weights of
    this moment.
    """
    if network.count_params() > MOST_PARAMETERS:
        return network
    if network not in _copies:
        _copies[network] = _in_float64(network)
    copy = _copies[network]
    for mine, theirs in zip(copy.weights, network.weights, strict=True):
        mine.assign(tf.cast(theirs.value, tf.float64))
    return copy


def _in_float64(network: Network) -> Network:
    before = keras.config.dtype_policy()  # Of this thread alone.
    keras.config.set_dtype_policy("float64")
    try:
        return Network(network.model, network.vocabulary, 0, network.tags, network.features)
    finally:
        keras.config.set_dtype_policy(before)


def dtype_of(network: Network) -> tf.DType:
    """Float64 of a precise copy, float32 otherwise."""
    return tf.as_dtype(network.head.bias.dtype)


def state_width(network: Network) -> int:
    """S, the length of the whole state as one vector."""
    return sum(sum(cell.state_size) for cell in network.cells)


def as_vector(state: NetworkState) -> tf.Tensor:
    """The whole state as (B, S), in the order of `Network.state_names`."""
    return tf.concat(tf.nest.flatten(state), axis=-1)


def as_state(network: Network, vector: tf.Tensor) -> NetworkState:
    """The state of all layers from (B, S); the reverse of `as_vector`."""
    widths = [width for cell in network.cells for width in cell.state_size]
    parts = iter(tf.split(vector, widths, axis=-1))
    return tuple(tuple(next(parts) for _ in cell.state_size) for cell in network.cells)


def output_of(network: Network, vector: tf.Tensor) -> tf.Tensor:
    """What the network predicts in a state: (B, S) -> (B, O)."""
    return network.head(as_state(network, vector)[-1][0])


def forced_step(network: Network, inputs: tf.Tensor, vector: tf.Tensor) -> tf.Tensor:
    """The state after a given input: float (B, F) or int32 (B,), and (B, S) -> (B, S)."""
    return as_vector(network.read_step(inputs, as_state(network, vector))[1])


def closed_step(network: Network, vector: tf.Tensor) -> tf.Tensor:
    """The state after the network has read its own output: (B, S) -> (B, S). Only for a network of a series."""
    return forced_step(network, output_of(network, vector), vector)


@dataclass(frozen=True, eq=False)
class Orbit:
    """The states that a network of a series passes through.

    Attributes:
        inputs: (T, B), what was read at each step.
        states: (T, B, S), after each step.
        outputs: (T, B), after each step: the predicted next value.
    """

    inputs: np.ndarray
    states: np.ndarray
    outputs: np.ndarray


def orbit(network: Network, values: np.ndarray, steps: int, start: np.ndarray | None = None) -> Orbit:
    """Read given values, and after them the network's own outputs.

    Args:
        network: of a series, able to generate. All is computed in its own precision, see `precise`.
        values: (K,) or (K, B), read first. With none, the first input is the output in the state `start`.
        steps: T, >= 1; with K >= T all inputs are given.
        start: (B, S), the state before the first step; None is zeros.
    Raises:
        ValueError: a network of text or one that cannot generate, or no step.
    """
    check_series(network)
    if steps < 1:
        raise LabError(f"The number of steps was {steps}, but must be at least 1; take 1 or more.")
    dtype = dtype_of(network).as_numpy_dtype
    start = np.zeros((1, state_width(network)), dtype) if start is None else np.asarray(start, dtype)
    known = min(len(values), steps)
    room = max(SMALLEST_ROOM, 1 << (steps - 1).bit_length())
    given = np.zeros((room, len(start), 1), dtype)
    if known:
        given[:known] = np.reshape(values[:known], (known, -1, 1))
    lengths = np.array([known, steps], "int32")
    found = run_compiled(network, _orbit, arrays=(given, start, lengths))[:steps]
    check_finite(found)
    return Orbit(found[..., 0], found[..., 2:], found[..., 1])


def _orbit(network: Network, given: tf.Tensor, start: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Values (room, B, 1), states (B, S), int32 (known, steps) -> inputs, outputs and states, (room, B, 2 + S)."""
    known, steps = lengths[0], lengths[1]
    room, streams, width = given.shape[0], start.shape[0], start.shape[1]
    kept = tf.TensorArray(start.dtype, size=room, element_shape=(streams, 2 + width))

    def step(t: tf.Tensor, value: tf.Tensor, memory: tuple) -> tuple[tf.Tensor, tuple]:
        vector, kept = memory
        vector = forced_step(network, value, vector)
        output = output_of(network, vector)
        return output, (vector, kept.write(t, tf.concat([value, output, vector], axis=1)))

    def rule(t: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
        return tf.where(t + 1 < known, tf.gather(given, tf.minimum(t + 1, room - 1)), output)

    first = tf.where(known > 0, given[0], output_of(network, start))
    return loop_back(step, rule, first, (start, kept), steps).state[1].stack()


def check_finite(states: np.ndarray) -> None:
    """Refuse states with which nothing can be computed.

    Raises:
        ValueError: one is not a finite number.
    """
    if not np.isfinite(states).all():
        raise LabError(
            "The states of this network overflow, as after a training whose loss exploded; train it again with a lower "
            "learning rate."
        )


def check_series(network: Network) -> None:
    """Refuse a network that has no closed loop of numbers.

    Raises:
        ValueError: it reads text, or cannot generate; the message says why.
    """
    network.check_generates()
    if network.reads_tokens:
        raise LabError("This network reads text, but a series is needed; please take a series network.")


def jacobians(network: Network, states: np.ndarray, inputs: np.ndarray | None = None) -> np.ndarray:
    """The derivative of the state after a step by the state before it.

    Args:
        network: able to generate. All is computed in its own precision, see `precise`.
        states: (T, S), before each step.
        inputs: of each step, (T,): token ids or values. None: the network reads its own output, and the output's
            dependence on the state counts. For drawn words give the words: while a push changes no word, the inputs
            do not depend on the state.
    Returns:
        (T, S, S): entry [t, i, j] is the derivative of state i after step t by state j before it.
    """
    if inputs is None:
        check_series(network)
    network.check_generates()
    states = np.asarray(states, dtype_of(network).as_numpy_dtype)
    at_once = max(1, ROWS // states.shape[1])
    at_once = min(at_once, FEW_STATES) if len(states) <= FEW_STATES else at_once
    inputs = None if inputs is None else as_inputs_of(network, inputs)
    found = []
    for first in range(0, len(states), at_once):
        rows = slice(first, first + at_once)
        arrays = tuple(filled(part[rows], at_once) for part in (states, inputs) if part is not None)
        found.append(run_compiled(network, _jacobians, arrays=arrays))
    return np.concatenate(found)[: len(states)]


def as_inputs_of(network: Network, inputs: np.ndarray) -> np.ndarray:
    """The inputs of a stretch of steps, each as one row of `forced_step`: int32 (T,), or float (T, 1).

    Raises:
        ValueError: they are no inputs of this network.
    """
    if network.reads_tokens:
        return as_array(network, np.asarray(inputs)[None])[0]
    checked = as_array(network, np.asarray(inputs)[None, :, None])
    return np.asarray(inputs, dtype_of(network).as_numpy_dtype).reshape(checked.shape[1:])


def filled(rows: np.ndarray, length: int) -> np.ndarray:
    """The rows with copies of the last one up to a length, so that all calls share one graph."""
    return np.concatenate([rows, np.repeat(rows[-1:], length - len(rows), axis=0)])


def step_of(network: Network, states: tf.Tensor, inputs: tf.Tensor | None) -> tf.Tensor:
    """`forced_step`, or `closed_step` without inputs."""
    return closed_step(network, states) if inputs is None else forced_step(network, inputs, states)


def _jacobians(network: Network, states: tf.Tensor, inputs: tf.Tensor | None = None) -> tf.Tensor:
    """(n, S) -> (n, S, S): each state once for each row of its Jacobian, all rows in one backward pass."""
    count, width = states.shape
    repeated = tf.repeat(states, width, axis=0)  # (n S, S)
    read = None if inputs is None else tf.repeat(inputs, width, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(repeated)
        after = step_of(network, repeated, read)
    rows = tf.tile(tf.eye(width, dtype=states.dtype), [count, 1])  # (n S, S): which part of the state after the step
    return tf.reshape(tape.gradient(after, repeated, output_gradients=rows), [count, width, width])
