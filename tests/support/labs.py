"""Labs in folders of their own, experiments that train in moments, and the processes of an engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from distributed import LocalCluster

from rnnlab.config import Experiment, ModelConfig, SineData, Sweep, TrainingConfig
from rnnlab.engine.engine_file import log_path, read_engine
from rnnlab.lab import Lab
from rnnlab.store import states
from rnnlab.store import store as run_store
from rnnlab.store.location import Location
from tests.support.evidence import log_as_evidence
from tests.support.waiting import wait_for

SLOWLY = {"updates_per_second": 20}
"""The pace of a run that takes minutes, and nearly nothing of the processor."""

FIRST_OWNER, SECOND_OWNER = "amy", "ben"


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


def long_experiment() -> Experiment:
    """Many updates of the same shape, so that a worker that has compiled one has compiled the other."""
    return small_experiment(2000, evaluate_every=20)


def endless_experiment(seed: int = 0) -> Experiment:
    """Ten million updates of that shape, for a run that a test stops: by itself it outlasts all patience."""
    endless = small_experiment(1_000_000, evaluate_every=20)
    return dataclasses.replace(endless, data=SineData(samples=301), seed=seed)


def submit_slowly(lab: Lab, experiment: Experiment) -> str:
    """Submit a run whose first worker makes a few updates a second, so that something can be killed in its middle.

    Whoever has it next is as fast as usual. Returns its id.
    """
    with _put_aside():
        run_id = lab.submit(experiment)
    _go_on_slowly(lab, run_id)
    return run_id


def submit_group_slowly(lab: Lab, sweep: Sweep) -> str:
    """The same with a group, whose first run is the slow one. Returns its id."""
    with _put_aside():
        group_id = lab.submit_group(sweep)
    _go_on_slowly(lab, lab.members(group_id)[0].id)
    lab.resume_group(group_id)
    return group_id


def queue_for_two(lab: Lab) -> tuple[list[str], str]:
    """Queue twenty runs without an end of one owner, then a short one of another; for a lab without an engine yet.

    The very first run is slow: it keeps the first worker until the second one has loaded TensorFlow.

    Returns:
        The ids of the twenty, and of the other.
    """
    slow = lab.store.create(endless_experiment(), FIRST_OWNER)
    lab.stop(slow)
    lab.store.queue_again(lab.store.get(slow), pace=SLOWLY)
    others = [lab.store.create(endless_experiment(seed), FIRST_OWNER) for seed in range(1, 20)]
    return [slow, *others], lab.store.create(small_experiment(), SECOND_OWNER)


@contextmanager
def _put_aside() -> Iterator[None]:
    """What is submitted meanwhile does not wait for a worker: one would take it before its pace is set."""
    new_row = run_store._new_row
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_store, "_new_row", lambda *arguments: new_row(*arguments) | {"state": states.STOPPED})
        yield


def _go_on_slowly(lab: Lab, run_id: str) -> None:
    lab.store.queue_again(lab.store.get(run_id), pace=SLOWLY)
    lab.prepare()


def wait_until_ahead(lab: Lab, run_id: str, after: int = 0) -> int:
    """Until a run has weights of a later step to go on from, and has come further since: what a kill then takes must be
    done again. Returns the step of the weights.
    """

    def look() -> int:
        checkpoints, run = lab.store.checkpoints(run_id), lab.store.get(run_id)
        assert run.is_waiting_or_live, run
        saved = checkpoints[0].step if checkpoints else 0
        return saved if run.state == states.RUNNING and after < saved < run.step else 0

    return wait_for(look, "a run ahead of its checkpoint", there=lambda: (lab.run(run_id), lab.trouble))


def processes_of(location: Location) -> list[psutil.Process]:
    """The engine of a location and all processes below it."""
    engine = psutil.Process(read_engine(location).pid)
    return [engine, *engine.children(recursive=True)]


def workers_below(engine: int) -> list[psutil.Process]:
    """The worker processes of an engine, by its process number: of all that it started, only they await connections."""
    return [process for process in psutil.Process(engine).children(recursive=True) if listens_at(process)]


def listens_at(process: psutil.Process) -> set[int]:
    """The ports at which a process awaits connections; none if it has ended."""
    try:
        connections = process.net_connections("tcp")
    except psutil.NoSuchProcess:
        return set()
    return {connection.laddr.port for connection in connections if connection.status == psutil.CONN_LISTEN}


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
