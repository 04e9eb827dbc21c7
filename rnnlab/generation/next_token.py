"""The next token from a network's logits: the most probable one, one of all, or one of those that are allowed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError

COLDEST = 1e-6
"""Below this temperature only equal logits would still be told apart from the most probable one, and dividing by it
overflows a float32: the most probable token is taken, as with 0."""

MOST_PROBABLE, ALL, ALLOWED = "most_probable", "all", "allowed"
"""What is drawn from. A graph is compiled for each of the three; what else decides the draw is a tensor."""


NEVER = -np.inf
"""The logit of a token that is not drawn."""

ALMOST_1 = 1.0 - 2.0**-53
"""The largest float64 below 1."""


Choose = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""Chooses tokens: logits float32 (B, V), the step -> int32 (B,). The step is int32: () for all streams, or (B,)."""


class Limits(NamedTuple):
    """A `Sampling` as tensors, so that no value of it is part of a compiled graph.

    Attributes:
        temperature, top_p: float32 scalars.
        top_k: int32 scalar, the vocabulary's size where all tokens count.
        allowed: bool (V,), false for a banned token.
    """

    temperature: tf.Tensor
    top_k: tf.Tensor
    top_p: tf.Tensor
    allowed: tf.Tensor


def limits_of(sampling: Sampling, vocabulary: int) -> tuple[str, Limits]:
    """What is drawn from, and the tensors that say how.

    Args:
        sampling: how to draw.
        vocabulary: number of tokens.
    Raises:
        ValueError: a banned token that does not exist, or no token that may be drawn.
    """
    allowed = _allowed(sampling.banned, vocabulary)
    is_cold = sampling.temperature < COLDEST
    top_k = 1 if is_cold else min(sampling.top_k or vocabulary, vocabulary)
    limits = Limits(
        temperature=tf.constant(1.0 if is_cold else sampling.temperature, tf.float32),
        top_k=tf.constant(top_k, tf.int32),
        top_p=tf.constant(sampling.top_p, tf.float32),
        allowed=tf.constant(allowed),
    )
    if sampling.banned:
        return ALLOWED, limits
    if top_k == 1:
        return MOST_PROBABLE, limits
    return (ALL if top_k == vocabulary and sampling.top_p == 1 else ALLOWED), limits


def weighed(source: str, limits: Limits, logits: tf.Tensor) -> tf.Tensor:
    """The logits that a token is drawn from: those of `ALL` or of `ALLOWED`, float32 (B, V)."""
    logits /= limits.temperature
    return logits if source == ALL else only_allowed(limits, logits)


def only_allowed(limits: Limits, logits: tf.Tensor) -> tf.Tensor:
    """The logits of the tokens that may be drawn, and minus infinity for all others.

    Args:
        limits: what may be drawn.
        logits: float32 (B, V), divided by the temperature.
    """
    logits = tf.where(limits.allowed, logits, NEVER)
    # Banning alone needs no sorting, which takes as long as the network's own step.
    are_all_candidates = (limits.top_k >= tf.shape(logits)[1]) & (limits.top_p >= 1)
    return tf.cond(are_all_candidates, lambda: logits, lambda: _only_leading(limits, logits))


def _only_leading(limits: Limits, logits: tf.Tensor) -> tf.Tensor:
    """The logits of the `top_k` most probable tokens, cut to their nucleus."""
    leading, _ = tf.math.top_k(logits, limits.top_k)  # (B, K), the largest first
    before = tf.cumsum(tf.nn.softmax(leading), axis=1, exclusive=True)  # (B, K): what all more probable ones have
    # Rounding may fill the sum before the last tokens: 1 keeps them whatever it says.
    in_nucleus = (before < limits.top_p) | (limits.top_p >= 1)
    count = tf.maximum(tf.reduce_sum(tf.cast(in_nucleus, tf.int32), axis=1, keepdims=True), 1)  # (B, 1)
    last = tf.gather(leading, count - 1, batch_dims=1)  # (B, 1): the smallest logit that is kept
    above, equal = logits > last, logits == last
    room = count - tf.reduce_sum(tf.cast(above, tf.int32), axis=1, keepdims=True)  # (B, 1): for equal ones
    is_early = tf.cumsum(tf.cast(equal, tf.int32), axis=1) <= room  # (B, V): of equal ones the first are kept
    return tf.where(above | (equal & is_early), logits, NEVER)


def most_probable(logits: tf.Tensor) -> tf.Tensor:
    """The most probable token of each row, of equals the first: int32 (B,)."""
    return tf.argmax(logits, axis=-1, output_type=tf.int32)


def chooser(source: str, limits: Limits, numbers: Callable[[tf.Tensor], tf.Tensor]) -> Choose:
    """How tokens are chosen. Each step has numbers of its own, so the first words do not depend on the horizon.

    Args:
        source: what is drawn from.
        limits: how.
        numbers: uniform numbers of a step, as `draw` takes them.
    """

    def choose(logits: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        if source == MOST_PROBABLE:
            return most_probable(logits)
        return draw(weighed(source, limits, logits), numbers(step))

    return choose


def draw(logits: tf.Tensor, numbers: tf.Tensor) -> tf.Tensor:
    """One token for each row, from its softmax: int32 (B,).

    A number is looked up in the cumulative distribution: first among blocks of about sqrt(V) tokens, then within one
    block. So only few of the probabilities are summed up one after the other.

    Args:
        logits: float32 (B, V).
        numbers: float64 (B,), uniform in [0, 1).
    """
    streams, vocabulary = tf.shape(logits)[0], logits.shape[1]
    width = math.isqrt(vocabulary - 1) + 1
    count = -(-vocabulary // width)
    missing = count * width - vocabulary
    filled = tf.pad(logits, [[0, 0], [0, missing]], constant_values=NEVER) if missing else logits
    blocks = tf.reshape(tf.nn.softmax(filled), [-1, width])  # (B * count, width)
    # As a product: TensorFlow's sum over a last axis takes longer.
    block, rest = _look_up(tf.reshape(tf.matmul(blocks, tf.ones((width, 1))), [-1, count]), numbers)
    position, _ = _look_up(tf.gather(blocks, tf.range(streams) * count + block), rest)
    # Only probabilities that are not numbers lead further.
    return tf.ensure_shape(tf.minimum(block * width + position, vocabulary - 1), logits.shape[:1])


def _look_up(weights: tf.Tensor, shares: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Where the cumulative sum of weights first exceeds a share of the whole sum.

    Args:
        weights: float32 (B, N), >= 0.
        shares: float64 (B,), in [0, 1).
    Returns:
        int32 (B,), a position whose weight is not 0; and the share of this weight that lies below, float64 (B,), in
        [0, 1).
    """
    weights = tf.cast(weights, tf.float64)
    after = tf.cumsum(weights, axis=1)  # (B, N): the sum up to each weight, this one included.
    goal = shares[:, None] * after[:, -1:]
    found = tf.minimum(tf.searchsorted(after, goal, side="right"), weights.shape[1] - 1)  # (B, 1)
    own, end = (tf.gather(numbers, found, batch_dims=1) for numbers in (weights, after))
    below = tf.clip_by_value(1.0 - (end - goal) / own, 0.0, ALMOST_1)
    return found[:, 0], below[:, 0]


def _allowed(banned: tuple[int, ...], vocabulary: int) -> np.ndarray:
    allowed = np.ones(vocabulary, bool)
    for token in banned:
        if not isinstance(token, int | np.integer) or not 0 <= token < vocabulary:
            raise LabError(
                f"The token {token} was to be banned, but this network knows 0 to {vocabulary - 1}; ban one of these."
            )
        allowed[token] = False
    if banned and not allowed.any():
        raise LabError(f"All {vocabulary} tokens are banned, so that none is left to draw; allow at least one.")
    return allowed
