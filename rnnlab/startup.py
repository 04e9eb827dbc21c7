"""Load TensorFlow without the messages that its C++ code writes to the terminal or the notebook's cell."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STDERR = 2
"""C++ code writes to this file descriptor. Python's `sys.stderr` cannot hold it back."""


@contextmanager
def messages_held_back() -> Iterator[None]:
    """Hold back what is written to the file descriptor of stderr. If the block fails, its messages are written after
    all.

    TensorFlow reports oneDNN, AVX and missing GPUs while it is loaded. From then on it reports errors only, unless
    `TF_CPP_MIN_LOG_LEVEL` is set already.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        kept = os.dup(STDERR)
    except OSError:  # A program without a terminal may have no stderr.
        yield
        return
    with tempfile.TemporaryFile() as messages:
        _flush()
        os.dup2(messages.fileno(), STDERR)
        try:
            yield
        except BaseException:
            _flush()
            messages.seek(0)
            os.write(kept, messages.read())
            raise
        finally:
            _flush()
            os.dup2(kept, STDERR)
            os.close(kept)


def _flush() -> None:
    with suppress(AttributeError, OSError, ValueError):  # A notebook's stderr may be None or closed.
        sys.stderr.flush()
