"""How a network's matrix products are computed: in float32, or from bfloat16 copies if that is faster.

Everything else stays float32: weights, states, sums and small products.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

Product = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""float32 (..., K) times (K, N): float32 (..., N)."""


class Arithmetic(NamedTuple):
    """How the products of a layer are computed. Results are equal up to the precision of the products.

    Attributes:
        window: the product of all steps of a window at once.
        step: the product of one step.
        is_compiled: whether XLA compiles the loop over time, forwards and backwards.
    """

    window: Product
    step: Product
    is_compiled: bool = False


def full_product(left: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """The product in float32."""
    if (
        right.shape[0] == 1
    ):  # One value a row, as in a wave: a compiled loop is faster without a call of a matrix product.
        return left * right[0]
    return tf.tensordot(left, right, 1)


def row_product(row: tf.Tensor, matrix: tf.Tensor, transposed: bool = False) -> tf.Tensor:
    """One row (1, K) times a large matrix (K, N): float32 (1, N).

    It is computed as the transposed matrix times a column, because TensorFlow reads the matrix faster this way.

    Args:
        transposed: the matrix is (N, K).
    """
    return tf.transpose(tf.matmul(matrix, row, transpose_a=not transposed, transpose_b=True))


def half_product(left: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """The product of bfloat16 copies (8 bits of precision). Sums are float32; the result is rounded to bfloat16.

    Gradients are computed in the same way.
    """
    return tf.cast(tf.tensordot(tf.cast(left, tf.bfloat16), tf.cast(right, tf.bfloat16), 1), left.dtype)


@tf.custom_gradient
def compiled_half_product(left: tf.Tensor, right: tf.Tensor) -> tuple[tf.Tensor, Callable]:
    """The product of bfloat16 copies of (B, K) and (K, N). The result keeps the float32 of its sums.

    Only XLA can compile this; TensorFlow's own operations would round the result.
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
"""Float32; the loop over time is not compiled separately."""
