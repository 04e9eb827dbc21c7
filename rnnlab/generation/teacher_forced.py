"""Teacher-forced prediction: every input is the true value."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rnnlab.generation.compiled import compiled_once
from rnnlab.models import Network
from rnnlab.models.network import NetworkState


def predict_teacher_forced(
    network: Network, inputs: np.ndarray, state: NetworkState | None = None
) -> tuple[np.ndarray, NetworkState]:
    """What the network says after each true input.

    Args:
        network: a text or series network.
        inputs: int32 (B, T) token ids, or float32 (B, T, 1) in the units of the data; T >= 1.
        state: where to go on from; None starts with zeros.
    Returns:
        Probabilities float32 (B, T, V) of the next token or (B, T, tags) of each step's tag, or predicted next values
        float32 (B, T, 1); and the state after the last input.
    Raises:
        ValueError: the inputs have another shape, or no time step.
    Source: Williams and Zipser 1989, who call it teacher forcing.
    """
    inputs = as_inputs(network, inputs)
    state = network.zero_state(inputs.shape[0]) if state is None else state
    outputs, after = compiled_once(network, _predict)(inputs, state)
    return outputs.numpy(), after


def _predict(network: Network, inputs: tf.Tensor, state: NetworkState) -> tuple[tf.Tensor, NetworkState]:
    outputs, after = network(inputs, state)
    return tf.nn.softmax(outputs) if network.gives_logits else outputs, after


def as_inputs(network: Network, inputs: np.ndarray) -> tf.Tensor:
    """`inputs` as the tensor that the network reads: int32 (B, T) or float32 (B, T, 1).

    Raises:
        ValueError: another shape, no time step, or a token that the network does not know.
    """
    wanted = "(B, T)" if network.is_text else "(B, T, 1)"
    array = np.asarray(inputs, "int32" if network.is_text else "float32")
    if array.ndim != len(wanted.split(",")) or 0 in array.shape or (not network.is_text and array.shape[2] != 1):
        raise ValueError(f"The inputs have the shape {array.shape}, but must be {wanted} with T of at least 1.")
    if network.is_text and not 0 <= array.min() <= array.max() < network.vocabulary:
        raise ValueError(
            f"The inputs hold the token {array.max()}, but this network knows 0 to {network.vocabulary - 1}."
        )
    return tf.constant(array)
