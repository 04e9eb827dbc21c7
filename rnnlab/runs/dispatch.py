"""Give queued runs to workers.

The queue is the run store. A dispatcher looks there and hands out as many runs as there are free slots, so a run whose
page has died waits and trains like any other, and nothing waits behind a long training while a worker is free.
"""

from __future__ import annotations

import logging

from distributed import Client, Future, KilledWorker, fire_and_forget

from rnnlab.runs.place import Place
from rnnlab.runs.record import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.task import train_run

logger = logging.getLogger(__name__)

TRAIN_SLOT, VIEW_SLOT = "train", "view"
"""Dask resources: each worker has one of both, so that a long training never blocks a picture."""


class Dispatcher:
    """Hands queued runs to the workers of one Dask cluster, and notices when a worker dies.

    Several dispatchers may look after one store, as when two page servers share a cluster: the task's key makes the
    cluster take it once, and the claim in the store lets one execution write.

    Args:
        client: connected to the cluster.
        place: the store and the artifacts.
    """

    def __init__(self, client: Client, place: Place):
        self._client = client
        self._place = place
        self._store = RunStore(place.database)
        self._given: dict[str, tuple[Run, Future, str]] = {}

    @property
    def given(self) -> list[Run]:
        """The runs that workers have now, as they were when they were handed out."""
        return [run for run, _, _ in self._given.values()]

    def tick(self) -> bool:
        """Look once. Returns whether anything is waiting or at work."""
        self.collect()
        queued = [run for run in self._store.queued() if _key(run) not in self._given]
        if queued:
            for run, worker in zip(queued, self._free_workers(), strict=False):
                self._give(run, worker)
        return bool(queued or self._given)

    def collect(self) -> bool:
        """Look after the tasks that are over, above all those that ended badly; returns whether there were any."""
        over = [key for key, (_, future, _) in self._given.items() if future.done()]
        for key in over:
            run, future, _ = self._given.pop(key)
            self._settle(run, future)
        return bool(over)

    def _free_workers(self) -> list[str]:
        """Addresses of the workers with a free slot, one for each slot."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        free = [
            address for address, worker in workers.items() for _ in range(int(worker["resources"].get(TRAIN_SLOT, 0)))
        ]
        for _, _, address in self._given.values():
            if address in free:
                free.remove(address)
        return free

    def _give(self, run: Run, worker: str) -> None:
        place = self._place
        future = self._client.submit(
            train_run,
            run.id,
            run.submission,
            place.database,
            place.artifacts,
            place.engine_name,
            key=_key(run),
            resources={TRAIN_SLOT: 1},
            workers=[worker],
            allow_other_workers=True,
            pure=False,
        )
        # A cluster goes on with it when this process dies.
        fire_and_forget(future)
        self._given[_key(run)] = (run, future, worker)
        logger.info("run %s, submission %d: given to %s", run.id, run.submission, worker)

    def _settle(self, run: Run, future: Future) -> None:
        if future.status == "finished":
            return
        error = future.exception() if future.status == "error" else None
        if error is None or isinstance(error, KilledWorker):
            logger.warning("run %s: its worker died", run.id)
            self._store.queue_after_death(run.id, run.submission)
        else:
            logger.error("run %s: no worker could execute it", run.id, exc_info=error)
            self._store.fail(
                run.id,
                run.submission,
                f"No worker could execute this run ({type(error).__name__}); the engine's log has the details.",
            )


def _key(run: Run) -> str:
    return f"train-{run.id}-{run.submission}"
