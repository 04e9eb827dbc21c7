"""The loss of a network on data that it does not learn from, at its present weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import tensorflow as tf

from rnnlab.data.batching import Batch
from rnnlab.models.network import Network, NetworkState
from rnnlab.training.loss import token_losses


class Evaluator:
    """Measures mean losses, weighted by the steps that count, with the state carried from window to window.

    A bidirectional network reads every window by itself: the state that it ends with at the window's start is of no use
    to the next one.

    Args:
        network: measured without dropout.
        xla: compile with XLA, as its training is.
    """

    def __init__(self, network: Network, xla: bool):
        self.network = network
        self._compiled = tf.function(self._window, jit_compile=xla, autograph=False)

    def losses(self, windows: Iterable[Batch]) -> Iterator[float]:
        """The mean loss over all windows so far, after each: the last one is the result.

        It is an iterator so that somebody who waits can do other things between the windows.
        """
        total, count, state = 0.0, 0.0, None
        for inputs, targets, weights in windows:
            if state is None or self.network.backward_cells:
                state = self.network.zero_state(inputs.shape[0])
            loss, weight, state = self._compiled(inputs, targets, weights, state)
            total, count = total + float(loss), count + float(weight)
            yield total / count if count else 0.0

    def loss(self, windows: Iterable[Batch]) -> float:
        """The mean loss over all windows; NaN if there is none."""
        return [math.nan, *self.losses(windows)][-1]

    def _window(
        self, inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor, state: NetworkState
    ) -> tuple[tf.Tensor, tf.Tensor, NetworkState]:
        lengths = _lengths(weights) if self.network.backward_cells else None
        outputs, state = self.network(inputs, state, lengths=lengths)
        return tf.reduce_sum(token_losses(outputs, targets) * weights), tf.reduce_sum(weights), state


def _lengths(weights: tf.Tensor) -> tf.Tensor:
    """Steps up to the last one that counts, int32 (B,): the padding after it is not to be read backwards."""
    ends = tf.range(1, tf.shape(weights)[1] + 1)
    return tf.reduce_max(tf.where(weights > 0, ends, 0), axis=1)
