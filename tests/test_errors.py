"""Any error becomes one sentence, and trouble with the disk or the database names the place."""

import errno
import os
import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from rnnlab.config import SineData
from rnnlab.errors import is_for_people, sentence_for


def caught(raise_it):
    try:
        raise_it()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def raising(error):
    def raise_it():
        raise error

    return raise_it


def test_our_own_errors_are_shown_as_they_are():
    error = caught(lambda: SineData(samples=1))
    assert sentence_for(error) == str(error)


@pytest.mark.parametrize("error", [ValueError("not ours"), KeyError("weights\nTraceback and more"), RuntimeError()])
def test_those_of_others_are_called_unexpected_in_one_line(error):
    sentence = sentence_for(caught(raising(error)))
    assert sentence.startswith(f"There was an unexpected error, {type(error).__name__}")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk that holds /lab/x is full; free some space"),
        (errno.EACCES, "/lab/x may not be read or written"),
        (errno.EROFS, "can only be read"),
        (errno.ENOTDIR, "/lab/x is in the way: it is a file"),
    ],
)
def test_trouble_with_a_file_names_it(number, words):
    error = OSError(number, os.strerror(number), "/lab/x")
    assert words in sentence_for(caught(raising(error)))


@pytest.mark.parametrize(
    ("kind", "says", "words"),
    [
        (OperationalError, "database or disk is full", "/lab/runs.sqlite is full"),
        (OperationalError, "attempt to write a readonly database", "cannot be written"),
        (OperationalError, "unable to open database file", "cannot be opened"),
        (DatabaseError, "file is not a database", "is not a database of the lab"),
        (DatabaseError, "database disk image is malformed", "is damaged"),
    ],
)
def test_trouble_with_the_database_names_it(kind, says, words):
    error = kind("SELECT secret", {}, sqlite3.DatabaseError(says))
    sentence = sentence_for(caught(raising(error)), "/lab/runs.sqlite")
    assert words in sentence
    assert "SELECT" not in sentence


def test_what_an_error_came_from_counts():
    def raise_it():
        try:
            raise OSError(errno.ENOSPC, "No space left on device", "/lab/weights")
        except OSError as error:
            raise RuntimeError("could not write") from error

    assert "/lab/weights is full" in sentence_for(caught(raise_it))


def test_lack_of_memory_says_what_to_do():
    assert "take fewer units" in sentence_for(caught(raising(MemoryError())))


@pytest.mark.parametrize(
    ("line", "is_ours"), [("int('x')", False), ("b'\\xff'.decode()", False), ("raise ValueError('Please wait.')", True)]
)
def test_only_what_our_own_code_raises_was_written_for_people(line, is_ours):
    """What Python raises below a line of ours names Python's functions."""
    module = {"__name__": "rnnlab.somewhere"}
    exec(f"def fail():\n    {line}", module)
    assert is_for_people(caught(module["fail"])) == is_ours
