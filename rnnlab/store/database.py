"""Open the database: connections set up for many processes, and the schema brought up to date."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from rnnlab.errors import LabError
from rnnlab.files import private_folder, touch_private
from rnnlab.store import schema

BUSY_SECONDS = 30
"""How long a writer waits for another one. Transactions take milliseconds, so only a stuck disk ever gets here."""

MIGRATION_LOCK = 7_246_652
"""Key of PostgreSQL's advisory lock: any number that no other program on the server uses."""


class DatabaseTooNew(LabError):
    """The database was written by a newer version of this program."""


@lru_cache(maxsize=8)
def open_database(url: str) -> Engine:
    """Connections to the database at `url`, with the schema that this code expects.

    Cached for each process and URL: the schema is checked once, with one select.

    Raises:
        ValueError: not a database URL that works here.
        DatabaseTooNew: a newer version of this program has changed the schema.
    """
    engine = _connect(url)
    _close_with(engine)
    if _schema_version(engine) != schema.REVISION:
        _upgrade(engine)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the only writer while it lasts (SQLite), or locks the rows that it updates (PostgreSQL)."""
    with engine.connect().execution_options(rnnlab_writes=True) as connection, connection.begin():
        yield connection


def _close_with(engine: Engine) -> None:
    """See to it that the engine's connections are closed when nobody holds it any more, and when the process ends.

    SQLAlchemy leaves that to the garbage collector, and a driver calls what that finds a leak. A list of its own is
    needed, because whatever else knows the connections knows the engine too and would keep it alive.
    """
    opened: dict[int, Any] = {}
    event.listen(engine, "connect", lambda connection, _record: opened.update({id(connection): connection}))
    event.listen(engine, "close", lambda connection, _record: opened.pop(id(connection), None))
    weakref.finalize(engine, _close_all, opened)


def _close_all(opened: dict[int, Any]) -> None:
    for connection in list(opened.values()):
        connection.close()


def _connect(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _connect_sqlite(parsed)
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise LabError(
            f"The database {_without_password(url)!r} cannot be opened ({error}); RNNLAB_DATABASE must be a URL "
            "such as sqlite:////folder/runs.sqlite or postgresql+psycopg://user@host/rnnlab, with the driver installed."
        ) from error


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _connect_sqlite(url: sqlalchemy.URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise LabError(
            "RNNLAB_DATABASE names a database in memory, which other processes cannot see; please name a file, such as "
            "sqlite:////folder/runs.sqlite."
        )
    file = Path(url.database)
    if not file.parent.exists():
        private_folder(file.parent)
    touch_private(file)  # SQLite gives its other files the same permissions.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy's documented recipe: the driver must not begin transactions by itself, _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # In WAL a reader that turns into a writer half-way is refused at once, without the busy timeout: writers say so
    # first.
    writes = connection.get_execution_options().get("rnnlab_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _schema_version(engine: Engine) -> str | None:
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine) -> None:
    # Imported here because it takes 0.3 s, and is needed only at the first start after an installation.
    from rnnlab.store.migrations.upgrade import known_revisions, upgrade

    with _migration_lock(engine), writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        version = None
        if inspect(connection).has_table("alembic_version"):
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version is not None and version not in known_revisions():
            raise DatabaseTooNew(
                f"The database {engine.url.render_as_string()!r} has schema version {version} and this program knows "
                f"versions up to {schema.REVISION}; please update RNN Lab, or name another database in RNNLAB_DATABASE."
            )
        upgrade(connection)


def _migration_lock(engine: Engine) -> AbstractContextManager[Any]:
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return FileLock(f"{engine.url.database}.migration.lock", timeout=120)
