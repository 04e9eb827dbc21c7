"""The loss of a network on data that it does not learn from, at its present weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import tensorflow as tf

from rnnlab.data.batching import Batch
from rnnlab.models.graphs import Graphs
from rnnlab.models.network import Network, NetworkState
from rnnlab.training.loss import token_losses


class Means(NamedTuple):
    """What was measured over all windows so far, each step with its weight.

    Attributes:
        loss: as `token_losses` has it.
        accuracy: share of the steps at which the most probable label is right; 0 for a network without labels.
    """

    loss: float
    accuracy: float


class Evaluator:
    """Measures means over the steps that count.

    A bidirectional network reads every window by itself: the state that it ends with at the window's start is of no use
    to the next one.

    Args:
        network: measured without dropout.
        xla: compile with XLA, as its training is.
    """

    def __init__(self, network: Network, xla: bool):
        self.network = network
        self._compiled = Graphs(self._window, xla)

    def means(self, windows: Iterable[Batch], carry_state: bool = True) -> Iterator[Means]:
        """The means over all windows so far, after each: the last ones are the result.

        It is an iterator so that somebody who waits can do other things between the windows.

        Args:
            windows: at least one step of them counts.
            carry_state: start each window from the final state of the one before; otherwise from zeros.
        """
        total, right, count, state = 0.0, 0.0, 0.0, None
        for inputs, targets, weights in windows:
            if state is None or not carry_state or self.network.backward_cells:
                state = self.network.zero_state(inputs.shape[0])
            loss, correct, weight, state = self._compiled(inputs, targets, weights, state)
            total, right, count = total + float(loss), right + float(correct), count + float(weight)
            yield Means(total / count, right / count) if count else Means(0.0, 0.0)

    def loss(self, windows: Iterable[Batch], carry_state: bool = True) -> float:
        """The mean loss over all windows; NaN if there is none."""
        return [math.nan, *(means.loss for means in self.means(windows, carry_state))][-1]

    def _window(
        self, inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor, state: NetworkState
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, NetworkState]:
        lengths = _lengths(weights) if self.network.backward_cells else None
        outputs, state = self.network(inputs, state, lengths=lengths)
        loss = tf.reduce_sum(token_losses(outputs, targets) * weights)
        return loss, self._right(outputs, targets, weights), tf.reduce_sum(weights), state

    def _right(self, outputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        """The weight of the steps whose most probable label is right, a scalar."""
        if not self.network.tags:
            return tf.constant(0.0)
        is_right = tf.argmax(outputs, axis=-1, output_type=tf.int32) == targets
        return tf.reduce_sum(tf.where(is_right, weights, 0.0))


def _lengths(weights: tf.Tensor) -> tf.Tensor:
    """Steps up to the last one that counts, int32 (B,): the padding after it is not to be read backwards."""
    ends = tf.range(1, tf.shape(weights)[1] + 1)
    return tf.reduce_max(tf.where(weights > 0, ends, 0), axis=1)
