"""What every test may count on: fixed seeds, and the treebank where somebody has it."""

import os
import random
from pathlib import Path

import numpy as np
import pytest

from rnnlab.data import treebank

BESIDE_THE_PROJECT = Path(__file__).parents[2] / "shared" / "data" / "ptb"


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a treebank test that did not run although the text is there is a failure, not a skip."""
    report = yield
    must_run = os.environ.get("CI") == "true" and BESIDE_THE_PROJECT.is_dir()
    if must_run and report.skipped and item.get_closest_marker("treebank"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but {BESIDE_THE_PROJECT} exists, so it must run"
    return report
