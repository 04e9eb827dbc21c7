"""A location of its own for each test, and one real engine for all that need one."""

import dataclasses
import shutil
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from rnnlab.store.database import open_database
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from tests.support.databases import POSTGRESQL, SQLITE, WANTED, Databases, delete_all_rows, postgres_server
from tests.support.labs import lab_at, location_in, queue_for_two
from tests.support.s3 import s3_server
from tests.support.waiting import wait_for

USUAL = SQLITE if WANTED == SQLITE else POSTGRESQL


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_databases` on each of the two."""
    if metafunc.definition.get_closest_marker("both_databases") and "location" in metafunc.fixturenames:
        metafunc.parametrize("location", [SQLITE, POSTGRESQL], indirect=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Databases on the PostgreSQL server that RNNLAB_TEST_DATABASE names, or on one that is started for the tests."""
    with nullcontext(WANTED) if "://" in WANTED else postgres_server() as server:
        made = Databases(server)
        yield made
        made.close()


@pytest.fixture(scope="session")
def shared_database(databases) -> str:
    """The one for all tests that begin with empty tables."""
    return databases.make()


def no_connection(databases: Databases, url: str) -> None:
    """Fail if somebody stays connected; a process that has just ended is given a moment."""
    wait_for(lambda: not databases.users_of(url), "no connection", 10, there=lambda: databases.users_of(url))


@pytest.fixture
def location(request, tmp_path) -> Iterator[Location]:
    """A location in a folder of its own. What a test leaves connected to PostgreSQL makes it fail."""
    location = location_in(tmp_path / "home")
    if getattr(request, "param", USUAL) == SQLITE:
        yield location
        return
    databases, url = request.getfixturevalue("databases"), request.getfixturevalue("shared_database")
    delete_all_rows(url)
    yield dataclasses.replace(location, database=url)
    open_database(url).dispose()
    no_connection(databases, url)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A stand-in for S3 that this process and its children know. Gives its address."""
    with s3_server() as address, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", address)
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "key")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield address


@pytest.fixture
def bucket(s3) -> str:
    """A location on S3 that no other test has."""
    return f"s3://class-{uuid.uuid4().hex}/artifacts"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """A file with all tables and no rows; copying it is quicker than making it."""
    folder = tmp_path_factory.mktemp("database")
    open_database(location_in(folder).database).dispose()
    return folder / "runs.sqlite"


@pytest.fixture
def store(location, empty_database) -> RunStore:
    """An empty store."""
    location.home.mkdir()
    if location.database.startswith("sqlite:"):
        shutil.copy(empty_database, location.home)
    return RunStore(location.database)


@pytest.fixture(scope="session")
def shared_lab(request, tmp_path_factory):
    """A lab whose engine and workers serve the whole session; for tests that kill at most workers.

    When its engine comes, it finds what `queue_for_two` left.
    """
    location = location_in(tmp_path_factory.mktemp("lab"))
    if USUAL == POSTGRESQL:
        location = dataclasses.replace(location, database=request.getfixturevalue("databases").make())
    with lab_at(location, "--idle-seconds", "600") as lab:
        first, second = queue_for_two(lab)
        lab.prepare()
        wait_for(lambda: lab.run(second).state == "finished", "the first runs", there=lambda: lab.run(second))
        for run_id in reversed(first):
            lab.stop(run_id)
        wait_for(lambda: lab.engine_is_ready, "the engine")
        yield lab


@pytest.fixture
def class_lab(databases, bucket, tmp_path):
    """A lab as a class has it, on PostgreSQL and S3, with an engine of its own."""
    location = dataclasses.replace(location_in(tmp_path / "home"), database=databases.make(), artifacts=bucket)
    with lab_at(location, "--workers", "1", "--idle-seconds", "2") as lab:
        yield lab
    open_database(location.database).dispose()
    no_connection(databases, location.database)


@pytest.fixture
def own_lab(location):
    """A lab with an engine of its own, for tests that kill it; one worker, because it starts faster."""
    with lab_at(location, "--workers", "1", "--idle-seconds", "2") as lab:
        yield lab
