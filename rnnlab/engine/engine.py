"""The engine: a process of its own that holds warm workers and gives them the queued runs.

    python -m rnnlab engine

It is started by whoever needs it first, and ends by itself when nobody is connected and nothing is to be done.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

import dask
import psutil
from distributed import Client, LocalCluster
from filelock import FileLock, Timeout

from rnnlab import __version__
from rnnlab.engine.dispatch import TRAIN_SLOT, VIEW_SLOT, Dispatcher
from rnnlab.engine.engine_file import EngineFile, forget_engine, last_knock, read_engine
from rnnlab.engine.keys import make_keys
from rnnlab.engine.renewal import renew_grown_worker, replace_lost_workers
from rnnlab.engine.template import DASK_SETTINGS as WORKER_SETTINGS
from rnnlab.engine.template import start_template
from rnnlab.errors import LabError
from rnnlab.files import private_folder
from rnnlab.store.artifacts import ArtifactStore
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from rnnlab.worker.preload import LOADED, is_warm
from rnnlab.worker.throttle import Throttle

logger = logging.getLogger(__name__)

WORKERS = 2
IDLE_SECONDS = 60.0
LOOK_SECONDS = 0.05
"""How often to look whether somebody knocked: half of this is what a click on Train waits on average."""

LOOK_ANYWAY_SECONDS = 1.0
"""How often to look into the store though nobody knocked, as when a run was queued from another machine."""

GROWTH_SECONDS = 0.5
"""How often to ask whether the first worker is warm."""

RENEWAL_SECONDS = 20.0
"""How often to look for a worker that has grown: longer than a fresh one needs to load, so that one at a time goes."""

LOSS_SECONDS = 1.0
"""How often to look for a worker that is lost for good."""

FAREWELL_SECONDS = 5.0
"""How long the workers get to save their runs when the engine is told to end."""

DASK_SETTINGS = {
    **WORKER_SETTINGS,
    # A run's arrays live in TensorFlow, where Dask cannot spill them, and a paused worker would only look stuck.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # A worker that loads TensorFlow on a slow disk is not dead.
    "distributed.comm.timeouts.connect": "120s",
    # Nor is one that takes long to come back after its process died.
    "distributed.deploy.lost-worker-timeout": "60s",
    # Nobody looks at the pages that Dask serves about itself, and a port that answers nothing tells nothing.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # What Dask looks at many times a second for its own statistics would keep an idle laptop warm.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
}


def run_engine(location: Location, workers: int = WORKERS, idle_seconds: float = IDLE_SECONDS) -> None:
    """Be the engine of a location until it is idle or told to end; returns at once when there is one already.

    Raises:
        ValueError: the runs of this location are trained by a cluster.
    """
    if location.cluster:
        raise LabError(
            f"RNNLAB_CLUSTER is {location.cluster}, and that cluster's workers train the runs; unset it to have an "
            "engine on this machine."
        )
    private_folder(location.home)
    private_folder(location.engine_folder)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s")
    lock = FileLock(location.engine_folder / "engine.lock")
    if not _acquire(lock, location):
        logger.info("an engine is at work in %s already", location.engine_folder)
        return
    try:
        Engine(location, workers, idle_seconds).run()
    finally:
        lock.release()


def _acquire(lock: FileLock, location: Location) -> bool:
    """Become the only engine; False when there is another that is ready. One that is leaving is waited for."""
    until = time.monotonic() + 2 * FAREWELL_SECONDS
    while not read_engine(location) and time.monotonic() < until:
        try:
            lock.acquire(timeout=0.2)
            return True
        except Timeout:
            continue
    return False


class Engine:
    """See `run_engine`."""

    def __init__(self, location: Location, workers: int, idle_seconds: float):
        self._location = location
        self._workers = workers
        self._idle_seconds = idle_seconds
        self._growth = Throttle(GROWTH_SECONDS)
        self._looks = Throttle(LOOK_ANYWAY_SECONDS, first=0)
        self._losses = Throttle(LOSS_SECONDS)
        self._renewals = Throttle(RENEWAL_SECONDS)
        self._knocked: tuple[int, int] | None = None
        self._loaded: set[str] = set()
        self._told_to_end = threading.Event()

    def run(self) -> None:
        """Work until the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told_to_end.set())
        store = RunStore(self._location.database)
        ArtifactStore(self._location.artifacts)  # An engine whose workers could save nothing does not start.
        start_template()
        for run_id in store.interrupt_lost(self._location.engine_name):
            logger.info("run %s: interrupted, its engine had ended", run_id)
        with (
            dask.config.set(DASK_SETTINGS),
            self._cluster() as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            _announce(self._location, cluster.scheduler_address)
            client.subscribe_topic(LOADED, lambda event: self._loaded.add(event[1]))
            self._loaded |= {address for _, address in client.get_events(LOADED)}  # Who was quicker than we are.
            dispatcher = Dispatcher(client, self._location, self._loaded.__contains__)
            try:
                self._work(cluster, client, dispatcher)
            finally:
                forget_engine(self._location)
            self._take_leave(store, dispatcher)
        store.interrupt_lost(self._location.engine_name)
        logger.info("engine ended")

    def _cluster(self) -> LocalCluster:
        return LocalCluster(
            # The others come when the first one is warm: on two cores, two that compile at once take twice as long.
            n_workers=1,
            threads_per_worker=2,
            resources={TRAIN_SLOT: 1, VIEW_SLOT: 1},
            host="127.0.0.1",
            security=make_keys(self._location),
            dashboard_address=None,
            preload=["rnnlab.worker.preload"],
            local_directory=str(self._location.engine_folder),
            # A lost worker's run goes back into the store's queue at once, where the deaths are counted.
            # The second keeps Dask from asking for its well-known port, which another program may have.
            scheduler_kwargs={"allowed_failures": 0, "dashboard_address": "127.0.0.1:0"},
        )

    def _work(self, cluster: LocalCluster, client: Client, dispatcher: Dispatcher) -> None:
        last_busy = time.monotonic()
        grown = False
        while not self._told_to_end.wait(LOOK_SECONDS):
            grown = grown or self._grow(cluster, client)
            self._renew(cluster, client, dispatcher)
            if self._look(dispatcher) or _has_visitors(cluster, client):
                last_busy = time.monotonic()
            elif time.monotonic() - last_busy > self._idle_seconds:
                logger.info("nothing to do for %.0f s", self._idle_seconds)
                return

    def _grow(self, cluster: LocalCluster, client: Client) -> bool:
        """Add the other workers as soon as the first is warm; returns whether that is done."""
        if not self._growth.is_due():
            return False
        with self._growth.turn():
            warmth = client.run(is_warm, on_error="ignore")
        if not any(warmth.values()):
            return False
        cluster.scale(self._workers)
        return True

    def _renew(self, cluster: LocalCluster, client: Client, dispatcher: Dispatcher) -> None:
        """Replace what is lost, and a worker that has grown and is free."""
        if self._losses.is_due():
            with self._losses.turn():
                replace_lost_workers(cluster)
        if self._renewals.is_due():
            # A line that is lost for a moment is there again at the next turn.
            with self._renewals.turn(), suppress(OSError):
                renew_grown_worker(client, dispatcher.busy_workers)

    def _look(self, dispatcher: Dispatcher) -> bool:
        """See to runs that ended and runs that wait; returns whether there are any."""
        try:
            knocked = last_knock(self._location), len(self._loaded)
            if not (dispatcher.collect() or knocked != self._knocked or self._looks.is_due()):
                return bool(dispatcher.given)
            self._knocked = knocked
            with self._looks.turn():
                return dispatcher.tick()
        except Exception:
            # Such as a database server that restarts: the runs at work must not suffer for it.
            logger.exception("could not look for queued runs")
            self._told_to_end.wait(1)
            return True

    def _take_leave(self, store: RunStore, dispatcher: Dispatcher) -> None:
        """Let the workers save what they are at; what does not answer in time has its last checkpoint."""
        for run in store.live():
            if run.engine == self._location.engine_name:
                store.ask(run, "interrupt")
        until = time.monotonic() + FAREWELL_SECONDS
        while dispatcher.given and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
            dispatcher.collect()


def _announce(location: Location, address: str) -> None:
    started = psutil.Process().create_time()
    EngineFile(address, os.getpid(), started, __version__).write(location)
    logger.info("engine ready at %s", address)


def _has_visitors(cluster: LocalCluster, client: Client) -> bool:
    """Whether a page or a notebook is connected."""
    scheduler: Any = cluster.scheduler
    clients = dict(scheduler.clients)
    return bool(clients.keys() - {client.id, "fire-and-forget"})
