"""Space that is given up when the disk is full, so that what happened to a run can still be written down.

Only SQLite needs it, whose file grows where the lab is; a database server looks after itself.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from sqlalchemy import Engine

RESERVE_BYTES = 512 * 1024
"""More than a few rows need, and nothing beside the megabytes that the weights of one run take."""


def keep_reserve(database: Engine) -> None:
    """Take the space beside the database's file, where it is not taken already and there is any."""
    path = _path(database)
    if path is None or path.exists():
        return
    with contextlib.suppress(OSError):
        try:
            path.write_bytes(bytes(RESERVE_BYTES))
        except OSError:
            path.unlink()
            raise


def give_up_reserve(database: Engine) -> None:
    """Give the space back to the disk."""
    path = _path(database)
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink()


def is_full(folder: Path) -> bool:
    """Whether the disk that holds a folder has no room for what a run writes."""
    try:
        return shutil.disk_usage(folder).free < RESERVE_BYTES // 2
    except OSError:
        return False


def _path(database: Engine) -> Path | None:
    if database.dialect.name != "sqlite":
        return None
    return Path(str(database.url.database)).with_suffix(".reserve")
