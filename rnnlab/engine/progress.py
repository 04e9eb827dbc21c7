"""How the progress of a long task travels from its worker to the process that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rnnlab.errors import Cancelled

T = TypeVar("T")

PROGRESS = "rnnlab-progress"
"""The topic of Dask's events in which a worker gives a task's key, how many parts are done, and how many there are."""


def with_progress(function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a worker. Its last argument, a `progress(done, total)`, reports to whoever waits.

    It raises `Cancelled` when nobody waits any more. Dask tells the worker, but does not stop a task that has begun.
    """
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def progress(done: int, total: int) -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise Cancelled()
        worker.log_event(PROGRESS, (key, done, total))

    return function(*arguments, progress)
