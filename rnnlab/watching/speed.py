"""How fast a run goes and how long it will take, from looking at it now and then."""

from __future__ import annotations

from collections import deque

from rnnlab.store.run import Run

WINDOW_SECONDS = 5.0
"""The speed of the last few seconds: long enough to be steady, short enough to notice a busy machine."""


class Speed:
    """Remembers where a run was at the last looks."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int, int]] = deque()

    def look(self, run: Run, now: float) -> None:
        """Remember the run's step.

        Args:
            now: seconds on any clock that only goes forward.
        """
        if self._seen and self._seen[-1][2] != run.execution:
            self._seen.clear()
        if run.is_live:
            self._seen.append((now, run.step, run.execution))
        while len(self._seen) > 2 and now - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def steps_per_second(self) -> float | None:
        """None until the run was seen to move."""
        if len(self._seen) < 2:
            return None
        (began, first, _), (ended, last, _) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - began) if last > first and ended > began else None

    def seconds_left(self, run: Run) -> float | None:
        """Seconds to the last step at the present speed; None when it is not known."""
        speed = self.steps_per_second
        return (run.total_steps - run.step) / speed if speed and run.total_steps is not None else None
