"""How often to do something that costs time, such as saving weights, while the real work goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Throttle:
    """Says when something is due again: regularly, but never for more than a share of the time.

    A turn that was held up once, by a busy machine or disk, does not count for more than the one before it.

    Args:
        seconds: the shortest time between two turns.
        share: the most of all time that the turns may take.
        first: seconds until the first turn; `seconds` when it is None.
        untimed: turns at the start whose cost does not count, because they also compile or load something once.
        clock: says the time in seconds; it only goes forward.
    """

    def __init__(
        self,
        seconds: float,
        share: float = 1.0,
        first: float | None = None,
        untimed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._clock = clock
        self._seconds = seconds
        self._share = share
        self._untimed = untimed
        self._cost_before = math.inf
        self._next = self._clock() + (seconds if first is None else first)

    def is_due(self) -> bool:
        """Whether it is time for a turn."""
        return self._clock() >= self._next

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do it now; how long it takes decides when it is due again."""
        began = self._clock()
        yield
        now = self._clock()
        self._untimed -= 1
        cost = 0.0 if self._untimed >= 0 else now - began
        self._next = now + max(self._seconds, min(cost, self._cost_before) / self._share)
        if self._untimed < 0:
            self._cost_before = cost
