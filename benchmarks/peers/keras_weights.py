"""The first weights for Keras's own layers."""

from __future__ import annotations

from collections.abc import Iterable

import keras

from benchmarks.work import Work, first_weights
from rnnlab.config import counted


def load(layers: Iterable[keras.Layer], work: Work) -> None:
    """Give the layers that have weights those of `first_weights`, which are in the same order and layout."""
    weights = list(first_weights(work).values())
    for layer in layers:
        count = len(layer.trainable_weights)
        for variable, value in zip(layer.trainable_weights, weights[:count], strict=True):
            variable.assign(value)
        del weights[:count]
    if weights:
        raise ValueError(f"{counted(len(weights), 'weight')} too many; the layers must be those of the work, in order.")
