"""The next token from a network's logits: the most probable one, one of all, or one of those that are allowed."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError
from rnnlab.generation.uniform import uniform

COLDEST = 1e-6
"""Below this temperature only equal logits would still be told apart from the most probable one, and dividing by it
overflows a float32: the most probable token is taken, as with 0."""

MOST_PROBABLE, ALL, ALLOWED = "most_probable", "all", "allowed"
"""What is drawn from. A graph is compiled for each of the three; what else decides the draw is a tensor."""


NEVER = -np.inf
"""The logit of a token that is not drawn."""


Choose = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""Chooses tokens: logits float32 (B, V), each stream's own step int32 (B,) -> int32 (B,)."""


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


def chooser(
    source: str, limits: Limits, seeds: tf.Tensor, rows: tf.Tensor
) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    """How tokens are chosen. Each step has numbers of its own, so the first words do not depend on the horizon.

    Args:
        source: what is drawn from.
        limits: how.
        seeds, rows: int32 (B,), decide the draws; see `uniform`.
    """

    def choose(logits: tf.Tensor, own_steps: tf.Tensor) -> tf.Tensor:
        if source == MOST_PROBABLE:
            return most_probable(logits)
        chosen = _draw(weighed(source, limits, logits), seeds, own_steps, rows)
        return tf.ensure_shape(chosen, logits.shape[:1])

    return choose


@partial(tf.function, jit_compile=True, autograph=False)
def _draw(logits: tf.Tensor, seeds: tf.Tensor, steps: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """One token for each row. XLA: the random numbers are hundreds of operations on one number a stream."""
    return draw(logits, uniform(seeds, steps, rows))


def draw(logits: tf.Tensor, numbers: tf.Tensor) -> tf.Tensor:
    """Invert the cumulative distribution, first over blocks of tokens, then within one: int32 (B,).

    Args:
        logits: float32 (B, V).
        numbers: float64 (B,), in [0, 1).
    """
    streams, vocabulary = tf.shape(logits)[0], logits.shape[1]
    width = math.isqrt(vocabulary - 1) + 1
    filled = tf.pad(logits, [[0, 0], [0, width * width - vocabulary]], constant_values=NEVER)
    weights = tf.exp(filled - tf.reduce_max(logits, axis=1, keepdims=True))
    blocks = tf.reshape(weights, [streams, width, width])
    block, rest = _first_above(tf.reduce_sum(blocks, axis=2), numbers)
    place, _ = _first_above(tf.gather(blocks, block, batch_dims=1), rest)
    return block * width + place


def _first_above(weights: tf.Tensor, shares: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Where the cumulated weights first exceed a share of their sum.

    Args:
        weights: float32 (B, N), >= 0.
        shares: float64 (B,), in [0, 1).
    Returns:
        int32 (B,), a position whose weight is not 0; and how far the share lies between the sum before it and the sum
        after it, float64 (B,), in [0, 1).
    """
    after = tf.cumsum(tf.cast(weights, tf.float64), axis=1)  # (B, N)
    goal = shares * after[:, -1]
    position = tf.reduce_sum(tf.cast(after <= goal[:, None], tf.int32), axis=1)
    own = tf.gather(tf.cast(weights, tf.float64), position, batch_dims=1)
    end = tf.gather(after, position, batch_dims=1)
    rest = tf.clip_by_value(1.0 - (end - goal) / own, 0.0, 1.0 - 2.0**-53)
    return position, rest


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
