"""What every test may count on: fixed seeds, the treebank where somebody has it, and evidence when it fails."""

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from rnnlab.data import treebank
from tests.support.evidence import FOLDER, ROOT, leave_evidence

BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "data" / "ptb"

# The first two share a server.
LONGEST_FIRST = (
    "browser/test_main_job",
    "browser/test_benchmark_app",
    "browser/test_kills",
    "runs/test_engine",
    "generation/test_attempts",
)
"""Files that take a minute or more: begun first, so that none is left for one worker to finish alone."""

EACH_ALONE = ("benchmarks/test_smoke",)
"""Files whose tests have nothing in common that would be made twice when two workers share them."""


@pytest.fixture(autouse=True)
def _fixed_seeds():
    """A test that draws without a seed of its own draws the same every time."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture(scope="session")
def treebank_folder() -> Path:
    """The folder of the real Penn Treebank: RNNLAB_PTB, or ../shared/data/ptb beside the project."""
    named = os.environ.get(treebank.FOLDER_VARIABLE)
    folder = Path(named) if named else BESIDE_THE_PROJECT
    if not folder.is_dir():
        pytest.skip("set RNNLAB_PTB to a folder with ptb.train.txt, ptb.valid.txt and ptb.test.txt to run this test")
    return folder


@pytest.fixture
def with_treebank(treebank_folder, monkeypatch) -> Path:
    """The same, found by everything that reads the treebank in this process."""
    monkeypatch.setenv(treebank.FOLDER_VARIABLE, str(treebank_folder))
    return treebank_folder


def file_of(item: pytest.Item) -> str:
    """Such as `runs/test_engine`."""
    return str(item.path.relative_to(ROOT / "tests").with_suffix(""))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Give each file to one worker, which makes its fixtures once, and begin with the longest.

    The order is otherwise that of pytest-randomly: random, the files and the tests in them.
    """
    for item in items:
        if file_of(item) not in EACH_ALONE and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(file_of(item)))
    yield
    ranks = {file: rank for rank, file in enumerate(LONGEST_FIRST + EACH_ALONE)}
    items.sort(key=lambda item: ranks.get(file_of(item), len(ranks)))


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
    left = {report.nodeid: dict(report.user_properties).get("evidence") for report in failed}
    if any(left.values()):
        terminalreporter.section("evidence of failed tests")
        for test, folder in left.items():
            if folder:
                terminalreporter.write_line(f"{test}: {folder}")
