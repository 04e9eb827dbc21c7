"""Separate sequences of equal length, with one answer each, at the last step.

sequences     0 1 2 3 4 5 6        7 sequences, batch_size 3

stream 0      | 0 | 1 |            every stream has 7 // 3 = 2 whole sequences, and a window is one of them;
stream 1      | 2 | 3 |            sequence 6 fills no stream
stream 2      | 4 | 5 |
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnlab.data.batching import Streams
from rnnlab.errors import LabError


class Sequences(NamedTuple):
    """N sequences of L steps.

    Attributes:
        inputs: int32 (N, L) token ids, or float32 (N, L, F).
        answers: int32 (N,) labels, or float32 (N,) numbers: the targets of the last steps.
    """

    inputs: np.ndarray
    answers: np.ndarray

    def streams(self, batch_size: int) -> Streams:
        """The sequences one after another in `batch_size` parallel streams. Only the last step of each counts.

        Raises:
            ValueError: batch_size is below 1, or there are fewer sequences than streams.
        """
        count, length = self.inputs.shape[:2]
        if not 1 <= batch_size <= count:
            raise LabError(
                f"The batch size was {batch_size}, but must be from 1 to {count}, the number of sequences; change one "
                "of the two."
            )
        each = count // batch_size
        used = batch_size * each
        targets = np.zeros((used, length), self.answers.dtype)
        targets[:, -1] = self.answers[:used]
        weights = np.zeros((used, length), np.float32)
        weights[:, -1] = 1
        inputs = self.inputs[:used].reshape(batch_size, each * length, *self.inputs.shape[2:])
        rows = targets.reshape(batch_size, each * length)
        is_label = np.issubdtype(rows.dtype, np.integer)
        return Streams(inputs, rows if is_label else rows[..., np.newaxis], weights.reshape(batch_size, each * length))

    def all_in_streams(self, most: int) -> Streams:
        """The same in as many streams as leave no sequence out, at most `most` (>= 1)."""
        count = len(self.inputs)
        return self.streams(next(size for size in range(min(most, count), 0, -1) if count % size == 0))
