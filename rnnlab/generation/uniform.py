"""Random numbers that depend on nothing but their own seed and step.

Source: Salmon 2011, "Parallel random numbers: as easy as 1, 2, 3", for Philox 4x32-10, which TensorFlow uses too.
"""

from __future__ import annotations

from functools import partial

import tensorflow as tf

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
FIRST_KEY = (0x3EC8F720, 0x02461E29)
"""The key with which TensorFlow mixes a seed, so that no part of it need be strong."""

WORD = 0xFFFFFFFF
MANTISSA = 52
"""Bits of a float64 after the point; 20 of them come from the first word and 32 from the second."""

Words = tuple[tf.Tensor, ...]
"""Words of 32 bits, each in a uint64 tensor."""


def uniform_rows(streams: tf.Tensor, seed: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
    """A number in [0, 1) for each stream, from one seed: float64 (B,).

    `tf.random.stateless_categorical` draws its first row with the first of them. With what numbers it draws other rows
    depends on the number of threads.

    Args:
        streams: int32 scalar B.
        seed, step: int32 scalars, >= 0.
    """
    # A counter of Philox gives two numbers; each row has a counter of its own.
    return tf.random.stateless_uniform([2 * streams], tf.stack([seed, step]), dtype=tf.float64)[::2]


@partial(tf.function, jit_compile=True, autograph=False)
def uniform(seeds: tf.Tensor, steps: tf.Tensor) -> tf.Tensor:
    """A number in [0, 1) for each seed and step: the first of `uniform_rows` with this seed and this step.

    TensorFlow's functions take one seed for a whole tensor. XLA compiles this one because it is hundreds of operations
    on a few numbers.

    Args:
        seeds, steps: int32 (B,), >= 0.
    Returns:
        float64 (B,).
    """
    seed, step = (tf.cast(numbers, tf.uint64) for numbers in (seeds, steps))
    zero = tf.zeros_like(seed)
    key_high, key_low, *rest = _philox((seed, zero, step, zero), (zero + FIRST_KEY[0], zero + FIRST_KEY[1]))
    high, low, *_ = _philox((zero, zero, *rest), (key_high, key_low))
    bits = tf.bitwise.left_shift(high & (2 ** (MANTISSA - 32) - 1), tf.constant(32, tf.uint64)) | low
    return tf.cast(tf.bitcast(bits, tf.int64), tf.float64) * 2.0**-MANTISSA


def _philox(counter: Words, key: Words) -> Words:
    """Four random words from a counter of four and a key of two."""
    a, b, c, d = counter
    for number in range(ROUNDS):
        first, second = a * MULTIPLIERS[0], c * MULTIPLIERS[1]
        one, two = ((word + number * step) & WORD for word, step in zip(key, KEY_STEPS, strict=True))
        a, b, c, d = _high(second) ^ b ^ one, second & WORD, _high(first) ^ d ^ two, first & WORD
    return a, b, c, d


def _high(product: tf.Tensor) -> tf.Tensor:
    return tf.bitwise.right_shift(product, tf.constant(32, tf.uint64))
