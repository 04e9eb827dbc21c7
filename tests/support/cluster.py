"""A Dask cluster that is started by the commands that README gives for it."""

from __future__ import annotations

import contextlib
import shlex
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from tests.support.evidence import ROOT, log_as_evidence
from tests.support.server import free_port
from tests.support.waiting import wait_for

README_PORT = "8786"


class HandMadeCluster:
    """A scheduler and a worker of README's section on clusters, on a free port. A context manager.

    Attributes:
        address: of the scheduler; stays the same when it is started again.
    """

    def __init__(self) -> None:
        self._port = free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._folder = tempfile.TemporaryDirectory(prefix="rnnlab-", ignore_cleanup_errors=True)
        self._log = Path(self._folder.name) / "cluster.log"
        self._scheduler, self._worker = self._start("scheduler"), self._start("worker")
        self._evidence = contextlib.ExitStack()

    def __enter__(self) -> HandMadeCluster:
        self._evidence.enter_context(log_as_evidence("cluster.log", self._log))
        wait_for(self._listens, "the scheduler to listen", there=self._log.read_text)
        return self

    def __exit__(self, *_: object) -> None:
        below = [*self._below_worker(), *psutil.Process(self._scheduler.pid).children(recursive=True)]
        for process in (self._worker, self._scheduler):
            process.terminate()
            process.wait(30)
        for left in psutil.wait_procs(below, timeout=10)[1]:
            left.kill()
        self._evidence.close()
        self._folder.cleanup()

    def kill_worker_process(self) -> None:
        """End the process that trains as `kill -9` does; the one above it starts another."""
        (trains,) = [process for process in self._below_worker() if "--multiprocessing-fork" in process.cmdline()]
        trains.kill()
        trains.wait()

    def kill_scheduler(self) -> None:
        """End the scheduler as `kill -9` does; the worker notices and ends by itself."""
        self._scheduler.kill()
        self._scheduler.wait()
        assert self._worker.wait(60) == 0, self._log.read_text()

    def start_again(self) -> None:
        """Type both commands once more."""
        self._scheduler, self._worker = self._start("scheduler"), self._start("worker")

    def _start(self, what: str) -> subprocess.Popen[bytes]:
        with open(self._log, "ab") as log:
            return subprocess.Popen(
                [sys.executable, *shlex.split(readme_command(what).replace(README_PORT, str(self._port)))[1:]],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def _below_worker(self) -> list[psutil.Process]:
        return psutil.Process(self._worker.pid).children(recursive=True)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            return True
        return False


def readme_command(what: str) -> str:
    """The line of README that starts a scheduler or a worker."""
    lines = (ROOT / "README.md").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"python -m dask {what} ")]
    return line
