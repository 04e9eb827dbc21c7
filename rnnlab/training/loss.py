"""What training makes small, and what the curves show."""

from __future__ import annotations

import tensorflow as tf


def token_losses(outputs: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """The loss of every time step by itself: float32 (B, T).

    Args:
        outputs: logits (B, T, V) for text, values (B, T, F) for a series.
        targets: int32 (B, T) token ids, or float32 (B, T, F).
    Returns:
        Cross-entropy in nats for text, squared error averaged over F for a series. TF1:
        `sequence_loss_by_example` before its average.
    """
    if targets.dtype.is_integer:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs)
    return tf.reduce_mean(tf.square(outputs - targets), axis=-1)


def sequence_loss_by_example(
    logits: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor, average_across_timesteps: bool = True
) -> tf.Tensor:
    """The loss of every example: the weighted cross-entropy of its steps.

    ptb_word_lm gives every token as an example of one step with weight 1, and its cost is the sum of them all over the
    number of streams: `objective(token_losses(...), weights, "sum_over_time")`.

    Args:
        logits: float32 (B, T, V).
        targets: int32 (B, T), token ids; a tensor or an array.
        weights: float32 (B, T), >= 0: what a step counts, 0 where it is padding.
        average_across_timesteps: divide by the sum of the example's weights, which gives nats per token; else the sum.
    Returns:
        float32 (B,), in nats. An example of nothing but padding has loss 0.
    Source: TF1's `tf.contrib.legacy_seq2seq.sequence_loss_by_example`.
    """
    losses = tf.reduce_sum(token_losses(logits, tf.convert_to_tensor(targets)) * weights, axis=1)
    if not average_across_timesteps:
        return losses
    return losses / (tf.reduce_sum(weights, axis=1) + 1e-12)  # As TF1: nothing but padding must not divide by 0.


def weighted_mean(losses: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Mean over the steps that count, a scalar; 0 when none counts.

    Args:
        losses: float32 (B, T).
        weights: float32 (B, T), 0 where a step is padding.
    """
    return tf.math.divide_no_nan(tf.reduce_sum(losses * weights), tf.reduce_sum(weights))


def objective(losses: tf.Tensor, weights: tf.Tensor, loss_scale: str) -> tf.Tensor:
    """The scalar that the gradient is taken of.

    Args:
        losses, weights: float32 (B, T).
        loss_scale: `mean` over the steps that count, or `sum_over_time`: summed over time and averaged over the B
            streams, as in ptb_word_lm, where learning rate 1 and clip norm 5 belong to this scale.
    """
    if loss_scale == "mean":
        return weighted_mean(losses, weights)
    return tf.reduce_sum(losses * weights) / tf.cast(tf.shape(losses)[0], losses.dtype)
