"""What does the forget bias do? How much of an LSTM's memory is left after some steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.formulas.forgetting import share_kept
from rnnlab.inspection.traces import trace_teacher_forced
from rnnlab.models import Network

MEMORY = "c"
"""The part of an LSTM's state that a forget gate acts on."""

FORGET_GATE = "f"


@dataclass(frozen=True, eq=False)
class MemoryKept:
    """The memory that a forget gate leaves if only its bias opens it.

    Attributes:
        forget_bias: the bias.
        measured: float64 (steps + 1,), the share of c left after 0, 1, ... steps, in a real network.
        expected: float64 (steps + 1,), sigmoid(forget_bias) ** k.
    """

    forget_bias: float
    measured: np.ndarray
    expected: np.ndarray


def memory_kept(forget_bias: float, steps: int) -> MemoryKept:
    """Fill an LSTM's memory once, give it empty inputs, and measure how much is left after every step.

    The network is an untrained one of ours with both kernels set to zero. So nothing new enters the memory, and the
    forget gate is sigmoid(forget_bias) at every step. `ptb_word_lm` starts at 0, so it forgets half at every step until
    it has learned better. A bias of 1 keeps 73 %.

    Args:
        forget_bias: any number that the setting allows.
        steps: >= 1.
    Raises:
        InvalidSetting: the bias is not allowed.
        ValueError: fewer than one step.
    Example:
        memory_kept(1.0, 20).measured[-1]  # 0.0019
    """
    if steps < 1:
        raise LabError(f"The number of steps was {steps}, but must be at least 1; take 1 or more.")
    network = Network(ModelConfig(cell="lstm", units=1, forget_bias=forget_bias))
    cell = network.cells[0]
    for kernel in (cell.kernel, cell.recurrent_kernel):
        kernel.assign(tf.zeros_like(kernel))
    nothing, position = tf.zeros((1, 1)), cell.state_names.index(MEMORY)
    state = tuple(tf.ones_like(part) if i == position else part for i, part in enumerate(cell.zero_state(1)))
    left = [1.0]
    for _ in range(steps):
        _, (state,) = network.step(nothing, (state,))
        left.append(float(state[position][0, 0]))
    return MemoryKept(forget_bias, np.array(left), share_kept(forget_bias, np.arange(steps + 1)))


def forget_gate_memory(network: Network, inputs: np.ndarray | tf.Tensor) -> np.ndarray:
    """The share of the initial memory that a trained network's forget gates leave, on real data.

    At each step, the cell keeps f c of its memory c. So the product of the forget gates f over the steps is the share
    that is left. The effect of a clip is not counted. The gates are the cell's own, see `trace_teacher_forced`.

    Args:
        network: of LSTM cells, reading forwards.
        inputs: int32 (B, T) token ids for text, float32 (B, T, 1) for a series; read from an empty state.
    Returns:
        float64 (layers, T + 1): the product of the gates after 0, 1, ... steps, averaged over units and streams.
    Raises:
        ValueError: the network has no memory c, or is bidirectional.
    """
    if network.model.is_bidirectional:
        raise LabError(
            "The network is bidirectional, so its memory has two directions; take one with another unrolling."
        )
    if any(FORGET_GATE not in cell.gate_names for cell in network.cells):
        raise LabError(f"A {network.model.cell} has no forget gate; take a network whose cell is lstm.")
    gates = trace_teacher_forced(network, inputs).gates
    kept = [_share_left(gates[f"{cell.name}/{FORGET_GATE}"]) for cell in network.cells]
    return np.stack(kept)


def _share_left(gates: np.ndarray) -> np.ndarray:
    """The product of forget gates (B, T, H) after 0, 1, ... T steps, averaged over streams and units: (T + 1,)."""
    shares = np.cumprod(gates, axis=1, dtype="float64")
    return np.concatenate([[1.0], shares.mean(axis=(0, 2))])
