"""Find the engine of this location, or start it: all that a page needs, without loading Dask."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from rnnlab.files import private_folder, write_whole
from rnnlab.store.location import Location

RESTART_SECONDS = 5.0
"""A process does not start a second engine sooner than this after the first: one that fails at its start would be
started again at every look."""


@dataclass(frozen=True)
class EngineFile:
    """What an engine writes about itself, as `engine.json` in `Location.engine_folder`.

    Attributes:
        address: of its Dask scheduler.
        pid: its process.
        started: when that process began, in seconds since 1970: tells it from a later process of the same number.
        version: of the program.
    """

    address: str
    pid: int
    started: float
    version: str

    @property
    def is_alive(self) -> bool:
        """Whether that very process still runs."""
        try:
            process = psutil.Process(self.pid)
            return abs(process.create_time() - self.started) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def write(self, location: Location) -> None:
        """Put the file in place, whole or not at all."""
        write_whole(_path(location), json.dumps(asdict(self)).encode(), private=True)


def read_engine(location: Location) -> EngineFile | None:
    """The engine of this location, if it is alive and ready for work."""
    try:
        found = EngineFile(**json.loads(_path(location).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return found if found.is_alive else None


def forget_engine(location: Location) -> None:
    """Remove the file; for an engine that ends."""
    _path(location).unlink(missing_ok=True)


def knock(location: Location) -> None:
    """Let the engine look into the store at once."""
    with contextlib.suppress(OSError):  # it looks by itself too, a little later
        (location.engine_folder / "knock").touch()


def last_knock(location: Location) -> int:
    """When somebody knocked last, in nanoseconds; 0 for never."""
    try:
        return (location.engine_folder / "knock").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def log_path(location: Location) -> Path:
    """Where the engine and its workers write what they do."""
    return location.engine_folder / "engine.log"


class EngineStarter:
    """Starts the engine of a location when it is not there, at most one at a time.

    Args:
        location: whose engine.
        options: further options of `python -m rnnlab engine`.
    """

    def __init__(self, location: Location, options: tuple[str, ...] = ()):
        self._location = location
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self._lock = threading.Lock()

    def ensure(self) -> None:
        """See to it that the engine is there or on its way, and return at once; of two engines the second ends."""
        if self._location.cluster or read_engine(self._location):
            return
        with self._lock:
            if self._process is None or (self._process.poll() is not None and time.monotonic() > self._not_before):
                self._not_before = time.monotonic() + RESTART_SECONDS
                self._process = start_engine(self._location, self._options)


def start_engine(location: Location, options: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start `python -m rnnlab engine` as a process that outlives this one."""
    private_folder(location.engine_folder)
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    with open(log_path(location), "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rnnlab", "engine", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | location.environment() | {"PYTHONPATH": _python_path()},
            **apart,
        )
    # Nobody waits for the engine: this takes its exit code, so that no zombie is left while this process lives on.
    threading.Thread(target=process.wait, name="wait for the engine", daemon=True).start()
    return process


def _python_path() -> str:
    """With the folder that this package lies in: the app also runs from a checkout that nobody installed."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])


def _path(location: Location) -> Path:
    return location.engine_folder / "engine.json"
