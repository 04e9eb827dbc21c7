"""Random numbers that depend on nothing but a seed, a step and a row: Philox 4x32-10.

They are TensorFlow's own: `uniform(seed, step, r)` is number 2 r of `tf.random.stateless_uniform` with the seed
[seed, step] and float64, and row 0 draws as `tf.random.stateless_categorical` does. But TensorFlow takes one seed for a
whole tensor, and what it draws in other rows depends on the number of threads.

Source: Salmon 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

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


def uniform(seeds: tf.Tensor, steps: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """One number in [0, 1) for each seed, step and row.

    Args:
        seeds, steps, rows: int32 of one shape, >= 0.
    Returns:
        float64 of that shape.
    """
    seed, step, row = (tf.cast(numbers, tf.uint64) for numbers in (seeds, steps, rows))
    zero = tf.zeros_like(seed)
    key_high, key_low, *rest = _philox((seed, zero, step, zero), (zero + FIRST_KEY[0], zero + FIRST_KEY[1]))
    high, low, *_ = _philox((row, zero, *rest), (key_high, key_low))
    bits = _shift_left(high & (2 ** (MANTISSA - 32) - 1), 32) | low
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


def _shift_left(word: tf.Tensor, bits: int) -> tf.Tensor:
    return tf.bitwise.left_shift(word, tf.constant(bits, tf.uint64))
