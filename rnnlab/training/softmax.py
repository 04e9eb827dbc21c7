"""The output layer and its loss in one piece: half of a language model's time, made as short as it can be.

Written apart, the logits (B T, V) are made, stored, read by the loss, and a gradient of the same size is stored, scaled
and read again. Here the gradient with respect to the logits leaves the pass that makes the loss, and what the chain
rule multiplies it by is multiplied into the narrow hidden states instead.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

LEAST_SHARE = 1e-30
"""A target's probability below which its loss is not read from it: float32 has no smaller ones to tell apart."""


def softmax_losses(
    hidden: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor,
    targets: tf.Tensor,
    is_transposed: bool = False,
    half: bool = False,
    compiled_logits: bool = False,
) -> tf.Tensor:
    """The cross-entropy of every step: equal to the dense layer followed by the softmax loss, gradients included.

    Args:
        hidden: float32 (B, T, P), what the output layer reads.
        kernel: float32 (P, V), or (V, P) if it is transposed, as tied embeddings are.
        bias: float32 (V,).
        targets: int32 (B, T), in [0, V).
        is_transposed: whether the kernel is.
        half: make the three large products from bfloat16 copies, 8 bits of precision with float32 sums. The softmax and
            the loss are float32, and the weights stay float32.
        compiled_logits: have XLA make them so, which keeps the float32 of the sums; otherwise they are rounded.
    Returns:
        float32 (B, T), in nats.
    """
    rows = tf.reshape(hidden, [-1, hidden.shape[-1]])
    if half:
        run = _row_losses(tf.bfloat16, is_transposed, _kept_product if compiled_logits else _rounded_product)
    else:
        run = _row_losses(tf.float32, is_transposed, tf.matmul)
    return tf.reshape(run(rows, kernel, bias, tf.reshape(targets, [-1])), tf.shape(targets))


def _row_losses(dtype: tf.DType, is_transposed: bool, product: Callable[..., tf.Tensor]) -> Callable[..., tf.Tensor]:
    @tf.custom_gradient
    def run(rows: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        narrow_rows, narrow_kernel = tf.cast(rows, dtype), tf.cast(kernel, dtype)
        logits = tf.nn.bias_add(product(narrow_rows, narrow_kernel, transpose_b=is_transposed), bias)
        probabilities = tf.nn.softmax(logits)
        losses = _losses(logits, probabilities, targets)
        slopes = _slopes(probabilities, losses, targets, dtype)

        def gradient(d_losses: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, None]:
            scale = d_losses[:, None]
            d_rows = tf.matmul(slopes, narrow_kernel, transpose_b=not is_transposed)
            with tf.control_dependencies([d_rows]):  # The layers wait for it, and nobody for the two others.
                scaled = tf.cast(rows * scale, dtype)
            if is_transposed:
                d_kernel = tf.matmul(slopes, scaled, transpose_a=True)
                with tf.control_dependencies([d_kernel]):
                    d_bias = tf.matmul(tf.cast(d_losses[None], dtype), slopes)[0]
            else:  # The bias is one more row of the kernel, whose input is 1.
                both = tf.matmul(tf.concat([scaled, tf.cast(scale, dtype)], axis=1), slopes, transpose_a=True)
                d_kernel, d_bias = both[:-1], both[-1]
            d_rows = tf.cast(d_rows, rows.dtype) * scale
            return d_rows, tf.cast(d_kernel, kernel.dtype), tf.cast(d_bias, bias.dtype), None

        return losses, gradient

    return run


@tf.function(jit_compile=True, autograph=False)
def _kept_product(left: tf.Tensor, right: tf.Tensor, transpose_b: bool) -> tf.Tensor:
    """Float32 from bfloat16."""
    return tf.matmul(left, right, transpose_b=transpose_b, output_type=tf.float32)


def _rounded_product(left: tf.Tensor, right: tf.Tensor, transpose_b: bool) -> tf.Tensor:
    return tf.cast(tf.matmul(left, right, transpose_b=transpose_b), tf.float32)


def _losses(logits: tf.Tensor, probabilities: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Float32 (N,). Read from the probabilities, which takes N numbers of N V, while they are large enough for that."""
    shares = tf.gather(probabilities, targets, batch_dims=1)

    def from_logits() -> tf.Tensor:
        return tf.reduce_logsumexp(logits, axis=-1) - tf.gather(logits, targets, batch_dims=1)

    return tf.cond(tf.reduce_all(shares > LEAST_SHARE), lambda: -tf.math.log(shares), from_logits)


def _slopes(probabilities: tf.Tensor, losses: tf.Tensor, targets: tf.Tensor, dtype: tf.DType) -> tf.Tensor:
    """Gradients of the losses with respect to the logits, (N, V): made in the probabilities' place."""
    with tf.control_dependencies([losses]):  # They are read from the probabilities.
        positions = tf.stack([tf.range(tf.shape(targets)[0]), targets], axis=1)
        return tf.cast(tf.tensor_scatter_nd_sub(probabilities, positions, tf.ones_like(losses)), dtype)
