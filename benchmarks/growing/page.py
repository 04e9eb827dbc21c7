"""Memory of the page's process while a screen looks again and again at a run that trains."""

from __future__ import annotations

import psutil

from benchmarks.live_run import LiveRun
from benchmarks.visitor import Visitor
from tests.support.server import LabServer

RECORDED = 5_000
"""Updates that the run has had when the screen is opened."""

TICKS_A_SAMPLE = 2
"""A worker stores a sample a second at most; a screen looks twice a second."""


def memory_over_ticks(ticks: int, warm_up: int, updates: int) -> list[float]:
    """The MiB of a server's process at the start, after `warm_up` ticks, and after each tick from then on.

    Args:
        updates: that the run makes from one look to the next; with 0 it stands still.
    """
    server = LabServer()
    run = LiveRun(server.location, RECORDED, samples=20)
    with run, server, Visitor(server.port, "train", f"run={run.id}") as page:
        page.open()
        process = psutil.Process(server.process.pid if server.process else None)
        found = []
        for number in range(warm_up + ticks):
            if updates:
                run.train(updates)
                if number % TICKS_A_SAMPLE == 0:
                    run.add_sample()
            page.tick()
            if number >= warm_up:
                found.append(process.memory_info().rss / 2**20)
    return found
