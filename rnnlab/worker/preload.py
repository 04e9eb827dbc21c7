"""Get a worker ready before anybody waits for it: TensorFlow takes seconds to load, and a network to compile."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from rnnlab.config import Experiment
from rnnlab.presets import SINE
from rnnlab.worker.loading import is_wanted, load_tensorflow

logger = logging.getLogger(__name__)

REHEARSAL_VARIABLE = "RNNLAB_REHEARSAL"
"""`no` leaves the rehearsal out: a worker is idle sooner, and the first run that needs it compiles."""

LOADED = "rnnlab-loaded"
"""The topic of Dask's events in which a worker says, by its address, that it has loaded TensorFlow."""

GRACE_SECONDS = 0.5
"""How long a worker that has loaded waits for a run before it rehearses: the engine hears of it a moment later."""

_warming: threading.Thread | None = None


def dask_setup(worker: Any) -> None:
    """Dask calls this in each new worker. The loading goes on in a thread, so that the worker is known at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s")
    global _warming
    _warming = threading.Thread(target=_warm_up, args=(worker,), name="warm up", daemon=True)
    _warming.start()


def is_warm() -> bool:
    """Whether this process has nothing left to prepare."""
    return _warming is None or not _warming.is_alive()


def wait_until_rehearsed(experiment: Experiment) -> None:
    """Return when nothing is being compiled that this experiment could use: two threads would only compile it twice."""
    from rnnlab.training.workbench import shape_of

    if _warming is not None and shape_of(experiment, 0) == shape_of(SINE.experiment, 0):
        _warming.join()


def _warm_up(worker: Any) -> None:
    """Load everything that a task needs, then compile what the button on Home will ask for."""
    began = time.monotonic()
    load_tensorflow()
    worker.loop.add_callback(_say_loaded, worker)
    logger.info("worker loaded after %.1f s", time.monotonic() - began)
    if os.environ.get(REHEARSAL_VARIABLE) == "no" or is_wanted(GRACE_SECONDS):
        return
    try:
        _rehearse()
    except Exception:
        logger.exception("the rehearsal failed")
    logger.info("worker warm after %.1f s", time.monotonic() - began)


async def _say_loaded(worker: Any) -> None:
    await worker  # Before it is connected, Dask drops what it says.
    worker.log_event(LOADED, worker.address)


def _rehearse() -> None:
    """Train the default experiment for a moment and look at it, so that both are compiled."""
    from rnnlab.analyses.series import CompareSeries
    from rnnlab.analyses.trained import TrainedNetwork
    from rnnlab.data import load_dataset
    from rnnlab.inspection.samples import gates_at_a_sample
    from rnnlab.worker.kept import keep_compiled, make_trainer, network_for

    dataset = load_dataset(SINE.experiment.data, SINE.experiment.seed)
    trainer = make_trainer(SINE.experiment, dataset)
    while not trainer.step:
        trainer.advance()
    trainer.sample(beside=gates_at_a_sample)
    keep_compiled(trainer)
    network = network_for(SINE.experiment, len(dataset.vocabulary)).network
    CompareSeries().answer(TrainedNetwork(SINE.experiment, dataset, network, 0))
