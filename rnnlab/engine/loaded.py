"""Whoever imports this has loaded all that a worker needs: for the process that workers are copies of."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import distributed  # noqa: F401

from rnnlab.worker.loading import load_tensorflow

UNUSED = ("pandas", "IPython")
"""What Keras imports where it is installed, for tables and notebooks that no worker hands it."""


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Modules that cannot be imported in that time, but can be after it. For a process with no other thread at work."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # Python's own sign for: there is none.
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with hidden(*UNUSED):
    load_tensorflow()
