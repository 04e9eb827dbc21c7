"""The adding problem: two of T numbers are marked. At the last step the network should answer their sum.

    number   0.4  0.9  0.2  0.7  0.1  0.6       T = 6; the answer is 0.9 + 0.1 = 1.0
    mark      0    1    0    0    1    0

The numbers are uniform in [0, 1). One mark is in the first half, and the other one is in the second half. The mean of
the sum is 1, and its variance is 2 / 12. So always answering 1.0 has a mean squared error of 1/6 (`LAZY_ERROR`).

Source: Hochreiter and Schmidhuber 1997, experiment 4; the form is that of Arjovsky 2016.
"""

from __future__ import annotations

import numpy as np

from rnnlab.config import MemoryData
from rnnlab.data.sequences import Sequences


def sequences(data: MemoryData, count: int, random: np.random.Generator) -> Sequences:
    """Some sequences.

    Args:
        data: the time lag T.
        count: of sequences, >= 1.
        random: decides numbers and marks.
    Returns:
        float32 inputs (count, T, 2), each step a number and its mark; and answers float32 (count,).
    """
    length = data.length
    numbers = random.random((count, length), np.float32)
    marks = np.zeros_like(numbers)
    rows, half = np.arange(count), length // 2
    marks[rows, random.integers(0, half, count)] = 1
    marks[rows, random.integers(half, length, count)] = 1
    return Sequences(np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1))
