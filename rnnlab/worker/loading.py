"""What a worker must have before it can do anything: TensorFlow, and the data."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnnlab.config import Experiment
from rnnlab.startup import without_collection
from rnnlab.store.artifacts import ArtifactStore

if TYPE_CHECKING:
    from rnnlab.data import Dataset

OBJECTS = 5_000
"""That are made before Python's collector looks for those that only hold each other."""

_loaded = threading.Event()
_loading = threading.Lock()
_wanted = threading.Event()


def load_tensorflow() -> None:
    """Return when this process has loaded TensorFlow and all that uses it; it takes seconds, once."""
    with _loading:  # Two threads must not import TensorFlow at once.
        if not _loaded.is_set():
            with without_collection():
                import rnnlab.generation
                import rnnlab.training  # noqa: F401

            # What is loaded stays, and tracing a network makes many objects: the collector walks less often, and less.
            gc.freeze()
            gc.set_threshold(OBJECTS)
            _loaded.set()


def wait_until_loaded() -> None:
    """For a task: load TensorFlow, and have no rehearsal begin beside the task."""
    _wanted.set()
    load_tensorflow()


def is_wanted(seconds: float) -> bool:
    """Whether a task comes to this process, or has come, within that time."""
    return _wanted.wait(seconds)


def load_experiment_data(
    experiment: Experiment, files: ArtifactStore, progress: Callable[[int, int], None] | None = None
) -> Dataset:
    """The data of an experiment; an uploaded text comes from the artifacts.

    Args:
        progress: told of the bytes of a download, should one be needed: those that are here, and all.
    Raises:
        DatasetUnavailable: the data cannot be had here.
    """
    from rnnlab.data import load_dataset

    data = experiment.data
    text = files.kept_text(data.own_text) if data.needs_own_text else None
    return load_dataset(data, experiment.seed, upload_text=text, progress=progress)
