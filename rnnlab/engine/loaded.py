"""Whoever imports this has loaded all that a worker needs: for the process that workers are copies of."""

import distributed  # noqa: F401

from rnnlab.worker.loading import load_tensorflow

load_tensorflow()
