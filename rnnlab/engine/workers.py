"""A process's line to the workers: connected when it is first needed, and again when the engine was replaced."""

from __future__ import annotations

import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rnnlab.engine.engine_file import EngineStarter, knock, read_engine
from rnnlab.engine.keys import read_keys
from rnnlab.engine.progress import PROGRESS, with_progress
from rnnlab.errors import LabError, is_for_people, sentence_for
from rnnlab.startup import without_collection
from rnnlab.store.location import Location, database_in_words, host_and_port

if TYPE_CHECKING:
    from distributed import Client, Future

    from rnnlab.engine.dispatch import Dispatcher

ENGINE_SECONDS = 60.0
"""How long an engine may take to be ready: the first start after an installation reads everything from a cold disk."""

CONNECT_SECONDS = 10.0
PROBE_SECONDS = 3.0
"""How long a cluster may take to open its port to us: within one building it takes a millisecond."""

DISPATCH_SECONDS = 0.1
AGAIN_SECONDS = 2.0
"""How long to wait before a cluster that did not answer is asked again."""

LOOK_SECONDS = 0.2
"""How often a waiting process looks whether there is progress, and whether the person still waits."""

NOTHING_YET = (0, 1)
"""The progress of a task that has not reported any."""

logger = logging.getLogger(__name__)


class WorkersUnavailable(LabError):
    """No worker answered. The message says what to do."""


class Workers:
    """The Dask workers of a location, embedded or of a cluster.

    Dask itself is imported at the first use, which takes a third of a second and 50 MB.

    Args:
        location: whose workers.
        starter: starts the engine when there is none.
    """

    def __init__(self, location: Location, starter: EngineStarter):
        self._location = location
        self._starter = starter
        self._client: Client | None = None
        self._client_address = ""
        self._lock = threading.Lock()
        self._dispatching: threading.Thread | None = None
        self._closed = threading.Event()
        self._trouble = ""
        self._reports: dict[object, tuple[int, int]] = {}

    @property
    def trouble(self) -> str:
        """Why nobody takes the queued runs, one sentence; empty when somebody does, as far as this process knows."""
        return self._trouble

    def check(self) -> None:
        """See whether somebody could take a run, before one is put into the queue.

        Raises:
            WorkersUnavailable: the location's cluster does not answer.
        """
        if self._location.cluster:
            _probe(self._location.cluster)

    def connect_soon(self) -> None:
        """Connect in the background, so that the first view finds the line open."""
        threading.Thread(target=self._try_to_connect, name="connect to the workers", daemon=True).start()

    def get_runs_going(self) -> None:
        """See to it that somebody hands out the queued runs: the engine, or on a cluster a thread of this process."""
        if not self._location.cluster:
            knock(self._location)
            self._starter.ensure()
        elif self._dispatching is None:
            self._dispatching = threading.Thread(target=self._dispatch, name="dispatch runs", daemon=True)
            self._dispatching.start()

    def call(
        self, function: Any, *arguments: Any, name: str, timeout: float, progress: Callable[[int, int], None]
    ) -> Any:
        """Run a function in a worker and wait for what it returns.

        Args:
            function: must be importable in the worker; its last argument is a `progress`, see `with_progress`.
            name: what the task is called in the engine's log.
            timeout: seconds to wait for a sign of life, connecting included.
            progress: called several times a second with the parts that are done and with all parts, as the worker
                reported them last. The error that it raises cancels the task and comes out of here.
        Raises:
            WorkersUnavailable: no answer in time, or the workers died of it.
        """
        from distributed import KilledWorker

        until = time.monotonic() + timeout
        for _ in range(2):
            client = self._connected(until)
            key = f"view-{name}-{uuid.uuid4().hex}"
            future = client.submit(with_progress, function, *arguments, key=key, resources={"view": 1}, pure=False)
            is_over = self._follow(future, until, timeout, progress)
            try:
                return future.result(timeout=timeout if is_over else 0.1)
            except TimeoutError as error:
                future.cancel()
                raise _no_answer(timeout) from error
            except (KilledWorker, OSError, RuntimeError):
                # Its worker or the whole engine was lost: once more with another one.
                continue
            except Exception as error:
                if type(error).__name__ not in ("CancelledError", "FutureCancelledError", "FuturesCancelledError"):
                    raise
        raise WorkersUnavailable(
            "The worker process died twice while computing this, probably because memory ran out; ask for less at once."
        )

    def _follow(self, future: Future, until: float, timeout: float, progress: Callable[[int, int], None]) -> bool:
        """Wait for a task until it is over, or has been silent for too long. Returns whether it is over."""
        over = threading.Event()
        future.add_done_callback(lambda _: over.set())
        reported = self._reports[future.key] = NOTHING_YET
        try:
            while not over.wait(LOOK_SECONDS) and time.monotonic() < until:
                if self._reports[future.key] != reported:
                    reported, until = self._reports[future.key], time.monotonic() + timeout
                progress(*reported)
            return over.is_set()
        except BaseException:  # Such as Streamlit's sign that the person has clicked elsewhere.
            future.cancel()
            raise
        finally:
            del self._reports[future.key]

    def _note(self, event: tuple[float, tuple[str, int, int]]) -> None:
        key, done, total = event[1]
        if key in self._reports:  # Everybody who is connected hears of all tasks.
            self._reports[key] = (done, total)

    def close(self) -> None:
        """Give up the line; runs go on."""
        self._closed.set()
        if self._dispatching is not None:
            self._dispatching.join()
        if self._client is not None:
            self._client.close(timeout=2)

    def _try_to_connect(self) -> None:
        try:
            self._connected(time.monotonic() + ENGINE_SECONDS)
        except WorkersUnavailable:
            return  # Whoever needs the line tries again, and tells.

    def _connected(self, until: float) -> Client:
        from rnnlab.engine.line import Line

        with self._lock:
            address = self._address(until)
            if self._location.cluster and self._client is not None and self._client.status == "connecting":
                # Dask is at it already for a while, and complains with a traceback when it is disturbed.
                raise _silent_cluster(address, ConnectionError())
            if self._client is not None and (self._client.status != "running" or self._client_address != address):
                self._client.close(timeout=1)
                self._client = None
            if self._client is None:
                self.check()
                try:
                    # A client that could not connect is closed when it is collected, and closing takes the lock that
                    # the start of the next client holds: the same thread would wait for itself for ever.
                    with without_collection():
                        self._client = Line(
                            address,
                            set_as_default=False,
                            timeout=CONNECT_SECONDS,
                            name="rnnlab-page",
                            # A cluster's keys are Dask's own settings.
                            security=None if self._location.cluster else read_keys(self._location),
                        )
                    self._client.subscribe_topic(PROGRESS, self._note)
                    self._client_address = address
                except (OSError, TimeoutError) as error:
                    if self._location.cluster:
                        raise _silent_cluster(address, error) from error
                    raise WorkersUnavailable(
                        f"The workers at {address} do not answer ({type(error).__name__}); please try again."
                    ) from error
            return self._client

    def _address(self, until: float) -> str:
        if self._location.cluster:
            return self._location.cluster
        while not self._closed.is_set() and time.monotonic() < until:
            engine = read_engine(self._location)
            if engine:
                return engine.address
            self._starter.ensure()
            self._closed.wait(0.05)
        raise WorkersUnavailable(
            "The engine, which runs the workers, is not ready yet; please try again in a few seconds."
        )

    def _dispatch(self) -> None:
        dispatcher: Dispatcher | None = None
        while not self._closed.wait(DISPATCH_SECONDS):
            try:
                dispatcher = self._dispatcher(dispatcher)
                dispatcher.tick()
                self._trouble = dispatcher.trouble
            except Exception as error:
                # Such as a cluster that restarts: connect anew.
                self._remember(error)
                self._closed.wait(AGAIN_SECONDS)

    def _dispatcher(self, before: Dispatcher | None) -> Dispatcher:
        """The one that has the line to the cluster; another one when the line was lost."""
        from rnnlab.engine.dispatch import Dispatcher

        if before is not None:
            before.collect()  # What a lost cluster had goes back into the queue.
        client = self._connected(time.monotonic() + CONNECT_SECONDS)
        return before if before is not None and before.client is client else Dispatcher(client, self._location)

    def _remember(self, error: Exception) -> None:
        """Keep a sentence for those who wait, and tell the log once."""
        if self._client is not None and self._client.status != "running" and not is_for_people(error):
            # Whatever it was at when the line was lost, that is the reason.
            error = _silent_cluster(self._client_address, error)
        sentence = sentence_for(error, database_in_words(self._location.database))
        if sentence != self._trouble:
            logger.warning("%s", sentence, exc_info=None if is_for_people(error) else error)
        self._trouble = sentence


def _no_answer(timeout: float) -> WorkersUnavailable:
    return WorkersUnavailable(
        f"No answer came within {timeout:.0f} s, because the workers are busy or still starting; please try again, or "
        "ask for a shorter horizon."
    )


def _probe(address: str) -> None:
    """Knock at a scheduler's port: Dask itself would try again and again, and log each time."""
    try:
        socket.create_connection(host_and_port(address), timeout=PROBE_SECONDS).close()
    except OSError as error:
        raise _silent_cluster(address, error) from error


def _silent_cluster(address: str, error: Exception) -> WorkersUnavailable:
    why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    return WorkersUnavailable(
        f"The cluster at {address}, which RNNLAB_CLUSTER names, does not answer ({why}); start its scheduler, or "
        "change or unset RNNLAB_CLUSTER."
    )
