"""Whether this machine multiplies bfloat16 matrices so much faster that it pays."""

from __future__ import annotations

import time
from functools import cache

import tensorflow as tf

PAYS = 1.3
"""How many times as fast bfloat16 products must be. With AMX they are four times as fast, with AVX512-BF16 nearly twice
as fast, without either much slower: nothing real lies near this border, so noise does not change the choice."""

SHAPE = (512, 512, 4096)
ROUNDS = 5

LARGE_WORK = 50_000_000
"""Multiplications of one output layer's pass below which the choice does not matter, and float32 is taken."""


def use_half(precision: str, multiplications: int) -> bool:
    """Whether the output layer's products are to be made in bfloat16.

    Args:
        precision: `auto`, `float32` or `bfloat16`.
        multiplications: of one pass of the output layer.
    """
    if precision == "auto":
        return multiplications >= LARGE_WORK and bfloat16_speed() >= PAYS
    return precision == "bfloat16"


@cache
def bfloat16_speed() -> float:
    """How many times as fast as in float32 a bfloat16 product is, measured once a process: about 0.1 s."""
    rows, inner, columns = SHAPE
    multiply = tf.function(lambda a, b: tf.reduce_sum(tf.matmul(a, b)[0]))
    left, right = tf.ones((rows, inner)), tf.ones((inner, columns))
    pairs = [(tf.cast(left, dtype), tf.cast(right, dtype)) for dtype in (tf.float32, tf.bfloat16)]
    for pair in pairs:
        multiply(*pair).numpy()
    best = [float("inf")] * 2
    for _ in range(ROUNDS):
        for which, pair in enumerate(pairs):
            began = time.perf_counter()
            multiply(*pair).numpy()
            best[which] = min(best[which], time.perf_counter() - began)
    return best[0] / best[1]
