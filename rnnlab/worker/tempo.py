"""How fast updates follow each other: as fast as they can, or slowly enough for a class to watch each of them."""

from __future__ import annotations

import time

LOOK_SECONDS = 0.05
"""Time between two looks for commands while the next update waits."""


class Tempo:
    """Says when the next updates may be done, and how many of them at once."""

    def __init__(self) -> None:
        self._per_second: float | None = None
        self._next = 0.0

    def set(self, per_second: float | None) -> None:
        """From now on at most so many updates a second; None is full speed."""
        self._per_second = per_second
        self._next = time.monotonic()

    @property
    def most_updates(self) -> int | None:
        """Of one call, so that what is seen is even; None is any number."""
        return None if self._per_second is None else max(1, int(self._per_second * LOOK_SECONDS))

    def wait(self) -> bool:
        """Whether the next updates must wait; if so, it has waited for a moment."""
        left = self._next - time.monotonic()
        if self._per_second is None or left <= 0:
            return False
        time.sleep(min(left, LOOK_SECONDS))
        return True

    def did(self, updates: int) -> None:
        """Count updates that were done."""
        if self._per_second is not None:
            # What took longer than it may is not caught up with: the next ones would come all at once.
            self._next = max(self._next, time.monotonic() - 1 / self._per_second) + updates / self._per_second
