"""The newest weights of a run that can be read."""

from __future__ import annotations

import logging

import numpy as np

from rnnlab.store.artifacts import ArtifactStore, DamagedArtifact, unpack_arrays
from rnnlab.store.run import Checkpoint
from rnnlab.store.store import RunStore

logger = logging.getLogger(__name__)


def newest_weights(
    store: RunStore, files: ArtifactStore, run_id: str
) -> tuple[Checkpoint | None, dict[str, np.ndarray] | None]:
    """The newest checkpoint that can be read; two Nones when there is none, which means: start from the beginning."""
    for checkpoint in store.checkpoints(run_id):
        try:
            return checkpoint, unpack_arrays(files.read(checkpoint))
        except DamagedArtifact as error:
            logger.warning("run %s: %s", run_id, error)
    return None, None
