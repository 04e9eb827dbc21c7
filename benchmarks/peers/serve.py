"""The contestant's end of the line to its parent; see `benchmarks/contestants.py`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

CHECKED_STEPS = 4
"""First steps whose results the parent compares with those of the others."""


class Job(NamedTuple):
    """A task that is ready to be done.

    Attributes:
        run: does at least so many steps. Training returns the loss of each update before it changed the weights, or
            their mean; generation what the first stream generated.
        granule: the fewest steps that `run` does.
    """

    run: Callable[[int], list[float]]
    granule: int = 1


def serve(prepare: Callable[..., Job]) -> None:
    """Prepare all tasks, say so, and then do whichever the parent asks for, until it closes the line.

    Args:
        prepare: makes a job of a task's fields, the number of threads and the contestant's way.
    """
    answer = _private_output()
    tasks, threads, way = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    jobs = [prepare(task, threads, way) for task in tasks]
    answer([{"granule": job.granule, "first": _first(job, task)} for job, task in zip(jobs, tasks, strict=True)])
    for line in sys.stdin:
        number, steps = map(int, line.split())
        began = time.perf_counter()
        jobs[number].run(steps)
        answer(time.perf_counter() - began)


def _first(job: Job, task: dict[str, Any]) -> list[float]:
    """What the first steps gave, after which everything is compiled."""
    results = job.run(max(CHECKED_STEPS, job.granule))
    if task.get("task") == "train":
        return [sum(results) / len(results)]
    return results[:CHECKED_STEPS]


def _private_output() -> Callable[[Any], None]:
    """A line to the parent that no library can write into: what they print goes to standard error."""
    line = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def answer(value: Any) -> None:
        line.write(json.dumps(value) + "\n")
        line.flush()

    return answer
