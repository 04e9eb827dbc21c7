"""The table of slow tests names tests that there are, and is corrected by measuring."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import parallel
from tests.support.slow import slow_functions

ROOT = Path(__file__).parent.parent

SHARED = """
import time, pytest

@pytest.fixture(scope="module")
def shared():
    time.sleep(0.5)

@pytest.mark.parametrize("number", [1, 2])
def test_with_what_is_shared(shared, number): pass
def test_with_it_too(shared): pass
def test_without(): pass

@pytest.fixture
def made_anew(request):
    time.sleep(0.5 if request.node.name == "test_one" else 0)

def test_one(made_anew): pass
def test_one_and_another(made_anew): pass
"""
ALONE = """
import time, pytest

def test_quick(): pass

@pytest.mark.parametrize("seconds", [0, 0.5])
def test_slow(seconds): time.sleep(seconds)
"""
MEASURE = """
import sys
from pathlib import Path
import pytest
from tests.support import slow

slow.TABLE = Path("slow.txt")
sys.exit(pytest.main(["--rootdir=.", "-p", "tests.support.slow", *sys.argv[1:]]))
"""


def test_the_order_of_the_files_names_files_that_there_are():
    named = {*parallel.SHARED_SERVER, *parallel.SHARED_DATABASE, *parallel.LONGEST_FIRST, *parallel.EACH_ALONE}
    assert [file for file in sorted(named) if not (ROOT / file).is_file()] == []
    assert (ROOT / parallel.TENSORFLOW_1).is_dir()


def test_the_table_names_tests_that_there_are():
    named = slow_functions()
    trees = {file: ast.parse((ROOT / file).read_text()) for file in {one.split("::")[0] for one in named}}
    there = {
        f"{file}::{one.name}" for file, tree in trees.items() for one in tree.body if isinstance(one, ast.FunctionDef)
    }
    assert named <= there


@pytest.mark.parametrize("processes", ["0", "2"])
def test_measuring_corrects_the_table_for_what_it_ran(tmp_path, processes):
    (tmp_path / "test_shared.py").write_text(SHARED)
    (tmp_path / "test_alone.py").write_text(ALONE)
    (tmp_path / "measure.py").write_text(MEASURE)
    table = tmp_path / "slow.txt"
    table.write_text("test_alone.py::test_quick\ntest_elsewhere.py::test_that_was_not_run\n")

    def run(*arguments):
        command = [sys.executable, "measure.py", *arguments]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.stdout.splitlines()[-1]

    assert "9 passed" in run("--measure-slow", "-n", processes)
    assert table.read_text().splitlines() == [
        "test_alone.py::test_slow",
        "test_elsewhere.py::test_that_was_not_run",
        "test_shared.py::test_one",
        "test_shared.py::test_with_it_too",
        "test_shared.py::test_with_what_is_shared",
    ]
    assert "3 passed, 6 deselected" in run("-m", "not slow")
