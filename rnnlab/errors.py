"""Errors for people, and sentences for all other errors: what happened, where, and what to do. The logs have the
rest."""

from __future__ import annotations

import errno
from collections.abc import Iterator

UNEXPECTED = "There was an unexpected error, {what}; the log has the details; please report it."

DATABASE_TROUBLE = (
    ("disk is full", "The disk that holds the lab's database {where} is full; free some space, then go on."),
    ("readonly database", "The lab's database {where} cannot be written; make its file and its folder writable."),
    ("unable to open database", "The lab's database {where} cannot be opened; make its folder readable and writable."),
    ("not a database", "The file {where} is not a database of the lab; move it away, or use another home folder."),
    ("malformed", "The lab's database {where} is damaged; restore a copy of it, or move it away to start afresh."),
    ("disk I/O error", "The disk that holds the lab's database {where} cannot be read or written; check the disk."),
    ("locked", "Another program has been using the lab's database {where} for too long; close it, then try again."),
)
"""Parts of SQLite's messages, and the sentences that replace them."""

FILE_TROUBLE = {
    errno.ENOSPC: "The disk that holds {where} is full; free some space, then go on.",
    errno.EDQUOT: "Your quota on the disk that holds {where} is used up; free some space, then go on.",
    errno.EACCES: "This account may not read or write {where}; change its permissions.",
    errno.EPERM: "This account may not read or write {where}; change its permissions.",
    errno.EROFS: "The disk that holds {where} is read-only; use a home folder that can be written.",
    errno.ENOTDIR: "{where} is in the way: it is a file where a folder is needed; move it, or use another folder.",
    errno.EEXIST: "{where} is in the way: it is a file where a folder is needed; move it, or use another folder.",
    errno.ENOENT: "{where} no longer exists; start the lab again, or use another home folder.",
    errno.EIO: "The disk that holds {where} cannot be read or written; check the disk.",
}


class LabError(ValueError):
    """An error that a person can correct. The message gives the value, the allowed values and what to do.

    All errors of this program that are meant for people are of this kind. It is a ValueError, because users of a
    library expect one if a value cannot be used.
    """

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback, which would name lines that nobody has written there."""
        return [f"{type(self).__name__}: {self}"]


class UnknownName(LabError, AttributeError):
    """The package has no public name like this one. The message offers the nearest one."""


class Cancelled(LabError):
    """Nobody waits for the result of a task any more."""

    def __init__(self) -> None:
        super().__init__("This was cancelled; please ask again.")


def sentence_for(error: BaseException, where: str = "") -> str:
    """An error as one sentence for a person.

    The message of a `LabError` is shown unchanged. Messages of other errors name functions and classes. Known errors
    have sentences of their own, and the rest is called unexpected.

    Args:
        error: the caught error.
        where: the lab's home or database, for errors that do not name a location.
    """
    if is_for_people(error):
        return str(error)
    for part in _chain(error):
        sentence = _known_trouble(part, where or "in the home folder")
        if sentence:
            return sentence
    first_line = (str(error).strip().splitlines() or [""])[0][:200].rstrip(".")
    return UNEXPECTED.format(what=f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__)


def is_for_people(error: BaseException) -> bool:
    """Whether the message was written for a person."""
    return isinstance(error, LabError)


def is_disk_full(error: BaseException) -> bool:
    """Whether the only trouble is that the disk has no space left."""
    return any(
        (isinstance(part, OSError) and part.errno in (errno.ENOSPC, errno.EDQUOT)) or "disk is full" in str(part)
        for part in _chain(error)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and the errors that caused it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _known_trouble(error: BaseException, where: str) -> str | None:
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "There was not enough memory; use fewer units, a shorter window or a smaller batch."
    if isinstance(error, OSError) and error.errno in FILE_TROUBLE:
        return FILE_TROUBLE[error.errno].format(where=error.filename or where)
    if type(error).__module__.startswith(("sqlalchemy.", "sqlite3")):
        return _database_trouble(str(error), where)
    return None


def _database_trouble(words: str, where: str) -> str | None:
    for part, sentence in DATABASE_TROUBLE:
        if part in words:
            return sentence.format(where=where)
    if "connect" in words:
        return f"The database {where} does not answer; start it, or check RNNLAB_DATABASE."
    return None
