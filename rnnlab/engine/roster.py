"""Which workers a cluster has."""

from __future__ import annotations

from typing import Any

from distributed import Client


def workers_of(client: Client) -> dict[str, dict[str, Any]]:
    """What the scheduler knows of each worker, by its address.

    `client.scheduler_info` asks for the same, but returns what the client holds by then: every two seconds that is
    overwritten by an answer without workers. For a moment, all of them would seem to be gone.

    Raises:
        OSError: the line to the scheduler is lost.
    """
    if client.scheduler is None:
        raise OSError("The line to the scheduler is closed.")
    return client.sync(client.scheduler.identity, n_workers=-1)["workers"]
