"""Files that are written whole or not at all, and files that only their owner may read."""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path


def write_whole(path: Path, content: bytes, private: bool = False) -> None:
    """Write a file, and have it survive a loss of power.

    Args:
        path: its folder is there.
        content: all of it.
        private: whether only its owner may read it, not even for a moment anybody else.
    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with open(unfinished, "wb", opener=_private if private else None) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
    _sync_folder(path.parent)


def touch_private(path: Path) -> None:
    """Make an empty file that only its owner may read, before somebody else makes one for all; an old one is closed."""
    with open(path, "a", opener=_private):
        pass
    with contextlib.suppress(PermissionError):
        path.chmod(0o600)


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, or make it so where it is there already."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(PermissionError):  # somebody else's, who has let us in
        path.chmod(0o700)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Without this the rename itself can be lost with the power."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
