"""On a GPU: the plain LSTM and the GRU as Keras's layers, which use cuDNN's kernels for a whole sequence."""

from __future__ import annotations

import weakref
from functools import cache

import keras
import tensorflow as tf

from rnnlab.models.cells import LSTMCell, RecurrentCell, ResetAfterGRUCell, State
from rnnlab.models.products import PLAIN, Arithmetic
from rnnlab.models.unrolling import unroll

_layers: weakref.WeakKeyDictionary[RecurrentCell, keras.layers.RNN] = weakref.WeakKeyDictionary()


def unroll_fast(
    cell: RecurrentCell,
    inputs: tf.Tensor,
    state: State,
    lengths: tf.Tensor | None = None,
    noise: tf.Tensor | None = None,
    arithmetic: Arithmetic = PLAIN,
) -> tuple[tf.Tensor, State]:
    """The same as `unroll`, in the fastest way for this machine and this cell."""
    if _has_gpu() and lengths is None and noise is None and has_keras_layer(cell):
        return unroll_by_keras(cell, inputs, state)
    return unroll(cell, inputs, state, lengths, noise, arithmetic)


def has_keras_layer(cell: RecurrentCell) -> bool:
    """Whether Keras has an equal layer that cuDNN supports. A variant of the cell computes something else."""
    return type(cell) is ResetAfterGRUCell or (type(cell) is LSTMCell and cell.is_plain)


def unroll_by_keras(cell: RecurrentCell, inputs: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
    """The same as `unroll`, computed by Keras's layer with the cell's own weights.

    Args:
        cell: one that `has_keras_layer`.
        inputs, state: as in `unroll`.
    """
    outputs, *after = _keras_layer(cell, inputs.shape[-1])(inputs, initial_state=list(state))
    return outputs, tuple(after)


def _keras_layer(cell: RecurrentCell, features: int) -> keras.layers.RNN:
    if cell not in _layers:
        kind = keras.layers.LSTM if isinstance(cell, LSTMCell) else keras.layers.GRU
        layer = kind(cell.units, return_sequences=True, return_state=True)
        layer.build((None, None, features))
        # The layer computes with our weights in place of its own, so gradients and updates reach ours.
        for name in ("kernel", "recurrent_kernel", "bias"):
            object.__setattr__(layer.cell, name, getattr(cell, name))
        _layers[cell] = layer
    return _layers[cell]


@cache
def _has_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))
