"""Dropout that never travels along time."""

from __future__ import annotations

import tensorflow as tf


def drop(values: tf.Tensor, rate: float, seed: tf.Tensor, place: int) -> tf.Tensor:
    """Set a share of the values to zero and scale the others up, so that the mean stays.

    Applied to whole sequences between the layers, outside the loop over time: the path from one state to the next
    carries no noise, and information from any time crosses dropout once a layer and once at the input (L + 1 times).

    Args:
        values: float32, any shape; every element has a mask of its own.
        rate: share that is dropped, 0 <= rate < 1; 0 returns the values untouched.
        seed: int32 (2,), another one for every step; the same seed gives the same mask, which makes a resumed run equal
            to an undisturbed one.
        place: which of the network's dropouts this is; each has masks of its own.
    Source: Srivastava 2014; where it goes: Zaremba 2014. TF1: DropoutWrapper.
    """
    if rate == 0:
        return values
    keep = 1.0 - rate
    noise = tf.random.stateless_uniform(tf.shape(values), tf.random.experimental.stateless_fold_in(seed, place))
    return tf.where(noise < keep, values / keep, 0.0)
