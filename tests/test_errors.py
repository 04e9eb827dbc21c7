"""Any error becomes one sentence, and trouble with the disk or the database names the place."""

import ast
import errno
import os
import pickle
import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from rnnlab.config import SineData
from rnnlab.errors import LabError, is_for_people, sentence_for
from tests.support.code import named, tree_of
from tests.support.evidence import ROOT


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


def test_our_own_errors_are_shown_as_they_are_after_a_journey_between_processes():
    error = pickle.loads(pickle.dumps(LabError("Please wait.")))
    assert sentence_for(error) == "Please wait."


@pytest.mark.parametrize("error", [ValueError("not ours"), KeyError("weights\nTraceback and more"), RuntimeError()])
def test_those_of_others_are_called_unexpected_in_one_line(error):
    sentence = sentence_for(caught(raising(error)))
    assert sentence.startswith(f"There was an unexpected error, {type(error).__name__}")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk that holds /lab/x is full; free some space"),
        (errno.EACCES, "may not read or write /lab/x; change its permissions"),
        (errno.EROFS, "is read-only"),
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
    assert "use fewer units" in sentence_for(caught(raising(MemoryError())))


@pytest.mark.parametrize("line", ["int('x')", "b'\\xff'.decode()", "raise ValueError('Please wait.')"])
def test_no_other_error_counts_as_written_for_people_wherever_it_comes_from(line):
    """What Python raises below a line of ours names Python's functions."""
    module = {"__name__": "rnnlab.somewhere"}
    exec(f"def fail():\n    {line}", module)
    assert not is_for_people(caught(module["fail"]))


FILES = [file for file in sorted((ROOT / "rnnlab").rglob("*.py")) if "migrations" not in file.parts]

PYTHONS = {"ValueError", "RuntimeError", "TypeError", "KeyError", "LookupError", "Exception", "AssertionError"}
"""Errors of Python's own classes, which look like errors that Python itself raises."""

NOT_FOR_PEOPLE = {"Superseded"}
"""Exceptions that no person ever reads: another execution of the run has taken over."""


def test_what_is_raised_for_people_is_a_lab_error():
    """Or of a class that says that it is not for people."""
    made = [
        f"{named(file)}:{node.lineno} makes a {node.func.id}"
        for file in FILES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PYTHONS
    ]
    assert made == []


def test_every_class_of_errors_says_whether_it_is_for_people():
    nodes = [node for file in FILES for node in ast.walk(tree_of(file))]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    of_python = {c.name for c in classes for base in c.bases if ast.unparse(base) in PYTHONS | {"BaseException"}}
    assert of_python == {"LabError", *NOT_FOR_PEOPLE}
