"""The loop over time: one cell, a whole sequence."""

from __future__ import annotations

import tensorflow as tf

from rnnlab.models.cells import RecurrentCell, State


def unroll(cell: RecurrentCell, inputs: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
    """Run a cell over a sequence; equal to calling it step by step. TF1: `dynamic_rnn`.

    Args:
        cell: a built cell of width H.
        inputs: float32 (B, T, F).
        state: the state before the first step, a tuple of (B, H).
    Returns:
        outputs float32 (B, T, H), and the state after the last step.
    """
    projected = tf.transpose(cell.project(inputs), [1, 0, 2])  # (T, B, gates * H): the loop reads one row a step
    # A length that is known when the graph is built bounds the loop, without which XLA cannot differentiate it.
    steps = projected.shape[0] if projected.shape[0] is not None else tf.shape(projected)[0]
    outputs = tf.TensorArray(tf.float32, size=steps, element_shape=(inputs.shape[0], cell.units))

    def body(t: tf.Tensor, state: State, outputs: tf.TensorArray) -> tuple[tf.Tensor, State, tf.TensorArray]:
        output, state = cell.recur(projected[t], state)
        return t + 1, state, outputs.write(t, output)

    _, state, outputs = tf.while_loop(
        lambda t, *_: t < steps, body, (tf.constant(0), tuple(state), outputs), maximum_iterations=steps
    )
    return tf.transpose(outputs.stack(), [1, 0, 2]), state
