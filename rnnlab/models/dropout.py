"""Dropout on the inputs and outputs of layers, outside the recurrent connections; and on states."""

from __future__ import annotations

import tensorflow as tf

INPUT_SITE = 0
STATE_SITE = 1000
"""Sites of a network's dropout, which give each one masks of its own: 0 for its input, 1, 2, ... for the outputs of its
layers, 1000, 1001, ... for the states of its layers, and 2000, 2001, ... for the states of its backward cells."""

BACKWARD_STATE_SITE = 2000


def mask(shape: tf.Tensor, rate: float, seed: tf.Tensor, site: int, variational: bool = False) -> tf.Tensor:
    """Factors that set a share of the values to zero and scale up the others, so that the mean stays the same.

    Args:
        shape: int32 (3,), (B, T, F).
        rate: share that is dropped, 0 <= rate < 1.
        seed: int32 (2,), a new one for every step. The same seed gives the same mask, so a resumed run equals an
            undisturbed one.
        site: its number; each site has masks of its own, see `INPUT_SITE`.
        variational: one mask for all time steps of a stream, instead of one for each.
    Returns:
        float32 (B, T, F) of 0 and 1 / (1 - rate); (B, 1, F) if it is variational.
    Source: Srivastava 2014; variational: Gal 2016.
    """
    batch, steps, features = tf.unstack(shape)
    drawn = tf.stack([batch, 1 if variational else steps, features])
    noise = tf.random.stateless_uniform(drawn, tf.random.experimental.stateless_fold_in(seed, site))
    return tf.where(noise < 1.0 - rate, 1.0 / (1.0 - rate), 0.0)


def drop(values: tf.Tensor, rate: float, seed: tf.Tensor, site: int, variational: bool = False) -> tf.Tensor:
    """Apply a mask to a whole sequence between two layers.

    It acts outside the loop over time: the path from one state to the next has no noise. Information from any time step
    crosses dropout once at the input and once at each of the L layers, L + 1 times in all.

    Args:
        values: float32 (B, T, F); a rate of 0 returns them unchanged.
        rate, seed, site, variational: see `mask`.
    Source: Zaremba 2014. TF1: DropoutWrapper, `input_keep_prob` and `output_keep_prob`.
    """
    return values * mask(tf.shape(values), rate, seed, site, variational) if rate else values


def time_mask(
    inputs: tf.Tensor, width: int, rate: float, seed: tf.Tensor, site: int, variational: bool = False
) -> tf.Tensor | None:
    """A mask whose width differs from that of the sequence, such as the mask of the h that each step reads.

    Args:
        inputs: (B, T, ...), the sequence.
        width: of the mask.
        rate, seed, site, variational: see `mask`.
    Returns:
        float32 (B, T, width), or None if the rate is 0.
    Source: for states Semeniuta 2016 and Gal 2016. TF1: DropoutWrapper, `state_keep_prob`, which leaves the memory c
    alone.
    """
    if not rate:
        return None
    batch, steps = tf.unstack(tf.shape(inputs)[:2])
    shape = tf.stack([batch, steps, width])
    return tf.broadcast_to(mask(shape, rate, seed, site, variational), shape)
