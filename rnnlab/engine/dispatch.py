"""Give queued runs to workers.

The queue is the run store. A dispatcher looks there and hands out as many runs as there are free slots, so a run whose
page has died waits and trains like any other, and nothing waits behind a long training while a worker is free.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from distributed import Client, Future, KilledWorker, fire_and_forget

from rnnlab.engine.fairness import TURN_SECONDS, fair_order, who_yields
from rnnlab.engine.roster import workers_of
from rnnlab.errors import is_for_people
from rnnlab.store.location import Location
from rnnlab.store.run import Run
from rnnlab.store.states import INTERRUPTED
from rnnlab.store.store import RunStore
from rnnlab.worker.execution import train_run
from rnnlab.worker.throttle import Throttle

logger = logging.getLogger(__name__)

TRAIN_SLOT, VIEW_SLOT = "train", "view"
"""Dask resources: each worker has one of both, so that a long training never blocks a picture."""


LOSS_SECONDS = 1.0
"""How often to look for runs of a cluster that nobody has any more."""


class Dispatcher:
    """Hands queued runs to the workers of one Dask cluster, and notices when a worker dies.

    Several dispatchers may look after one store, as when two page servers share a cluster: the task's key makes the
    cluster take it once, and the claim in the store lets one execution write.

    Args:
        client: connected to the cluster.
        location: the store and the artifacts.
        is_ready: whether a worker may be given a run, by its address. One that still loads would keep it waiting while
            others overtake it.

    Attributes:
        client: the same.
        trouble: why runs wait that nobody will take, one sentence; else empty.
    """

    def __init__(self, client: Client, location: Location, is_ready: Callable[[str], bool] = lambda _: True):
        self.client = client
        self._is_ready = is_ready
        self._location = location
        self._store = RunStore(location.database)
        self._given: dict[str, tuple[Run, Future, str]] = {}
        self._since: dict[str, float] = {}
        self._told: set[str] = set()
        self._served: list[str] = []
        self._losses = Throttle(LOSS_SECONDS, first=0)
        self.trouble = ""

    @property
    def given(self) -> list[Run]:
        """The runs that workers have now, as they were when they were handed out."""
        return [run for run, _, _ in self._given.values()]

    @property
    def busy_workers(self) -> set[str]:
        """Addresses of the workers that have them; on a cluster those that were free when they were handed out."""
        return {worker for _, _, worker in self._given.values()}

    def tick(self) -> bool:
        """Look once. Returns whether anything is waiting or at work."""
        self.collect()
        if self._location.cluster and self._losses.is_due():
            with self._losses.turn():
                self._queue_lost()
        queued = self._store.queued()
        if queued:
            workers = workers_of(self.client)
            self._take_back_stranded(queued, workers)
            waiting = fair_order([run for run in queued if _key(run) not in self._given], self.given, self._served)
            free = self._free_slots(workers)
            for run, worker in zip(waiting, free, strict=False):
                self._give(run, worker)
            self._take_turns(waiting[len(free) :])
            self.trouble = "" if _could_train(workers) else self._nobody_trains()
        return bool(queued or self._given)

    def collect(self) -> bool:
        """Look after the tasks that are over, above all those that ended badly; returns whether there were any."""
        over = [key for key, (_, future, _) in self._given.items() if future.done()]
        for key in over:
            run, future, _ = self._given.pop(key)
            self._told.discard(key)
            self._settle(run, future)
        return bool(over)

    def _nobody_trains(self) -> str:
        return (
            f"The cluster at {self._location.cluster} has no worker that trains; start one with "
            f'--resources "{TRAIN_SLOT}=1 {VIEW_SLOT}=1".'
            if self._location.cluster
            else ""  # The engine sees to its workers itself.
        )

    def _take_turns(self, waiting: list[Run]) -> None:
        """Let an endless run step back for somebody who has none at work; it goes on from its checkpoint later."""
        # On a cluster others hand out runs too, and nobody sees all that are at work.
        if not waiting or self._location.cluster:
            return
        now = time.monotonic()
        at_work = [(run, now - self._since[key]) for key, (run, _, _) in self._given.items() if key not in self._told]
        run = who_yields(waiting, at_work, TURN_SECONDS)
        if run is not None and len(at_work) == len(self._given):
            self._told.add(_key(run))
            self._store.ask(self._store.get(run.id), "yield")

    def _queue_lost(self) -> None:
        """Queue the runs that were at work when their cluster ended, and which nobody who is left has handed out.

        Should a worker have them after all, it can write nothing any more, see `rnnlab.store.claim`.
        """
        for run in self._store.live():
            is_known = run.engine != self._location.engine_name or _key(run) in self._given
            if not is_known and run.judged(engine_is_dead=False).state == INTERRUPTED:
                logger.warning("run %s: has not been heard of, is queued again", run.id)
                self._store.queue_after_death(run.id, run.submission)

    def _take_back_stranded(self, queued: list[Run], workers: Mapping[str, Any]) -> None:
        """Take back the runs that nobody has begun and whose worker died before it heard of them."""
        for run in queued:
            _, future, worker = self._given.get(_key(run), (run, None, ""))
            if future is not None and not self._location.cluster and worker not in workers:
                future.cancel()
                del self._given[_key(run)]

    def _free_slots(self, workers: Mapping[str, Any]) -> list[str]:
        """Addresses of the workers with a free slot, one for each slot."""
        ready = {address: worker for address, worker in workers.items() if self._is_ready(address)}
        free = [
            address for address, worker in ready.items() for _ in range(int(worker["resources"].get(TRAIN_SLOT, 0)))
        ]
        for _, _, address in self._given.values():
            if address in free:
                free.remove(address)
        return free

    def _give(self, run: Run, worker: str) -> None:
        location = self._location
        arguments = (run.id, run.submission, location.database, location.artifacts, location.engine_name)
        task: dict[str, Any] = {"key": _key(run), "resources": {TRAIN_SLOT: 1}, "pure": False}
        if location.cluster:
            # The cluster keeps the task when this process dies, and gives it to another worker when its worker does.
            # It must choose the workers itself: it never moves a task away from one that was named.
            future = self.client.submit(train_run, *arguments, **task)
            fire_and_forget(future)
        else:
            # Dask would guess from past durations which worker is free; the engine knows.
            future = self.client.submit(train_run, *arguments, workers=[worker], **task)
        self._given[_key(run)] = (run, future, worker)
        self._served = [owner for owner in self._served if owner != run.owner] + [run.owner]
        self._since[_key(run)] = time.monotonic()
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
            sentence = f"No worker could execute this run ({type(error).__name__}); the engine's log has the details."
            self._store.fail(run.id, run.submission, str(error) if is_for_people(error) else sentence)


def _could_train(workers: Mapping[str, Any]) -> bool:
    return any(worker["resources"].get(TRAIN_SLOT, 0) >= 1 for worker in workers.values())


def _key(run: Run) -> str:
    return f"train-{run.id}-{run.submission}"
