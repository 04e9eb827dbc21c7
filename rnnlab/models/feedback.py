"""Sequences in which some inputs are the network's own previous outputs: between teacher forcing and free-running."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rnnlab.models.feedback_loop import array_of, batch_first, loop_back
from rnnlab.models.network import Network, NetworkState

DRAW_PLACE = 3000
WHERE_PLACE = 3001
"""Sites of two more seeds (see `rnnlab.models.dropout`): of the drawn words, and of the replaced inputs."""


class FedBack(NamedTuple):
    """A sequence with some inputs replaced.

    Attributes:
        inputs: the inputs that the network read, in the shape and dtype of the true inputs.
        outputs: float32 (B, T, O).
        state: after the last step.
    """

    inputs: tf.Tensor
    outputs: tf.Tensor
    state: NetworkState


def call_with_feedback(
    network: Network,
    inputs: tf.Tensor,
    state: NetworkState,
    probability: tf.Tensor,
    seed: tf.Tensor,
    through: bool = False,
) -> tuple[tf.Tensor, NetworkState]:
    """A whole sequence in which each input is, with a probability, the network's own previous output. For training.

    A probability of 0 is teacher forcing. A probability of 1 is free-running after the first input, which is always
    true. The output of a text network is a word drawn from its probabilities.

    Args:
        network: one that can generate.
        inputs: int32 (B, T) for text, float32 (B, T, 1) for a series.
        state: before the first step.
        probability: float32 scalar, applied to each input separately.
        seed: int32 (2,), decides where inputs are replaced, which words are drawn, and dropout.
        through: the gradient also passes from an output into the input that it becomes; series only. Otherwise the
            gradient is that of teacher forcing on the sequence that was read.
    Returns:
        outputs float32 (B, T, O), and the state after the last step.
    Source: Bengio 2015, scheduled sampling.
    """
    own = own_steps(tf.shape(inputs)[:2], probability, seed)
    fed = feed_back(network, inputs, state, own, seed)
    if through and not network.reads_tokens:
        return fed.outputs, fed.state
    return network(tf.stop_gradient(fed.inputs), state, dropout_seed=seed)


def own_steps(shape: tf.Tensor, probability: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Where the network reads its own output: bool (B, T), never at the first step, because there is none yet."""
    drawn = tf.random.stateless_uniform(shape, tf.random.experimental.stateless_fold_in(seed, WHERE_PLACE))
    return (drawn < probability) & (tf.range(shape[1]) > 0)


def feed_back(network: Network, inputs: tf.Tensor, state: NetworkState, own: tf.Tensor, seed: tf.Tensor) -> FedBack:
    """Run a network over a sequence step by step, on its own previous output where `own` is True.

    Args:
        network, inputs, state: as in `call_with_feedback`.
        own: bool (B, T).
        seed: int32 (2,), of the drawn words and of dropout. The masks are those of `Network.call`.
    """
    masks = network.masks(inputs, seed)
    steps = inputs.shape[1] if inputs.shape[1] is not None else tf.shape(inputs)[1]
    said = tf.TensorArray(tf.float32, size=steps, element_shape=(inputs.shape[0], network.head.units))

    def step(t: tf.Tensor, value: tf.Tensor, memory: tuple) -> tuple[tf.Tensor, tuple]:
        state, said = memory
        outputs, state = network.step(value, state, masks.at(t))
        return outputs, (state, said.write(t, outputs))

    def rule(t: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
        following = tf.minimum(t + 1, steps - 1)  # What follows the last step is not read.
        replaced = own[:, following] if network.reads_tokens else own[:, following, None]
        return tf.where(replaced, _as_input(network, outputs, seed, t), inputs[:, following])

    first = inputs[:, 0]
    looped = loop_back(step, rule, first, (state, said), steps, (array_of(first, steps),))
    state, said = looped.state
    read = tf.concat([first[None], looped.kept[0].stack()[:-1]], axis=0)  # (T, B, ...)
    return FedBack(batch_first(read), batch_first(said.stack()), state)


def _as_input(network: Network, outputs: tf.Tensor, seed: tf.Tensor, t: tf.Tensor) -> tf.Tensor:
    """The next input, made from an output (B, O)."""
    if not network.reads_tokens:
        return outputs
    place = tf.random.experimental.stateless_fold_in(tf.random.experimental.stateless_fold_in(seed, DRAW_PLACE), t)
    return tf.random.stateless_categorical(outputs, 1, place, dtype=tf.int32)[:, 0]
