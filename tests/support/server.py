"""A real server of the app in a folder of its own, with its engine, ended whole."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from rnnlab.config import Experiment
from rnnlab.engine.engine_file import EngineFile, log_path, read_engine, start_engine
from rnnlab.lab import Lab
from rnnlab.store.location import Location
from rnnlab.store.run import Run
from rnnlab.store.states import FINISHED, PAUSED
from rnnlab.store.store import RunStore
from rnnlab.visitor import LOCAL_OWNER
from rnnlab.worker.preload import REHEARSAL_VARIABLE
from tests.support.evidence import log_as_evidence
from tests.support.labs import workers_below
from tests.support.waiting import PATIENCE, wait_for

ROOT = Path(__file__).parents[2]
TREEBANK = ROOT.parent / "shared" / "data" / "ptb"
WORKERS = 2
"""Of an engine that a page starts."""

ALIVE = 100.0
"""Updates a second of a run whose speed does not matter; full speed is ten times that."""

FIRST_PORT, PORTS = 20_000, 10_000
"""Below the ports that a system lends to connections: one of those could be lent again before the server has it."""


class LabServer:
    """`streamlit run app.py` on a free port. A context manager; `start` and `kill` serve tests of its death.

    Args:
        workers: of an engine that is started before the first page would start one; 0 leaves the engine to the page.

    Attributes:
        home: the lab's folder; stays the same when the server is started again.
        url: where it answers.
    """

    def __init__(self, workers: int = 0) -> None:
        self._workers = workers
        self._folder = tempfile.TemporaryDirectory(prefix="rnnlab-", ignore_cleanup_errors=True)
        self.home = Path(self._folder.name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._evidence = contextlib.ExitStack()

    def __enter__(self) -> LabServer:
        self._evidence.enter_context(log_as_evidence("server.log", self.home / "server.log"))
        self._evidence.enter_context(log_as_evidence("engine.log", log_path(self.location)))
        if self._workers:
            start_engine(self.location, ("--workers", str(self._workers)))
            wait_for(lambda: self.engine, "the engine")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        # Not by the engine's file: one that is still loading has not written it yet.
        engines = [process for process in _processes_in(self.home) if "engine" in process.cmdline()]
        for engine in engines:
            engine.terminate()
        for left in psutil.wait_procs(engines, timeout=PATIENCE)[1]:
            left.kill()
        self._evidence.close()
        self._folder.cleanup()

    def start(self) -> float:
        """Start the server; returns the seconds until it answered."""
        began = time.monotonic()
        options = ["--server.headless=true", f"--server.port={self.port}"]
        with open(self.home / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", *options],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for(self._answers, "the server to answer", there=self.log)
        return time.monotonic() - began

    def kill(self) -> None:
        """End the server as `kill -9` does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def location(self) -> Location:
        """Where its runs are."""
        return Location.from_environment({"RNNLAB_HOME": str(self.home)})

    @property
    def engine(self) -> EngineFile | None:
        """Its engine, if that is ready."""
        return read_engine(self.location)

    def workers(self) -> list[psutil.Process]:
        """The engine's worker processes."""
        return workers_below(self.engine.pid) if self.engine else []

    def checkpointed_step(self, run_id: str) -> int:
        """The step of the run's newest checkpoint, 0 before there is one."""
        checkpoints = self._store.checkpoints(run_id)
        return checkpoints[0].step if checkpoints else 0

    def run(self, run_id: str) -> Run:
        """The run as its row says."""
        return self._store.get(run_id)

    def stored_step(self, run_id: str) -> int:
        """The step that the run's row names."""
        return self._store.get(run_id).step

    def has_curve(self, run_id: str, name: str) -> bool:
        """Whether something was measured of a run."""
        return name in self._store.curves(run_id).by_name

    def curve(self, run_id: str, name: str) -> list[list[float]]:
        """The steps and the values of one measure of a run."""
        curve = self._store.curves(run_id).by_name[name]
        return [curve.steps.tolist(), curve.values.tolist()]

    def members(self, group_id: str) -> list[str]:
        """The ids of the runs of a group."""
        return [run.id for run in self._store.members(group_id)]

    def executions(self, run_id: str) -> int:
        """How often a worker took the run."""
        return self._store.get(run_id).execution

    def stop_run(self, run_id: str) -> None:
        """End a run that a test has started."""
        self._store.ask(self._store.get(run_id), "stop")
        wait_for(
            lambda: not self._store.get(run_id).is_waiting_or_live,
            "the run to stop",
            there=lambda: self._store.get(run_id),
        )

    def slow_down(self, run_id: str) -> None:
        """Let a run only stay alive while its screen is looked at: at full speed it would take a core from that."""
        wait_for(lambda: self.run(run_id).is_live, "the run to train", there=lambda: self.run(run_id).state)
        Lab(self.location).set_pace(run_id, ALIVE)

    def add_slow_run(self, experiment: Experiment) -> str:
        """A run of the command line's owner that only stays alive from its first update on; returns its id.

        One that is short could end before `slow_down` reaches it.
        """
        run_id = self.add_paused_run(experiment)
        self._store.queue_again(self.run(run_id), pace={"updates_per_second": ALIVE})
        return run_id

    def let_go(self, run_id: str) -> None:
        """Let a run that was slowed down go on at full speed."""
        Lab(self.location).set_pace(run_id, None)

    def train_again(self, run_ids: list[str]) -> list[str]:
        """Train the same experiments once more, in runs of their own; returns their ids when all have finished."""
        again = [Lab(self.location).submit(self._store.get(run_id).experiment) for run_id in run_ids]
        wait_for(lambda: all(self.run(run_id).state == FINISHED for run_id in again), "the same runs once more")
        return again

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run a name that its screens show from their next look on."""
        self._store.rename(run_id, name)

    def add_paused_run(self, experiment: Experiment, name: str | None = None) -> str:
        """A run of the command line's owner that no worker takes; returns its id."""
        run_id = self._store.create(experiment, LOCAL_OWNER, name)
        self._store.ask(self._store.get(run_id), "pause")
        wait_for(lambda: self.run(run_id).state == PAUSED, "the run to be paused", there=lambda: self.run(run_id).state)
        return run_id

    def forget_run(self, run_id: str) -> None:
        """Delete a run that the next tests must not see."""
        self._store.delete(run_id)

    def stop_all(self) -> None:
        """End every run that waits or trains."""
        for run in self._store.runs():
            if run.is_waiting_or_live:
                self.stop_run(run.id)

    def wait_until_warm(self) -> None:
        """Wait until its workers have loaded and compiled everything that the first click needs."""
        log, workers = log_path(self.location), self._workers or WORKERS
        wait_for(
            lambda: log.exists() and log.read_text().count("worker warm") >= workers, f"{workers} warm workers", 180
        )

    @property
    def _store(self) -> RunStore:
        return RunStore(self.location.database)

    def log(self) -> str:
        """The log of the server."""
        return (self.home / "server.log").read_text()

    def tracebacks(self) -> str:
        """The log from the first traceback on; "" if there is none."""
        before, word, after = self.log().partition("Traceback")
        return before[-500:] + word + after if word else ""

    def _environment(self) -> dict[str, str]:
        others = {n: value for n, value in os.environ.items() if n == REHEARSAL_VARIABLE or not n.startswith("RNNLAB_")}
        treebank = os.environ.get("RNNLAB_PTB") or (str(TREEBANK) if TREEBANK.is_dir() else "")
        return others | {"RNNLAB_HOME": str(self.home)} | ({"RNNLAB_PTB": treebank} if treebank else {})

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the server ended: {self.log()}"
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False


def mapped_files(pid: int) -> str:
    """Every library and file that a process has loaded into its memory."""
    return Path(f"/proc/{pid}/maps").read_text()


def free_port() -> int:
    """A port that is free; processes look in different locations, so that two do not find the same one."""
    for number in range(PORTS):
        port = FIRST_PORT + (97 * os.getpid() + number) % PORTS
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"There is no free port from {FIRST_PORT} to {FIRST_PORT + PORTS}.")


def _processes_in(home: Path) -> Iterator[psutil.Process]:
    """All processes that were started for the lab in that folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("RNNLAB_HOME") == str(home):
                yield process
