"""Get a worker ready before anybody waits for it: TensorFlow takes seconds to load."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

logger = logging.getLogger(__name__)

_warming: threading.Thread | None = None


def dask_setup(worker: Any) -> None:
    """Dask calls this in each new worker. The loading goes on in a thread, so that the worker is known at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s")
    global _warming
    _warming = threading.Thread(target=warm_up, name="warm up", daemon=True)
    _warming.start()


def wait_until_warm() -> None:
    """Return when this process has loaded TensorFlow; two threads must not import it at once."""
    if _warming is None:
        warm_up()
    else:
        _warming.join()


def warm_up() -> None:
    """Load everything that a task needs."""
    began = time.monotonic()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import rnnlab.generation
    import rnnlab.training  # noqa: F401

    logger.info("worker ready after %.1f s", time.monotonic() - began)
