"""The one loop in which a network's outputs come back as its inputs.

    t       0          1          2
    reads   first      x1         x2
    says    y0         y1         y2
    rule    y0 -> x1   y1 -> x2   y2 -> x3

The rule makes the next input. Running free, drawing words, reading primes of different lengths, and feedback in
training are rules. What a step does with the state is the business of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

Step = Callable[[tf.Tensor, tf.Tensor, Any], tuple[tf.Tensor, Any]]
"""One time step: t, inputs (B, ...), state -> outputs (B, O), state."""

Rule = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""The next inputs, from the time step and its outputs: t, (B, O) -> (B, ...)."""


class Looped(NamedTuple):
    """What a loop leaves.

    Attributes:
        steps: int32 scalar, the number of steps that it took.
        state: after the last step.
        kept: the arrays that were given to it, with what was written.
    """

    steps: tf.Tensor
    state: Any
    kept: tuple[tf.TensorArray, ...]


def own_outputs(t: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """The rule of running free: the next input is the output."""
    return outputs


def loop_back(
    step: Step,
    rule: Rule,
    first: tf.Tensor,
    state: Any,
    steps: int | tf.Tensor,
    kept: tuple[tf.TensorArray, ...] = (),
    ends: Rule | None = None,
) -> Looped:
    """Step through time, each next input being what the rule makes of the outputs.

    The next input is carried beside the array that it is written to: if it were read from there, XLA would fetch it
    again in each operation that it fuses it into.

    Args:
        step: one time step.
        rule: makes the next inputs, in the shape and dtype of `first`.
        first: the inputs of step 0: float32 (B, F) or int32 (B,).
        state: before step 0; any nest of tensors and arrays that `step` understands.
        steps: how many to take. Give a number if it is known, because the gradient of a compiled loop needs it.
        kept: arrays that the next inputs are written to, at most one; see `array_of`.
        ends: which streams have ended with these next inputs, t, (B, ...) -> bool (B,). The loop ends with the last of
            them. None: it takes all its steps.
    """

    def body(t: tf.Tensor, value: tf.Tensor, state: Any, ended: tuple, kept: tuple) -> tuple:
        outputs, state = step(t, value, state)
        value = rule(t, outputs)
        ended = tuple(before | ends(t, value) for before in ended) if ends else ()
        return t + 1, value, state, ended, tuple(array.write(t, value) for array in kept)

    def goes_on(t: tf.Tensor, value: tf.Tensor, state: Any, ended: tuple, kept: tuple) -> tf.Tensor:
        return (t < steps) & ~tf.reduce_all(ended[0]) if ends else t < steps

    ended = (tf.zeros(tf.shape(first)[:1], tf.bool),) if ends else ()
    most = steps if isinstance(steps, int) else None
    start = (tf.constant(0), first, state, ended, kept)
    t, _, state, _, kept = tf.while_loop(goes_on, body, start, maximum_iterations=most)
    return Looped(t, state, kept)


def array_of(value: tf.Tensor, size: int | tf.Tensor | None) -> tf.TensorArray:
    """An empty array for `size` values like this one; None: it grows.

    Args:
        value: (B, ...).
    """
    grows = size is None
    return tf.TensorArray(value.dtype, size=0 if grows else size, dynamic_size=grows, element_shape=value.shape)


def batch_first(stacked: tf.Tensor) -> tf.Tensor:
    """(T, B, ...) as (B, T, ...)."""
    return tf.transpose(stacked, [1, 0, *range(2, stacked.shape.rank)])
