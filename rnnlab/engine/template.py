"""Workers as copies of one process that has loaded TensorFlow, where the system copies processes safely.

Loading takes about three seconds of a core. It is done once. Each worker is a copy of the loaded process, and so is
each one that replaces a lost or grown one. Copies share the memory of what was loaded.
TensorFlow runs nothing in the process that is copied: a copy of a process with threads at work could hang.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from typing import Any

IS_COPIED = sys.platform == "linux"
"""On Windows no process can be copied, and on macOS the system's own libraries do not bear it."""

ENVIRONMENT: Mapping[str, str] = {
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""What must be set before a worker loads NumPy. These are Dask's own values; Dask would set them later than we load."""

LOADED = "rnnlab.engine.loaded"
"""The module that loads, when the process imports it, all that a worker needs."""

DASK_SETTINGS: Mapping[str, Any] = {
    "distributed.worker.multiprocessing-method": "forkserver" if IS_COPIED else "spawn",
    "distributed.nanny.pre-spawn-environ": dict(ENVIRONMENT),
}


def start_template() -> None:
    """Begin to load the process that workers are copies of, and return at once; for the process that will start them.

    Should that process be lost, the next worker starts another one, and loads TensorFlow itself.
    """
    if IS_COPIED:
        from multiprocessing import forkserver

        from distributed import utils

        # Dask would load pandas into this process, to tell the template of it, which loads already.
        utils._forkserver_preload_set = True
        os.environ.update(ENVIRONMENT)
        multiprocessing.get_context("forkserver").set_forkserver_preload([LOADED])
        forkserver.ensure_running()
