"""Replace workers that have grown, and those that are lost.

XLA never gives back the code that it compiled, some 20 MB for each shape of network. A class that tries many shapes
would otherwise fill the machine's memory, and a worker would be killed in the middle of somebody's run.

Dask's nanny puts a new process in the place of one that died, but not always: one that dies while it starts, or that
the scheduler takes for gone, can take its nanny with it (https://github.com/dask/distributed/issues/7312). Without a
nanny nobody would train the runs that wait.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from distributed import Client, LocalCluster, Status

from rnnlab.engine.roster import workers_of

logger = logging.getLogger(__name__)

MOST_BYTES = 2 * 2**30
"""A worker that has loaded everything starts with 0.8 GiB; this leaves room for about fifty shapes."""

MOST_SHARE = 0.6
"""Of the memory that a worker may have, where that is less; at 0.95 Dask kills it."""

RESTART_SECONDS = 30.0
"""How long a worker may take to be replaced."""


def renew_grown_worker(client: Client, busy: Collection[str], most_bytes: int = MOST_BYTES) -> str | None:
    """Put a fresh process in the place of one worker that holds too much and trains nothing; returns when it is there.

    A view that it was at is asked of another worker again, see `Workers.call`.

    Args:
        client: connected to a cluster of this machine.
        busy: addresses of the workers that have a run.
        most_bytes: that a worker may hold.
    Returns:
        The address of the worker that is gone, None if there was none.
    """
    for address, worker in workers_of(client).items():
        held = worker["metrics"].get("memory", 0)  # Nothing is known of a worker that has only come.
        if address not in busy and held > _limit(worker, most_bytes):
            logger.info("worker %s holds %.0f MB and is replaced", address, held / 1e6)
            outcome = client.restart_workers([address], timeout=RESTART_SECONDS, raise_for_error=False)
            logger.info("worker %s: %s", address, outcome.get(address))
            return address
    return None


def replace_lost_workers(cluster: LocalCluster) -> None:
    """Begin to start a worker for each one whose nanny has ended."""
    cluster.sync(_replace_lost, cluster)


async def _replace_lost(cluster: LocalCluster) -> None:
    for name, nanny in list(cluster.workers.items()):
        if nanny.status in (Status.closed, Status.failed):
            logger.warning("worker %s and its nanny are lost", name)
            del cluster.workers[name]
    if len(cluster.workers) < len(cluster.worker_spec):
        cluster.scale(len(cluster.worker_spec))


def _limit(worker: dict[str, Any], most_bytes: int) -> float:
    allowed = worker.get("memory_limit")
    return min(most_bytes, MOST_SHARE * allowed) if allowed else most_bytes
