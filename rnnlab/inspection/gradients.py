"""How far back does the error reach? The gradient of the loss at one step with respect to every earlier state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_inputs
from rnnlab.inspection.traces import check_reads_forwards, gates_and_states
from rnnlab.models import Network
from rnnlab.models.network import NetworkState
from rnnlab.training.loss import token_losses

SMALL, DOUBLINGS = 2.0**-30, 30.0
"""A gradient whose largest number is below this bound is doubled 30 times on its way back, so that float32 can hold it
further; one above the inverse is halved as often. The numbers that are returned are not affected."""


@dataclass(frozen=True, eq=False)
class GradientsBack:
    """The gradient of the loss L_T at the last step with respect to the state after each step up to it.

    Attributes:
        by_state: float64 (B, K + 1, width) by name, such as `layer_0/h`: dL_T / ds_(T-k) of each row at k, 0 first. It
            counts every way from the state to the loss: through later steps, and for h through the layers above. The
            memory c of the last step is 0 at k = 0, because only a later step would read it.
    """

    by_state: dict[str, np.ndarray]

    def norms(self, name: str) -> np.ndarray:
        """The Euclidean norm over units, averaged over rows: float64 (K + 1,)."""
        return np.linalg.norm(self.by_state[name], axis=-1).mean(axis=0)


def gradients_back(
    network: Network,
    inputs: np.ndarray,
    targets: np.ndarray,
    window: int = 0,
    state: NetworkState | None = None,
) -> GradientsBack:
    """Backpropagate the loss of the last step through all steps before it.

    Args:
        network: reading forwards.
        inputs: int32 (B, K + 1) token ids, or float32 (B, K + 1, F) values.
        targets: of the last step: int32 (B,) labels or tokens, or float32 (B,) values.
        window: steps that the gradient reaches back through, as in training with windows of `num_steps` that end at
            the last step. Beyond it is exactly 0, whether training carries the state or resets it. 0: no limit.
        state: before the first step; None starts with zeros.
    Raises:
        ValueError: the inputs have another shape, there is not one target for each row, or the network is
            bidirectional.
    Source: Hochreiter 1991; Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013.
    """
    check_reads_forwards(network)
    read = as_inputs(network, inputs)
    rows = read.shape[0]
    if np.shape(targets) != (rows,):
        raise LabError(f"The targets have the shape {np.shape(targets)}, but must be ({rows},), one for each row.")
    wanted = tf.constant(np.asarray(targets, "int32" if network.gives_logits else "float32"))
    first = network.zero_state(rows) if state is None else state
    found = compiled_once(network, _back)(read, wanted, first, tf.constant(window or read.shape[1] + 1))
    *parts, doublings = (part.numpy().astype("float64")[:, ::-1] for part in found)
    by_state = zip(network.state_names, parts, strict=True)
    return GradientsBack({name: np.ldexp(part, -doublings.astype(int)) for name, part in by_state})


def _back(
    network: Network, inputs: tf.Tensor, targets: tf.Tensor, first: NetworkState, window: tf.Tensor
) -> list[tf.Tensor]:
    """The gradients of each part of the state, float32 (B, T, width), and how often they were doubled, (1, T, 1)."""
    steps = tf.shape(inputs)[1]
    states = gates_and_states(network, inputs, first)[len(network.gate_names) :]
    flat_first = tf.nest.flatten(first)
    # The state before each step: (B, T, width).
    before = [tf.concat([part[:, None], after[:, :-1]], 1) for part, after in zip(flat_first, states, strict=True)]
    d_top = _gradient_of_loss(network, states[_top(network)][:, -1], targets)

    def body(t: tf.Tensor, d_after: list, doublings: tf.Tensor, arrays: tuple[tf.TensorArray, ...]) -> tuple:
        d_hidden = tf.where(t == steps - 1, d_top, tf.zeros_like(d_top))
        d_before, d_state = _step_back(network, inputs[:, t], [part[:, t] for part in before], d_hidden, d_after)
        found = [*d_state, tf.reshape(doublings, (1, 1))]
        arrays = tuple(array.write(t, part) for array, part in zip(arrays, found, strict=True))
        is_within = tf.cast(steps - t < window, tf.float32)  # The state before step t is steps - t steps back.
        more = _doublings(d_before)
        d_before = [is_within * tf.pow(2.0, more) * part for part in d_before]
        return t - 1, d_before, doublings + more, arrays

    arrays = tuple(tf.TensorArray(tf.float32, size=steps) for _ in range(len(states) + 1))
    start = (steps - 1, [tf.zeros_like(part) for part in flat_first], tf.constant(0.0), arrays)
    *_, arrays = tf.while_loop(lambda t, *_: t >= 0, body, start, maximum_iterations=steps)
    return [tf.transpose(array.stack(), [1, 0, 2]) for array in arrays]


def _step_back(
    network: Network, inputs: tf.Tensor, before: list[tf.Tensor], d_hidden: tf.Tensor, d_after: list[tf.Tensor]
) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
    """Gradients of the state before a step and after it, from those of what the head and the next step read."""
    nested: Any = tf.nest.pack_sequence_as(network.zero_state(1), before)
    pushes = tf.nest.map_structure(tf.zeros_like, nested)
    with tf.GradientTape() as tape:
        tape.watch((nested, pushes))
        hidden, after, _ = network.read_step(inputs, nested, pushes=pushes)
        results = [hidden, *tf.nest.flatten(after)]
    sources = [*before, *tf.nest.flatten(pushes)]
    found = tape.gradient(results, sources, output_gradients=[d_hidden, *d_after], unconnected_gradients="zero")
    return found[: len(before)], found[len(before) :]


def _gradient_of_loss(network: Network, hidden: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Gradient of each row's own loss with respect to what the head reads: float32 (B, P)."""
    wanted = targets if network.gives_logits else targets[:, None]
    with tf.GradientTape() as tape:
        tape.watch(hidden)
        losses = token_losses(network.head(hidden)[:, None], wanted[:, None])
    return tape.gradient(losses, hidden)


def _top(network: Network) -> int:
    """Position of the top layer's h among the parts of the state."""
    return network.state_names.index(f"{network.cells[-1].name}/h")


def _doublings(parts: list[tf.Tensor]) -> tf.Tensor:
    largest = tf.reduce_max([tf.reduce_max(tf.abs(part)) for part in parts])
    is_small = (largest > 0) & (largest < SMALL)
    return tf.where(is_small, DOUBLINGS, tf.where(largest > 1 / SMALL, -DOUBLINGS, 0.0))


@dataclass(frozen=True)
class Shape:
    """What a network reads and answers, see `Network`."""

    vocabulary: int
    tags: int
    features: int

    @classmethod
    def of(cls, network: Network) -> Shape:
        """The shape of a network."""
        return cls(network.vocabulary, network.tags, network.features)


def untrained_gradients(
    model: ModelConfig, shape: Shape, seed: int, inputs: np.ndarray, targets: np.ndarray
) -> GradientsBack:
    """`gradients_back` of a network with these settings before its first update.

    Args:
        model: reading forwards.
        shape: what it reads and answers.
        seed: decides the weights, as in training.
        inputs, targets: as in `gradients_back`.
    """
    network = _network_of(model.architecture, shape)
    network.start(model, seed)
    return gradients_back(network, inputs, targets)


@lru_cache(maxsize=6)
def _network_of(architecture: ModelConfig, shape: Shape) -> Network:
    """One network for all starts of an architecture, so that its graphs are built once."""
    return Network(architecture, shape.vocabulary, 0, shape.tags, shape.features)
