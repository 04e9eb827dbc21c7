"""The four ways to run a cell over a whole sequence.

| here | TF1 | when |
| --- | --- | --- |
| `unroll` | `dynamic_rnn` | nearly always: one loop, any length |
| `unroll_static` | `static_rnn` | short windows: a copy of the cell for each step, which takes longer to compile |
| `unroll_state_saving` | `static_state_saving_rnn` | windows of many streams, in any order: states are saved by stream
| | `unroll_bidirectional` | `bidirectional_dynamic_rnn` | tagging: later steps are known too |

The first three give the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.models.cells import RecurrentCell, State
from rnnlab.models.products import PLAIN, Arithmetic
from rnnlab.models.state_saver import StateSaver
from rnnlab.models.through_time import Window, run_through_time, values_of, where, with_noise


def unroll(
    cell: RecurrentCell,
    inputs: tf.Tensor,
    state: State,
    lengths: tf.Tensor | None = None,
    noise: tf.Tensor | None = None,
    arithmetic: Arithmetic = PLAIN,
) -> tuple[tf.Tensor, State]:
    """Run a cell over a sequence. The result equals calling the cell step by step. TF1: `dynamic_rnn`.

    Args:
        cell: a built cell of output width P.
        inputs: float32 (B, T, F), T >= 1.
        state: the state before the first step.
        lengths: int32 (B,), valid steps of each sequence, 0 to T; None for all. TF1: `sequence_length`.
        noise: float32 (B, T, P), factors on the h that each step reads (state dropout); None for none.
        arithmetic: how the products are computed.
    Returns:
        outputs float32 (B, T, P), zeros past the end of a sequence; and the state after each sequence's last valid
        step.
    """
    window = Window(
        cell.project_inputs(_time_first(inputs), arithmetic.window),
        None if lengths is None else _time_first(_within(inputs, lengths)),
        None if noise is None else _time_first(noise),
    )
    h, after = run_through_time(cell, window, state, arithmetic)
    return _outputs(_time_first(h), inputs, lengths), after


def unroll_static(
    cell: RecurrentCell,
    inputs: tf.Tensor,
    state: State,
    lengths: tf.Tensor | None = None,
    noise: tf.Tensor | None = None,
    arithmetic: Arithmetic = PLAIN,
) -> tuple[tf.Tensor, State]:
    """The same as `unroll`, with one copy of the cell in the graph for each step. TF1: `static_rnn`.

    Args and returns: as `unroll`; T must be known when the graph is built.
    """
    projected = cell.project_inputs(inputs, arithmetic.window)
    valid = None if lengths is None else _time_first(_within(inputs, lengths))
    weights, combine_weights = (values_of(variables) for variables in (cell.state_weights, cell.combine_weights))
    outputs = []
    for t in range(inputs.shape[1]):
        fed = with_noise(state, None if noise is None else noise[:, t])
        after = cell.combine(projected[:, t], cell.project_state(fed[0], weights), fed, combine_weights)
        state = where(_at(valid, t), after, state)
        outputs.append(state[0])
    return _outputs(tf.stack(outputs, axis=1), inputs, lengths), state


def unroll_state_saving(
    cell: RecurrentCell,
    inputs: tf.Tensor,
    keys: Sequence[str],
    saver: StateSaver,
    name: str,
    lengths: tf.Tensor | None = None,
    noise: tf.Tensor | None = None,
) -> tf.Tensor:
    """Continue each stream from its saved state, in any row of the batch. TF1: `static_state_saving_rnn`.

    Args:
        cell, inputs, lengths, noise: as in `unroll`.
        keys: the B streams' names; a stream that the saver does not know starts from zeros.
        saver: has the states before, and saves the states after.
        name: of the layer.
    Returns:
        outputs float32 (B, T, P).
    Raises:
        ValueError: the numbers of keys and rows differ, or a key occurs twice.
    """
    if len(keys) != len(inputs):
        raise LabError(f"There are {len(inputs)} rows and {len(keys)} keys; please give one key for each row.")
    if len(set(keys)) != len(keys):
        raise LabError(f"The keys were {', '.join(keys)}, but a stream can be in one row only; please name it once.")
    state = saver.states(keys, name, cell.state_size)
    outputs, after = unroll(cell, inputs, state, lengths, noise)
    saver.save_state(keys, name, after)
    return outputs


def unroll_bidirectional(
    forward: RecurrentCell,
    backward: RecurrentCell,
    inputs: tf.Tensor,
    state: tuple[State, State],
    lengths: tf.Tensor | None = None,
    noise: tuple[tf.Tensor, tf.Tensor] | None = None,
    arithmetic: Arithmetic = PLAIN,
) -> tuple[tf.Tensor, tuple[State, State]]:
    """Two cells, one of which reads the sequence from its end to its start. TF1: `bidirectional_dynamic_rnn`.

    Args:
        forward, backward: built cells of output widths P and Q.
        inputs, lengths: as in `unroll`; with lengths, the backward cell starts at each sequence's own end.
        state: both cells' states before their first steps.
        noise: both cells' factors, each in the order in which the cell reads.
        arithmetic: how the products are computed.
    Returns:
        outputs float32 (B, T, P + Q), side by side in the order of the inputs; both cells' last states.
    Source: Schuster 1997.
    """
    noises = noise or (None, None)
    ahead, after_ahead = unroll(forward, inputs, state[0], lengths, noises[0], arithmetic)
    back, after_back = unroll(backward, _reversed(inputs, lengths), state[1], lengths, noises[1], arithmetic)
    return tf.concat([ahead, _reversed(back, lengths)], axis=-1), (after_ahead, after_back)


# --- common to all ways ---------------------------------------------------------------------------------------------


def _time_first(values: tf.Tensor) -> tf.Tensor:
    """(B, T, ...) <-> (T, B, ...)."""
    return tf.transpose(values, [1, 0, 2])


def _within(inputs: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Which steps are valid: bool (B, T, 1)."""
    return tf.sequence_mask(lengths, tf.shape(inputs)[1])[..., None]


def _outputs(h: tf.Tensor, inputs: tf.Tensor, lengths: tf.Tensor | None) -> tf.Tensor:
    """h (B, T, P) with zeros past the ends."""
    return h if lengths is None else tf.where(_within(inputs, lengths), h, 0.0)


def _reversed(values: tf.Tensor, lengths: tf.Tensor | None) -> tf.Tensor:
    """(B, T, ...) with each sequence reversed; the padding past its end stays there."""
    return tf.reverse(values, [1]) if lengths is None else tf.reverse_sequence(values, lengths, seq_axis=1)


def _at(values: tf.Tensor | None, t: tf.Tensor) -> tf.Tensor | None:
    return None if values is None else values[t]
