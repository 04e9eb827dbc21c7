"""Whose run comes next: the queue goes round the owners, so that nobody's twenty runs keep everybody else out."""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence

from rnnlab.store.run import Run

TURN_SECONDS = 10.0
"""How long a run works at least before it steps back for somebody who has none at work."""


def fair_order(queued: Sequence[Run], at_work: Iterable[Run], served: Sequence[str] = ()) -> list[Run]:
    """The queued runs in the order in which they will be begun.

    The next one is always that of the owner who has the fewest runs at work or before it; of equals, that of the owner
    who was given a worker longest ago, or never; of one owner's runs, the one that was queued first.

    Args:
        queued: in the order in which they were queued.
        at_work: the runs that workers have.
        served: the owners in the order in which they were last given a worker, as far as it is known.
    """
    counts = Counter(run.owner for run in at_work)
    turns = {owner: turn for turn, owner in enumerate(served, start=1)}
    waiting: dict[str, deque[tuple[int, Run]]] = {}
    for position, run in enumerate(queued):
        waiting.setdefault(run.owner, deque()).append((position, run))
    order = []
    for turn in range(len(served) + 1, len(served) + len(queued) + 1):
        owner = min(waiting, key=lambda owner: (counts[owner], turns.get(owner, 0), waiting[owner][0][0]))
        order.append(waiting[owner].popleft()[1])
        counts[owner], turns[owner] = counts[owner] + 1, turn
        if not waiting[owner]:
            del waiting[owner]
    return order


def who_yields(waiting: Sequence[Run], at_work: Sequence[tuple[Run, float]], turn: float) -> Run | None:
    """The run that has had its turn while somebody waits who has no run at work at all; None if nobody needs to.

    Args:
        waiting: the runs for which there is no worker.
        at_work: the runs that workers have, each with the seconds since it was given to one.
        turn: seconds that each run may work at least.
    """
    counts = Counter(run.owner for run, _ in at_work)
    if all(counts[run.owner] for run in waiting):
        return None
    done = [(counts[run.owner], seconds, run) for run, seconds in at_work if seconds >= turn]
    return max(done, key=lambda one: one[:2])[2] if done else None


def seconds_to_wait(
    position: int, at_work: Iterable[float | None], typical: float | None, turn: float = math.inf
) -> float | None:
    """How long until a queued run is begun, if nobody queues or ends anything meanwhile.

    Args:
        position: its place in the queue, from 1.
        at_work: seconds that each run at work still needs, None where that is not known. Each has one worker, and
            there are no others.
        typical: seconds that a run needs here; None where that is not known.
        turn: seconds after which a worker becomes free in any case.
    Returns:
        Seconds; None where they are not known.
    """
    whole = math.inf if typical is None else typical
    free = [min(whole if left is None else left, turn) for left in at_work]
    if not free:
        return None
    heapq.heapify(free)
    for _ in range(position - 1):
        heapq.heapreplace(free, free[0] + min(whole, turn))
    return free[0] if math.isfinite(free[0]) else None
