"""What a failed test leaves: the screens, logs and files of whatever was open when it failed.

A fixture opens `evidence(name, read)` around what it lends; when a test fails meanwhile, the hooks in tests/conftest.py
call `read` and put what it returns into a folder that the end of the output names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "test-evidence"

Read = Callable[[], bytes | str]

_open: list[tuple[str, Read]] = []


@contextmanager
def evidence(name: str, read: Read) -> Iterator[None]:
    """While this is open, a failed test leaves a file.

    Args:
        name: of the file; a number is put before it when several have the same.
        read: its content at the moment of the failure.
    """
    source = (name, read)
    _open.append(source)
    try:
        yield
    finally:
        _open.remove(source)


@contextmanager
def log_as_evidence(name: str, path: Path) -> Iterator[None]:
    """The same for a log that may not be there yet."""
    with evidence(name, lambda: path.read_bytes() if path.exists() else f"There is no {path}."):
        yield


def leave_evidence(test: str) -> Path | None:
    """Write all that is open into a folder of that test; returns the folder, None when nothing is open."""
    if not _open:
        return None
    folder = FOLDER / re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/"))[:120]
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, read) in enumerate(_open):
        try:
            content = read()
        except Exception as error:  # the failed test is what counts, not what cannot be read of it
            content = f"{name} could not be read: {error!r}"
        taken = (folder / name).exists()
        (folder / (f"{number}-{name}" if taken else name)).write_bytes(
            content.encode() if isinstance(content, str) else content
        )
    return folder
