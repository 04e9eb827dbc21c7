"""The lab's folder on this machine, and files and folders that only their owner may read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of everything that belongs to this machine: what `RNNLAB_HOME` names, or the user's data folder."""
    return Path(environment.get("RNNLAB_HOME") or platformdirs.user_data_dir("rnnlab")).expanduser().absolute()


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, or make it so where it is there already."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(PermissionError):  # somebody else's, who has let us in
        path.chmod(0o700)


def write_private(path: Path, content: str) -> None:
    """Write a file whole or not at all, which only its owner may read, not even for a moment anybody else."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    with open(temporary, "w", encoding="utf-8", opener=_private) as file:
        file.write(content)
    os.replace(temporary, path)


def touch_private(path: Path) -> None:
    """Make an empty file that only its owner may read, before somebody else makes one for all; an old one is closed."""
    with open(path, "a", opener=_private):
        pass
    with contextlib.suppress(PermissionError):
        path.chmod(0o600)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
