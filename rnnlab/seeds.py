"""The seed of each weight, made from the seed of a run. A script can be written with them, without TensorFlow."""

from __future__ import annotations

import numpy as np

POSITIONS = {"kernel": 0, "recurrent_kernel": 1, "peepholes": 2, "projection": 3}
"""The position of each matrix of a cell among the seeds of the cell."""


def part_seeds(seed: int, count: int) -> list[int]:
    """A seed for each part of a network: embedding, head, and each cell."""
    return [int(part) for part in np.random.SeedSequence(seed).generate_state(count) >> 1]


def matrix_seed(cell_seed: int, name: str) -> int:
    """The seed of a matrix of a cell, a key of `POSITIONS`."""
    position = POSITIONS[name]
    return int(np.random.SeedSequence(cell_seed).generate_state(position + 1)[position] >> 1)
