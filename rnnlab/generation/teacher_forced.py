"""Teacher-forced prediction: every input is the true value."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.next_token import ALL, ALLOWED, Limits, limits_of, weighed
from rnnlab.models import Network
from rnnlab.models.network import NetworkState


def predict_teacher_forced(
    network: Network, inputs: np.ndarray, state: NetworkState | None = None
) -> tuple[np.ndarray, NetworkState]:
    """What the network predicts after each true input.

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


def log_probabilities(network: Network, tokens: np.ndarray, sampling: Sampling | float = 1.0) -> np.ndarray:
    """The logarithm of the probability of every next token, from the logits: no probability is too small for it.

    Args:
        network: a text network.
        tokens: int32 (B, T) token ids; T >= 1.
        sampling: how the next token would be drawn; a number is its temperature.
    Returns:
        float32 (B, T, V), in nats; minus infinity for a token that is not drawn.
    Raises:
        ValueError: the tokens have another shape, the network does not know one, or all are banned.
    """
    inputs = as_inputs(network, tokens)
    source, limits = limits_of(Sampling.of(sampling), network.vocabulary)
    predict = compiled_once(network, _log_probabilities, source == ALL)
    return predict(inputs, network.zero_state(inputs.shape[0]), limits).numpy()


def _log_probabilities(
    network: Network, are_all_drawn: bool, inputs: tf.Tensor, state: NetworkState, limits: Limits
) -> tf.Tensor:
    logits = network(inputs, state)[0]
    rows = tf.reshape(logits, [-1, network.vocabulary])  # (B * T, V)
    source = ALL if are_all_drawn else ALLOWED
    return tf.reshape(tf.nn.log_softmax(weighed(source, limits, rows)), tf.shape(logits))


def as_inputs(network: Network, inputs: np.ndarray) -> tf.Tensor:
    """`inputs` as the tensor that the network reads; see `as_array`."""
    return tf.constant(as_array(network, inputs))


def as_array(network: Network, inputs: np.ndarray) -> np.ndarray:
    """`inputs` as the network reads them: int32 (B, T) or float32 (B, T, 1).

    Raises:
        ValueError: another shape, no time step, a value that is not finite, or a token that the network does not know.
    """
    wanted = "(B, T)" if network.reads_tokens else f"(B, T, {network.features})"
    array = as_numbers(inputs)
    features = () if network.reads_tokens else (network.features,)
    if array.ndim != 2 + len(features) or 0 in array.shape or array.shape[2:] != features:
        raise LabError(f"The inputs have the shape {array.shape}, but must be {wanted} with T of at least 1.")
    return as_tokens(array, network.vocabulary) if network.reads_tokens else as_values(array)


def as_numbers(inputs: object) -> np.ndarray:
    """The inputs as an array of numbers of any kind.

    Raises:
        ValueError: they are ragged, or hold something other than numbers.
    """
    try:
        array = np.asarray(inputs)
    except ValueError as error:
        raise LabError("The inputs are rows of different lengths, but must be one array; cut them equally.") from error
    if array.dtype.kind not in "iuf":
        try:  # Such as whole numbers beyond 64 bits, which NumPy keeps as objects.
            array = array.astype("float64")
        except (TypeError, ValueError, OverflowError) as error:
            raise LabError(
                f"The inputs are {array.dtype.name}, but must be numbers; give tokens as whole numbers and a series as "
                "decimal ones."
            ) from error
    return array


def as_tokens(array: np.ndarray, vocabulary: int) -> np.ndarray:
    """The numbers as int32 token ids.

    Raises:
        ValueError: one is not a whole number from 0 to `vocabulary` - 1; the message names it.
    """
    # Before the conversion: int32 would make 1 of 1.5, and something small of what is too large for it.
    wrong = ~((array >= 0) & (array < vocabulary) & (array == np.floor(array)))
    if wrong.any():
        raise LabError(
            f"The inputs hold the token {array[wrong][0]}, but this network knows the whole numbers 0 to "
            f"{vocabulary - 1}; give tokens of its vocabulary."
        )
    return array.astype("int32")


def as_values(array: np.ndarray) -> np.ndarray:
    """The numbers as float32.

    Raises:
        ValueError: one is not finite, or too large for a float32; the message names it.
    """
    with np.errstate(over="ignore"):
        values = array.astype("float32")
    if not np.isfinite(values).all():
        raise LabError(
            f"The inputs hold the value {array[~np.isfinite(values)][0]}, but must be finite float32 numbers; leave it "
            "out or replace it."
        )
    return values
