"""Common to every test: fixed seeds, the treebank if it is there, and evidence of a failure."""

import gc
import os
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnlab.data import treebank
from rnnlab.worker.loading import OBJECTS
from rnnlab.worker.preload import REHEARSAL_VARIABLE
from tests.support.evidence import FOLDER, ROOT, leave_evidence
from tests.support.parallel import QUICK_XLA, ByFile, rank

pytest_plugins = ["tests.support.slow"]

# What tests import stays: the collector rests until all is loaded.
gc.disable()

BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "data" / "ptb"
if BESIDE_THE_PROJECT.is_dir():
    # For the processes that tests start, too.
    os.environ.setdefault(treebank.FOLDER_VARIABLE, str(BESIDE_THE_PROJECT))


# Compiling is most of what the tests' processors do, and LLVM's optimisations are half of that. The programs of the
# tests, and all that they start, leave them out; the main job of the command line compiles as it does for users.
# `XLA_FLAGS= scripts/test` runs everything with them.
os.environ.setdefault("XLA_FLAGS", QUICK_XLA)

# A worker that compiles what no test asks for takes five seconds of a core, and tests start dozens.
os.environ.setdefault(REHEARSAL_VARIABLE, "no")


@pytest.fixture(scope="session", autouse=True)
def _home_of_the_tests(tmp_path_factory):
    """Keep what training measures on this machine here, not in the home of the person who runs the tests."""
    before = os.environ.get("RNNLAB_HOME")
    os.environ["RNNLAB_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    os.environ.pop("RNNLAB_HOME") if before is None else os.environ.update(RNNLAB_HOME=before)


@pytest.fixture(autouse=True)
def _fixed_seeds():
    """A test that draws without a seed of its own draws the same every time."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture(autouse=True)
def _same_program(monkeypatch):
    """Streamlit makes a screen the program's `__main__`, and leaves it so: a process that a later test starts would run
    that file, which may be gone.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def treebank_folder() -> Path:
    """The folder of the real Penn Treebank: RNNLAB_PTB, or ../shared/data/ptb beside the project."""
    folder = Path(os.environ.get(treebank.FOLDER_VARIABLE, BESIDE_THE_PROJECT))
    if not folder.is_dir():
        pytest.skip("set RNNLAB_PTB to a folder with ptb.train.txt, ptb.valid.txt and ptb.test.txt to run this test")
    return folder


@pytest.fixture
def with_treebank(treebank_folder, monkeypatch) -> Path:
    """The same, found by everything that reads the treebank in this process."""
    monkeypatch.setenv(treebank.FOLDER_VARIABLE, str(treebank_folder))
    return treebank_folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files. The order is otherwise that of pytest-randomly: random."""
    items.sort(key=lambda item: rank(item.nodeid))


def pytest_collection_finish() -> None:
    """What is loaded stays, and tracing networks makes many objects: the collector walks less often, and less."""
    gc.freeze()
    gc.set_threshold(OBJECTS)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> ByFile:
    """Several test processes share the tests file by file."""
    return ByFile(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """What earlier runs left would only mislead."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Leave evidence of a failure, and make one of a treebank test that CI did not run although the text is there."""
    report = yield
    must_run = os.environ.get("CI") == "true" and BESIDE_THE_PROJECT.is_dir()
    if must_run and report.skipped and item.get_closest_marker("treebank"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but {BESIDE_THE_PROJECT} exists, so it must run"
    if report.failed:
        folder = leave_evidence(item.nodeid)
        if folder:
            report.sections.append(("evidence", f"screens and logs are in {folder}"))
            report.user_properties.append(("evidence", str(folder.relative_to(ROOT))))
    return report


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter) -> None:
    """Name the evidence of each failed test at the end, where one looks first."""
    failed = [*terminalreporter.stats.get("failed", []), *terminalreporter.stats.get("error", [])]
    # What cannot even be collected has no properties.
    left = {report.nodeid: dict(getattr(report, "user_properties", ())).get("evidence") for report in failed}
    if any(left.values()):
        terminalreporter.section("evidence of failed tests")
        for test, folder in left.items():
            if folder:
                terminalreporter.write_line(f"{test}: {folder}")
