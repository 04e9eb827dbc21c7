"""A place of its own for each test, and one real engine for all that need one."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from sqlalchemy import delete

from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig
from rnnlab.runs import Lab, Place, schema
from rnnlab.runs.database import open_database, writing
from rnnlab.runs.engine_file import log_path, read_engine
from rnnlab.runs.store import RunStore

T = TypeVar("T")


def place_in(folder) -> Place:
    """A place with everything in one folder, whatever the environment says."""
    return Place.from_environment({"RNNLAB_HOME": str(folder)})


def small_experiment(epochs: int = 40, **training) -> Experiment:
    """A network that trains in moments: 4 units, one update an epoch."""
    return Experiment(
        data=SineData(samples=40),
        model=ModelConfig(units=4),
        training=TrainingConfig(epochs=epochs, num_steps=30, **training),
    )


def long_experiment(epochs: int = 4000, seed: int = 0) -> Experiment:
    """Seconds of training: long enough to kill something in the middle, the same curve every time."""
    return Experiment(
        data=SineData(samples=300),
        model=ModelConfig(units=16),
        training=TrainingConfig(epochs=epochs, num_steps=300, evaluate_every=100),
        seed=seed,
    )


def wait_until(look: Callable[[], T], seconds: float = 60.0) -> T:
    """What `look` returns as soon as it is true; fails after so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"nothing came within {seconds} s")


def processes_of(place: Place) -> list[psutil.Process]:
    """The engine of a place and all processes below it."""
    engine = psutil.Process(read_engine(place).pid)
    return [engine, *engine.children(recursive=True)]


def end_engine(place: Place) -> None:
    """Leave nothing behind, whatever the test did."""
    found = read_engine(place)
    if found:
        processes = processes_of(place)
        psutil.Process(found.pid).terminate()
        left = psutil.wait_procs(processes, timeout=20)[1]
        for process in left:
            process.kill()
        assert not left, log_path(place).read_text()


@pytest.fixture
def place(tmp_path) -> Place:
    return place_in(tmp_path / "home")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """A file with all tables and no rows; copying it is quicker than making it."""
    folder = tmp_path_factory.mktemp("database")
    open_database(place_in(folder).database).dispose()
    return folder / "runs.sqlite"


@pytest.fixture
def store(place, empty_database) -> RunStore:
    """An empty store; in the database that RNNLAB_TEST_DATABASE names, to try others than SQLite."""
    other = os.environ.get("RNNLAB_TEST_DATABASE")
    if other:
        with writing(open_database(other)) as connection:
            connection.execute(delete(schema.runs))
        return RunStore(other)
    place.home.mkdir()
    shutil.copy(empty_database, place.home)
    return RunStore(place.database)


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory):
    """A lab whose engine and workers serve the whole session; for tests that kill at most workers."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    lab = Lab(place_in(tmp_path_factory.mktemp("lab")), ("--idle-seconds", "600"))
    lab.prepare()
    wait_until(lambda: lab.engine_is_ready)
    yield lab
    lab.close()
    end_engine(lab.place)


@pytest.fixture
def own_lab(place):
    """A lab with an engine of its own, for tests that kill it; one worker, because it starts faster."""
    lab = Lab(place, ("--workers", "1", "--idle-seconds", "2"))
    yield lab
    lab.close()
    end_engine(place)
