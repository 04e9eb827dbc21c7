"""How a network's matrix products are computed: in float32, or from bfloat16 copies where those are multiplied faster.

What is stored stays float32: weights, states, sums, and all that is not a large product.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

Product = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""float32 (..., K) times (K, N): float32 (..., N)."""


class Arithmetic(NamedTuple):
    """How a layer is computed; what it computes is the same, to the precision of its products.

    Attributes:
        window: the product of all steps of a window at once.
        step: the product of one step.
        is_compiled: whether XLA compiles the loop over time, forwards and backwards.
    """

    window: Product
    step: Product
    is_compiled: bool = False


def full_product(left: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """In float32."""
    if right.shape[0] == 1:  # One value a row, as a wave has: a loop that XLA compiles need not call a product for it.
        return left * right[0]
    return tf.tensordot(left, right, 1)


def row_product(row: tf.Tensor, matrix: tf.Tensor, transposed: bool = False) -> tf.Tensor:
    """One row (1, K) times a large matrix (K, N): float32 (1, N).

    As the matrix's columns times a column, because TensorFlow reads the matrix faster so.

    Args:
        transposed: the matrix is (N, K).
    """
    return tf.transpose(tf.matmul(matrix, row, transpose_a=not transposed, transpose_b=True))


def half_product(left: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """From bfloat16 copies, 8 bits of precision; sums are float32, the result is rounded to bfloat16.

    Its gradients are computed in the same way.
    """
    return tf.cast(tf.tensordot(tf.cast(left, tf.bfloat16), tf.cast(right, tf.bfloat16), 1), left.dtype)


@tf.custom_gradient
def compiled_half_product(left: tf.Tensor, right: tf.Tensor) -> tuple[tf.Tensor, Callable]:
    """From bfloat16 copies, for a left side (B, K); the result keeps the float32 of its sums.

    Only for what XLA compiles: TensorFlow's own operations cannot keep it.
    """
    narrow_left, narrow_right = tf.cast(left, tf.bfloat16), tf.cast(right, tf.bfloat16)

    def gradient(d_product: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        narrow = tf.cast(d_product, tf.bfloat16)
        return (
            tf.matmul(narrow, narrow_right, transpose_b=True, output_type=tf.float32),
            tf.matmul(narrow_left, narrow, transpose_a=True, output_type=tf.float32),
        )

    return tf.matmul(narrow_left, narrow_right, output_type=tf.float32), gradient


PLAIN = Arithmetic(full_product, full_product)
"""Float32, operation by operation, or within whatever compiles the whole."""
