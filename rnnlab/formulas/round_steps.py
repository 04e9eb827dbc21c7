"""The steps 0, 1, 2, 5, 10, 20, 50, 100, ...: close where a network changes fast, and few of however many there are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator


def round_steps() -> Iterator[int]:
    """All of them, ascending, without end."""
    yield 0
    for power in itertools.count():
        for first in (1, 2, 5):
            yield first * 10**power


def is_round(step: int) -> bool:
    """Whether a step >= 0 is one of them."""
    return step == next(one for one in round_steps() if one >= step)


def next_round(step: int) -> int:
    """The first of them after a step >= 0."""
    return next(one for one in round_steps() if one > step)
