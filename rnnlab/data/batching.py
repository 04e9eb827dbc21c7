"""One long sequence cut into parallel streams, and the streams cut into windows: the reader of `ptb_word_lm`.

sequence   0 1 2 3 4 5 6 7 8 9 10 11 12 13 14          15 tokens, batch_size 4

stream 0   0  1  2 |                                    batch_len = 15 // 4 = 3: every stream is a run of
stream 1   3  4  5 |  12 13 14 are lost: the rest of    neighbours, so the state that a stream ends one window
stream 2   6  7  8 |  15 / 4 fits no column             with is the right start for its next window
stream 3   9 10 11 |

inputs     0  1    targets   1  2                       the last token of a stream is nobody's input, its first
           3  4              4  5                       nobody's target; 2 -> 3 is never asked, because it
           6  7              7  8                       crosses from one stream into the next
           9 10             10 11

With num_steps 1, the windows are the columns, read from left to right. In general there are
(batch_len - 1) // num_steps whole windows. The steps that are left at the right end are lost in training. They must not
be lost when a loss is measured, so `padded_windows` pads the last window with steps of weight 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlab.config import counted
from rnnlab.errors import LabError


class Batch(NamedTuple):
    """The data of one training step.

    Weights of 0 mask steps that do not count. So padded sequences, and tasks with an answer only at the end, need no
    code of their own.

    Attributes:
        inputs: int32 (B, T) token ids, or float32 (B, T, 1) values of a series.
        targets: int32 (B, T), or float32 (B, T, 1).
        weights: float32 (B, T): 1 for a step that counts, 0 for padding and other steps that do not count.
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Streams:
    """A sequence cut into B parallel streams of L inputs and targets each; windows are read by index.

    Attributes:
        inputs: int32 (B, L) for text, float32 (B, L, 1) for a series.
        targets: the same shape and dtype.
        weights: float32 (B, L).
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: np.ndarray

    def num_windows(self, num_steps: int) -> int:
        """Number of whole windows: `ptb_producer`'s epoch_size, (batch_len - 1) // num_steps.

        Raises:
            ValueError: num_steps < 1, or not even one window fits; the message gives the length of a stream.
        """
        _check_num_steps(num_steps)
        batch_size, length = self.weights.shape
        if length < num_steps:
            raise LabError(
                f"A window of {counted(num_steps, 'step')} does not fit: the data cut into "
                f"{counted(batch_size, 'stream')} give {counted(length, 'step')} each; take a shorter window, a "
                "smaller batch or more data."
            )
        return length // num_steps

    def window(self, index: int, num_steps: int) -> Batch:
        """The whole window at `index`, counted from 0. An interrupted run can continue from any of them.

        Raises:
            ValueError: there is no such window; the message gives the range.
        """
        count = self.num_windows(num_steps)
        if not 0 <= index < count:
            raise LabError(f"The window was {index}, but must be from 0 to {count - 1}; take one of these.")
        return self._cut(index * num_steps, num_steps)

    def padded_windows(self, num_steps: int) -> Iterator[Batch]:
        """All windows, the last one padded with zeros of weight 0, so that every target counts exactly once.

        Yields:
            Batches of num_steps steps each, even if a stream is shorter.
        Raises:
            ValueError: num_steps < 1.
        """
        _check_num_steps(num_steps)
        for start in range(0, self.weights.shape[1], num_steps):
            yield Batch(*(_padded(array, num_steps) for array in self._cut(start, num_steps)))

    def _cut(self, start: int, num_steps: int) -> Batch:
        steps = slice(start, start + num_steps)
        return Batch(self.inputs[:, steps], self.targets[:, steps], self.weights[:, steps])


def cut_streams(sequence: np.ndarray, batch_size: int) -> Streams:
    """Cut a sequence into streams and shift the targets by one, exactly as `ptb_word_lm` reads its text.

    The windows of `cut_streams(np.arange(len(sequence)), batch_size)` are the positions of each batch in the sequence.

    Args:
        sequence: (N,) token ids of any whole-number dtype, or the values of a series in any float dtype.
        batch_size: number of parallel streams, >= 1.
    Returns:
        Streams of L = N // batch_size - 1 steps; the last N % batch_size items are not used.
    Raises:
        ValueError: batch_size < 1, a sequence that is not one-dimensional, or one too short for an input and a target
            in every stream.
    Source: reader.ptb_raw_data and reader.ptb_producer of TensorFlow's ptb_word_lm.
    """
    rows = stream_rows(sequence, batch_size)  # (B, batch_len) or (B, batch_len, 1)
    return Streams(rows[:, :-1], rows[:, 1:], np.ones((len(rows), rows.shape[1] - 1), np.float32))


def stream_rows(sequence: np.ndarray, batch_size: int) -> np.ndarray:
    """The sequence as `batch_size` rows of consecutive items, not yet split into inputs and targets; see `cut_streams`.

    Returns:
        int32 (B, batch_len), or float32 (B, batch_len, 1), with batch_len = N // batch_size >= 2.
    """
    sequence = np.asarray(sequence)
    if sequence.ndim != 1:
        raise LabError(f"The sequence has {sequence.ndim} dimensions, but must have one; flatten it first.")
    if batch_size < 1:
        raise LabError(f"The batch size was {batch_size}, but must be at least 1; take 1 or more streams.")
    batch_len = len(sequence) // batch_size
    if batch_len < 2:
        raise LabError(
            f"With {counted(len(sequence), 'token')}, {counted(batch_size, 'stream')} cannot be filled: each needs an "
            f"input and a target, so {2 * batch_size} tokens in all; take a smaller batch or more data."
        )
    rows = sequence[: batch_size * batch_len].reshape(batch_size, batch_len)
    if np.issubdtype(rows.dtype, np.integer):
        return rows.astype(np.int32, copy=False)
    return rows.astype(np.float32, copy=False)[..., np.newaxis]


def _padded(array: np.ndarray, num_steps: int) -> np.ndarray:
    missing = num_steps - array.shape[1]
    return np.pad(array, [(0, 0), (0, missing)] + [(0, 0)] * (array.ndim - 2)) if missing else array


def _check_num_steps(num_steps: int) -> None:
    if num_steps < 1:
        raise LabError(f"The window was {num_steps} steps, but must be at least 1; take 1 or more.")
