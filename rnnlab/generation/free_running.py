"""Free-running generation: every input is the network's own previous output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_inputs
from rnnlab.models import Network
from rnnlab.models.network import NetworkState


def generate_free_running(
    step: Callable, state: NetworkState, first_input: tf.Tensor, horizon: tf.Tensor, choose: Callable
) -> tf.Tensor:
    """Run a network on its own outputs: each output becomes the next input.

    Args:
        step: one time step, (inputs (B, ...), state) -> (outputs (B, ...), state).
        state: the state before `first_input` was read; any nest of tensors.
        first_input: the last value that is known: float32 (B, F) or int32 (B,).
        horizon: int32 scalar, steps to generate, >= 1.
        choose: makes the next input from the outputs, (outputs, t) -> the shape and dtype of `first_input`: the
            identity for a series, a draw for words.
    Returns:
        What was chosen at each step, (B, horizon, ...). The first input is not included.
    """

    def body(t: tf.Tensor, value: tf.Tensor, state: NetworkState, chosen: tf.TensorArray) -> tuple:
        outputs, state = step(value, state)
        value = choose(outputs, t)
        return t + 1, value, state, chosen.write(t, value)

    chosen = tf.TensorArray(first_input.dtype, size=horizon, element_shape=first_input.shape)
    *_, chosen = tf.while_loop(lambda t, *_: t < horizon, body, (tf.constant(0), first_input, state, chosen))
    stacked = chosen.stack()
    return tf.transpose(stacked, [1, 0, *range(2, stacked.shape.rank)])


def generate_series(network: Network, prime: np.ndarray, horizon: int) -> np.ndarray:
    """Read a prime, then go on alone: the state is carried, and each output is the next input.

    Args:
        network: a series network.
        prime: float32 (B, P, 1), the observed values, in the units of the data; P >= 1.
        horizon: steps to generate, >= 1.
    Returns:
        float32 (B, horizon, 1), in the units of the data. The prime is not included.
    Raises:
        ValueError: a prime of another shape, or a horizon below 1.
    """
    return compiled_once(network, _series)(as_inputs(network, prime), _horizon(horizon)).numpy()


def _series(network: Network, prime: tf.Tensor, horizon: tf.Tensor) -> tf.Tensor:
    state = _state_before_last(network, prime)
    return generate_free_running(network.step, state, prime[:, -1], horizon, choose=lambda outputs, t: outputs)


def generate_tokens(
    network: Network, prime: np.ndarray, horizon: int, temperature: float = 1.0, seed: int = 0
) -> np.ndarray:
    """Read a prime, then draw token after token, each drawn token being the next input.

    Args:
        network: a text network.
        prime: int32 (B, P) token ids; P >= 1.
        horizon: tokens to generate, >= 1.
        temperature: the logits are divided by it: 1 draws from the network's own probabilities, lower prefers the
            likely words, 0 always takes the most likely one.
        seed: decides the draws.
    Returns:
        int32 (B, horizon) token ids. The prime is not included.
    Raises:
        ValueError: a prime of another shape or with unknown tokens, a horizon below 1, a temperature below 0.
    """
    if not (np.isfinite(temperature) and temperature >= 0):
        raise ValueError(f"The temperature was {temperature}, but must be a finite number of at least 0.")
    generate = compiled_once(network, _tokens, temperature == 0)
    scale = tf.constant(temperature or 1.0, tf.float32)
    return generate(as_inputs(network, prime), _horizon(horizon), scale, tf.constant(seed, tf.int32)).numpy()


def _tokens(
    network: Network, greedy: bool, prime: tf.Tensor, horizon: tf.Tensor, temperature: tf.Tensor, seed: tf.Tensor
) -> tf.Tensor:
    def choose(logits: tf.Tensor, t: tf.Tensor) -> tf.Tensor:
        if greedy:
            return tf.argmax(logits, axis=-1, output_type=tf.int32)
        # A seed of its own for each step, so that the first words do not depend on the horizon.
        draw = tf.random.stateless_categorical(logits / temperature, 1, tf.stack([seed, t]), dtype=tf.int32)
        return draw[:, 0]

    state = _state_before_last(network, prime)
    return generate_free_running(network.step, state, prime[:, -1], horizon, choose)


def _state_before_last(network: Network, prime: tf.Tensor) -> NetworkState:
    """The state after all of the prime but its last value, which is the first input of the free run."""
    zero = network.zero_state(tf.shape(prime)[0])
    if prime.shape[1] == 1:  # Nothing comes before; the branch below could not even be built.
        return zero
    return tf.cond(tf.shape(prime)[1] > 1, lambda: network(prime[:, :-1], zero)[1], lambda: zero)


def _horizon(horizon: int) -> tf.Tensor:
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(f"The horizon was {horizon}, but must be a whole number of at least 1.")
    return tf.constant(horizon, tf.int32)
