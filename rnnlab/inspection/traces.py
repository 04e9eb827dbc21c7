"""The gates and states of every layer over time, teacher-forced and free-running."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError
from rnnlab.generation import generate_series, generate_tokens
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_inputs
from rnnlab.models import Network
from rnnlab.models.network import NetworkState


@dataclass(frozen=True, eq=False)
class Trace:
    """The inside of a network at each of T steps.

    Attributes:
        inputs: the inputs of the network: int32 (B, T) token ids, or float32 (B, T, 1) in the units of the data.
        given: number of given inputs, which come first. The others are the network's own outputs.
        gates: float32 (B, T, H) by name, such as `layer_0/f`: every gate after its sigmoid or tanh. The letters are
        those
            of the cell's `gate_names`.
        states: float32 (B, T, width) by name, such as `layer_0/c`: every part of the state after each step. `h` is the
            output of the layer.
    """

    inputs: np.ndarray
    given: int
    gates: dict[str, np.ndarray]
    states: dict[str, np.ndarray]


def trace_teacher_forced(network: Network, inputs: np.ndarray | tf.Tensor, state: NetworkState | None = None) -> Trace:
    """Every gate and state while a network reads given inputs.

    Args:
        network: of a text or a series, reading forwards.
        inputs: int32 (B, T) token ids, or float32 (B, T, 1) in the units of the data; T >= 1.
        state: before the first step; None starts with zeros.
    Raises:
        ValueError: the inputs have another shape, or the network is bidirectional.
    Example:
        trace_teacher_forced(network, inputs).gates["layer_0/f"]  # the forget gates of the first layer
    """
    check_reads_forwards(network)
    read = as_inputs(network, inputs)
    state = network.zero_state(read.shape[0]) if state is None else state
    found = [part.numpy() for part in compiled_once(network, gates_and_states)(read, state)]
    gates, states = network.gate_names, network.state_names
    return Trace(
        inputs=read.numpy(),
        given=read.shape[1],
        gates=dict(zip(gates, found[: len(gates)], strict=True)),
        states=dict(zip(states, found[len(gates) :], strict=True)),
    )


def traces_of_chunks(network: Network, inputs: np.ndarray, steps: int) -> Iterator[Trace]:
    """`trace_teacher_forced` from an empty state, piece by piece: each begins in the state in which the last one ended.

    Args:
        network, inputs: as in `trace_teacher_forced`.
        steps: of each piece, >= 1; the last one may be shorter.
    """
    state = None
    for first in range(0, inputs.shape[1], steps):
        trace = trace_teacher_forced(network, inputs[:, first : first + steps], state)
        yield trace
        last = [tf.constant(trace.states[name][:, -1]) for name in network.state_names]
        state = tf.nest.pack_sequence_as(network.zero_state(len(inputs)), last)


def trace_free_running(
    network: Network, prime: np.ndarray, horizon: int, sampling: Sampling | float = 1.0, seed: int = 0
) -> Trace:
    """Every gate and state while a network reads a prime and then its own outputs.

    The outputs are those of `generate_series` or `generate_tokens`. The inputs of a network decide its gates and
    states, so the network reads the prime and these outputs again to trace them.

    Args:
        network: of a text or a series, able to generate.
        prime: int32 (B, P) token ids, or float32 (B, P, 1) in the units of the data; P >= 1.
        horizon: number of outputs that are read after the prime, >= 1; T is P + horizon.
        sampling, seed: how words are drawn, as in `generate_tokens`; a series does not use them.
    Raises:
        ValueError: as in `generate_series` and `generate_tokens`.
    """
    check_reads_forwards(network)
    if network.reads_tokens:
        own = generate_tokens(network, prime, horizon, sampling, seed)
    else:
        own = generate_series(network, prime, horizon)
    known = as_inputs(network, prime).numpy()
    found = trace_teacher_forced(network, np.concatenate([known, own], axis=1))
    return dataclasses.replace(found, given=known.shape[1])


def gates_and_states(network: Network, inputs: tf.Tensor, state: NetworkState) -> list[tf.Tensor]:
    """The gates and then the states after each step, in the order of their names: float32 (B, T, width) each."""
    steps = tf.shape(inputs)[1]

    def body(t: tf.Tensor, state: NetworkState, arrays: tuple[tf.TensorArray, ...]) -> tuple:
        _, state, gates = network.read_step(inputs[:, t], state)
        found = (network.named_gates(gates) | network.named_state(state)).values()
        return t + 1, state, tuple(array.write(t, part) for array, part in zip(arrays, found, strict=True))

    parts = len(network.gate_names) + len(network.state_names)
    arrays = tuple(tf.TensorArray(tf.float32, size=steps) for _ in range(parts))
    *_, arrays = tf.while_loop(lambda t, *_: t < steps, body, (tf.constant(0), state, arrays), maximum_iterations=steps)
    return [tf.transpose(array.stack(), [1, 0, 2]) for array in arrays]  # (T, B, width) -> (B, T, width)


def check_reads_forwards(network: Network) -> None:
    """Refuse a bidirectional network, whose layers have gates of two directions. Raises `ValueError`."""
    if network.model.is_bidirectional:
        raise LabError(
            "The network is bidirectional, so each layer has gates of two directions; take one with another unrolling."
        )
