"""A real server of the app in a folder of its own, with its engine, ended whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from rnnlab.runs import Place
from rnnlab.runs.engine_file import EngineFile, read_engine
from rnnlab.runs.store import RunStore

ROOT = Path(__file__).parents[2]
TREEBANK = ROOT.parent / "shared" / "data" / "ptb"
PATIENCE = 60.0


class LabServer:
    """`streamlit run app.py` on a free port. A context manager; `start` and `kill` serve tests of its death.

    Attributes:
        home: the lab's folder; stays the same when the server is started again.
        url: where it answers.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rnnlab-", ignore_cleanup_errors=True)
        self.home = Path(self._folder.name)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> LabServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        engine = self.engine
        if engine:
            os.kill(engine.pid, signal.SIGTERM)
            wait_for(lambda: not engine.is_alive, "the engine to end")
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
        wait_for(self._answers, "the server to answer")
        return time.monotonic() - began

    def kill(self) -> None:
        """End the server as `kill -9` does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def place(self) -> Place:
        """Where its runs are."""
        return Place.from_environment({"RNNLAB_HOME": str(self.home)})

    @property
    def engine(self) -> EngineFile | None:
        """Its engine, if that is ready."""
        return read_engine(self.place)

    def workers(self) -> list[psutil.Process]:
        """The engine's worker processes."""
        engine = self.engine
        children = psutil.Process(engine.pid).children(recursive=True) if engine else []
        return [process for process in children if "spawn_main" in " ".join(process.cmdline())]

    def checkpointed_step(self, run_id: str) -> int:
        """The step of the run's newest checkpoint, 0 before there is one."""
        checkpoints = self._store.checkpoints(run_id)
        return checkpoints[0].step if checkpoints else 0

    def stored_step(self, run_id: str) -> int:
        """The step that the run's row names."""
        return self._store.get(run_id).step

    def attempts(self, run_id: str) -> int:
        """How often a worker took the run."""
        return self._store.get(run_id).attempt

    def stop_run(self, run_id: str) -> None:
        """End a run that a test has started."""
        self._store.ask(self._store.get(run_id), "stop")
        wait_for(lambda: not self._store.get(run_id).is_waiting_or_live, "the run to stop")

    @property
    def _store(self) -> RunStore:
        return RunStore(self.place.database)

    def log(self) -> str:
        """What the server has written."""
        return (self.home / "server.log").read_text()

    def _environment(self) -> dict[str, str]:
        variables = {"RNNLAB_HOME": str(self.home)}
        if TREEBANK.is_dir():
            variables["RNNLAB_PTB"] = os.environ.get("RNNLAB_PTB", str(TREEBANK))
        others = {name: value for name, value in os.environ.items() if not name.startswith("RNNLAB_")}
        return others | variables

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False


def wait_for(condition, what: str, seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; an AssertionError says what did not come."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)


def mapped_files(pid: int) -> str:
    """Every library and file that a process has loaded into its memory."""
    return Path(f"/proc/{pid}/maps").read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
