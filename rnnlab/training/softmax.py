"""The output layer and its loss in one piece: half of a language model's time, made as short as it can be.

Written apart, the logits (B T, V) are made, stored, read by the loss, and a gradient of the same size is stored, scaled
and read again. Here the loss and the gradient with respect to the logits leave one compiled pass over the logits, and
what the chain rule multiplies them by is multiplied into the narrow hidden states instead.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf


def softmax_losses(
    hidden: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor,
    targets: tf.Tensor,
    is_transposed: bool = False,
    half: bool = False,
) -> tf.Tensor:
    """The cross-entropy of every step: equal to the dense layer followed by the softmax loss, gradients included.

    Args:
        hidden: float32 (B, T, P), what the output layer reads.
        kernel: float32 (P, V), or (V, P) if it is transposed, as tied embeddings are.
        bias: float32 (V,).
        targets: int32 (B, T), in [0, V).
        is_transposed: whether the kernel is.
        half: make the three large products from bfloat16 copies, 8 bits of precision with float32 sums. The softmax and
            the loss are computed in float32, and the weights stay float32.
    Returns:
        float32 (B, T), in nats.
    """
    rows = tf.reshape(hidden, [-1, hidden.shape[-1]])
    losses = _row_losses(tf.bfloat16 if half else tf.float32, is_transposed)(
        rows, kernel, bias, tf.reshape(targets, [-1])
    )
    return tf.reshape(losses, tf.shape(targets))


def _row_losses(dtype: tf.DType, is_transposed: bool) -> Callable[..., tf.Tensor]:
    @tf.custom_gradient
    def run(rows: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        narrow_rows, narrow_kernel = tf.cast(rows, dtype), tf.cast(kernel, dtype)
        logits = tf.matmul(narrow_rows, narrow_kernel, transpose_b=is_transposed)
        losses, slopes = _losses_and_slopes(logits, bias, targets)

        def gradient(d_losses: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, None]:
            scale = d_losses[:, None]
            d_rows = tf.cast(tf.matmul(slopes, narrow_kernel, transpose_b=not is_transposed), rows.dtype) * scale
            scaled = tf.cast(rows * scale, dtype)
            pair = (slopes, scaled) if is_transposed else (scaled, slopes)
            d_kernel = tf.cast(tf.matmul(*pair, transpose_a=True), kernel.dtype)
            d_bias = tf.matmul(tf.cast(d_losses[None], dtype), slopes)[0]
            return d_rows, d_kernel, tf.cast(d_bias, bias.dtype), None

        return losses, gradient

    return run


@tf.function(jit_compile=True)
def _losses_and_slopes(logits: tf.Tensor, bias: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Losses float32 (N,), and their gradients with respect to the logits (N, V), in the logits' dtype.

    Compiled by XLA, which passes over the logits three times where the operations one by one take a dozen.
    """
    full = tf.cast(logits, tf.float32) + bias
    largest = tf.reduce_max(full, axis=-1, keepdims=True)
    powers = tf.exp(full - largest)
    total = tf.reduce_sum(powers, axis=-1, keepdims=True)
    is_target = tf.range(tf.shape(logits)[-1])[None] == targets[:, None]
    of_targets = tf.reduce_sum(tf.where(is_target, full, 0.0), axis=-1)
    losses = tf.math.log(total[:, 0]) + largest[:, 0] - of_targets
    slopes = powers / total - tf.where(is_target, 1.0, 0.0)
    return losses, tf.cast(slopes, logits.dtype)
