"""Dropout: where noise may go, and where it may not."""

from __future__ import annotations

import tensorflow as tf

INPUT_PLACE = 0
STATE_PLACE = 1000
"""Places of a network's dropouts: 0 for its input, 1, 2, ... for the outputs of its layers, 1000, 1001, ... for the
states of its layers, and 2000, 2001, ... for those of the cells that read backwards."""

BACKWARD_STATE_PLACE = 2000


def mask(shape: tf.Tensor, rate: float, seed: tf.Tensor, place: int, variational: bool = False) -> tf.Tensor:
    """Factors that set a share of some values to zero and scale the others up, so that the mean stays.

    Args:
        shape: int32 (3,), (B, T, F).
        rate: share that is dropped, 0 <= rate < 1.
        seed: int32 (2,), another one for every step; the same seed gives the same mask, which makes a resumed run equal
            to an undisturbed one.
        place: which of the network's dropouts this is; each has masks of its own.
        variational: one mask for all time steps of a stream, instead of one for each.
    Returns:
        float32 (B, T, F) of 0 and 1 / (1 - rate); (B, 1, F) if it is variational.
    Source: Srivastava 2014; variational: Gal 2016.
    """
    batch, steps, features = tf.unstack(shape)
    drawn = tf.stack([batch, 1 if variational else steps, features])
    noise = tf.random.stateless_uniform(drawn, tf.random.experimental.stateless_fold_in(seed, place))
    return tf.where(noise < 1.0 - rate, 1.0 / (1.0 - rate), 0.0)


def drop(values: tf.Tensor, rate: float, seed: tf.Tensor, place: int, variational: bool = False) -> tf.Tensor:
    """Apply a mask to a whole sequence between two layers.

    It is outside the loop over time: the path from one state to the next carries no noise, and information from any
    time crosses dropout once a layer and once at the input (L + 1 times).

    Args:
        values: float32 (B, T, F); a rate of 0 returns them untouched.
        rate, seed, place, variational: see `mask`.
    Source: Zaremba 2014. TF1: DropoutWrapper, `input_keep_prob` and `output_keep_prob`.
    """
    return values * mask(tf.shape(values), rate, seed, place, variational) if rate else values


def time_mask(
    inputs: tf.Tensor, width: int, rate: float, seed: tf.Tensor, place: int, variational: bool = False
) -> tf.Tensor | None:
    """A mask for something of another width than the sequence that it goes with, such as the h that each step reads.

    Args:
        inputs: (B, T, ...), the sequence.
        width: of what is dropped.
        rate, seed, place, variational: see `mask`.
    Returns:
        float32 (B, T, width), or None where nothing is dropped.
    Source: for states Semeniuta 2016 and Gal 2016. TF1: DropoutWrapper, `state_keep_prob`, which spares the memory c.
    """
    if not rate:
        return None
    batch, steps = tf.unstack(tf.shape(inputs)[:2])
    shape = tf.stack([batch, steps, width])
    return tf.broadcast_to(mask(shape, rate, seed, place, variational), shape)
