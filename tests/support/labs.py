"""Labs in folders of their own, experiments that train in moments, and the processes of an engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from distributed import LocalCluster

from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig
from rnnlab.engine.engine_file import log_path, read_engine
from rnnlab.lab import Lab
from rnnlab.store.location import Location
from tests.support.evidence import log_as_evidence


def location_in(folder) -> Location:
    """A location with everything in one folder, whatever the environment says."""
    return Location.from_environment({"RNNLAB_HOME": str(folder)})


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


def processes_of(location: Location) -> list[psutil.Process]:
    """The engine of a location and all processes below it."""
    engine = psutil.Process(read_engine(location).pid)
    return [engine, *engine.children(recursive=True)]


def end_engine(location: Location) -> None:
    """Leave nothing behind, whatever the test did."""
    found = read_engine(location)
    if found:
        processes = processes_of(location)
        psutil.Process(found.pid).terminate()
        left = psutil.wait_procs(processes, timeout=20)[1]
        for process in left:
            process.kill()
        assert not left, log_path(location).read_text()


def plain_cluster(workers: int, **options) -> LocalCluster:
    """A Dask cluster without our engine, and without Dask's well-known port, which another test's cluster may have."""
    quiet = {"dashboard_address": None, "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"}}
    return LocalCluster(n_workers=workers, **quiet, **options)


@contextmanager
def lab_at(location: Location, *engine_options: str) -> Iterator[Lab]:
    """A lab whose engine, should it start one, ends with it, and whose log a failed test leaves."""
    lab = Lab(location, engine_options)
    with log_as_evidence("engine.log", log_path(lab.location)):
        try:
            yield lab
        finally:
            lab.close()
            end_engine(lab.location)
