"""Load TensorFlow a tenth faster, and without the messages that its C++ code writes to the terminal or the cell."""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

STDERR = 2
"""C++ code writes to this file descriptor. Python's `sys.stderr` cannot hold it back."""

FATAL_ONLY = "3"
"""For `TF_CPP_MIN_LOG_LEVEL`. What goes wrong is raised as an error of Python too."""

TENSORFLOWS = re.compile(
    rb"[IWE]\d{4} \d\d:\d\d|WARNING: All log messages before absl|\d{4}-\d\d-\d\d .*: [IWE] |To enable the following"
)
"""How the lines begin that TensorFlow writes while it is loaded: of oneDNN, AVX and missing GPUs."""


def quiet_tensorflow() -> None:
    """Have TensorFlow loaded without messages and without Python's collector, whoever asks for it first.

    What it writes once it is loaded follows `TF_CPP_MIN_LOG_LEVEL`, which is set here unless it is set already.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", FATAL_ONLY)
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _FindsTensorFlow())


class _FindsTensorFlow(MetaPathFinder):
    """Finds TensorFlow where it is; its messages and the collector are held back while its code runs. It works once."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_quietly(module: ModuleType) -> None:
                with _messages_held_back(), _nothing_walked_through():
                    run(module)

            spec.loader.exec_module = run_quietly  # type: ignore[method-assign]
        return spec


@contextmanager
def without_collection() -> Iterator[None]:
    """Let Python's collector rest meanwhile, if it does not rest already."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _nothing_walked_through() -> Iterator[None]:
    """Loading makes 300,000 objects that stay. The collector would walk through them again and again for nothing."""
    # Nor does it look for garbage among them when the process ends, which takes longer than half a second.
    atexit.register(gc.freeze)
    with without_collection():
        yield
        if not gc.get_freeze_count():
            # All objects become old ones, which are walked through least.
            gc.freeze()
            gc.unfreeze()


@contextmanager
def _messages_held_back() -> Iterator[None]:
    """Hold back what is written to the file descriptor of stderr, and then write what is not TensorFlow's.

    If the block fails, all is written.
    """
    try:
        kept = os.dup(STDERR)
    except OSError:  # A program without a terminal may have no stderr.
        yield
        return
    has_failed = True
    with tempfile.TemporaryFile() as messages:
        _flush()
        os.dup2(messages.fileno(), STDERR)
        try:
            yield
            has_failed = False
        finally:
            _flush()
            os.dup2(kept, STDERR)
            messages.seek(0)
            for line in messages:
                if has_failed or not TENSORFLOWS.match(line):
                    os.write(kept, line)
            os.close(kept)


def _flush() -> None:
    with suppress(AttributeError, OSError, ValueError):  # A notebook's stderr may be None or closed.
        sys.stderr.flush()
