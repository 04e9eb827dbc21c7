"""A place of its own for each test, and one real engine for all that need one."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete

from rnnlab.runs import Place, schema
from rnnlab.runs.database import open_database, writing
from rnnlab.runs.store import RunStore
from tests.support.labs import lab_in, place_in
from tests.support.waiting import wait_for


@pytest.fixture
def place(tmp_path) -> Place:
    return place_in(tmp_path / "home")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """A file with all tables and no rows; copying it is quicker than making it."""
    folder = tmp_path_factory.mktemp("database")
    open_database(place_in(folder).database).dispose()
    return folder / "runs.sqlite"


@pytest.fixture
def store(place, empty_database) -> RunStore:
    """An empty store; in the database that RNNLAB_TEST_DATABASE names, to try others than SQLite."""
    other = os.environ.get("RNNLAB_TEST_DATABASE")
    if other:
        with writing(open_database(other)) as connection:
            connection.execute(delete(schema.runs))
        return RunStore(other)
    place.home.mkdir()
    shutil.copy(empty_database, place.home)
    return RunStore(place.database)


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory):
    """A lab whose engine and workers serve the whole session; for tests that kill at most workers."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with lab_in(tmp_path_factory.mktemp("lab"), "--idle-seconds", "600") as lab:
        lab.prepare()
        wait_for(lambda: lab.engine_is_ready, "the engine")
        yield lab


@pytest.fixture
def own_lab(place):
    """A lab with an engine of its own, for tests that kill it; one worker, because it starts faster."""
    with lab_in(place.home, "--workers", "1", "--idle-seconds", "2") as lab:
        yield lab
