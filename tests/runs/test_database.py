import gc
import json
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from rnnlab.config import from_json
from rnnlab.store import schema
from rnnlab.store.claim import claim_run
from rnnlab.store.database import DatabaseTooNew, open_database, reading, writing
from rnnlab.store.migrations.upgrade import known_revisions
from rnnlab.store.store import RunStore
from rnnlab.store.summary import Summary
from rnnlab.training.trainer import Measurement
from tests.support.databases import POSTGRESQL, SQLITE
from tests.support.labs import small_experiment
from tests.support.waiting import PATIENCE, wait_for

OPEN = "import sys; from rnnlab.store.database import open_database; open_database(sys.argv[1])"


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def url(request, tmp_path) -> str:
    """Of a database without tables."""
    if request.param == SQLITE:
        return f"sqlite:///{tmp_path}/runs.sqlite"
    return request.getfixturevalue("databases").make_empty()


def test_the_migrations_make_exactly_the_tables_of_the_schema(url):
    with reading(open_database(url)) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_code_expects_the_newest_migration(url):
    with reading(open_database(url)) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == schema.REVISION
    assert schema.REVISION in known_revisions()


def test_two_processes_that_start_at_once_migrate_once(url):
    processes = [subprocess.Popen([sys.executable, "-c", OPEN, url]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with reading(open_database(url)) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_an_up_to_date_database_is_opened_without_the_migration_library(url):
    open_database(url)
    check = f"{OPEN}; assert 'alembic' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", check, url], check=False).returncode == 0


def test_a_database_of_a_newer_version_gets_a_sentence(url):
    with writing(open_database(url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    open_database.cache_clear()
    with pytest.raises(DatabaseTooNew, match=r"schema version 9999 .* please update"):
        open_database(url)


def test_connections_that_nobody_needs_any_more_are_closed(databases):
    """A driver warns of each one that is not, and here a warning is an error."""
    url = databases.make()
    database = open_database(url)
    with reading(database), reading(database):
        assert len(databases.users_of(url)) == 2
    assert len(databases.users_of(url)) == 2  # They wait for the next transactions.
    del database
    open_database.cache_clear()
    gc.collect()
    wait_for(lambda: not databases.users_of(url), "no connection", there=lambda: databases.users_of(url))


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "klingon://server/db"])
def test_a_database_that_cannot_be_used_gets_a_sentence(url):
    with pytest.raises(ValueError, match="RNNLAB_DATABASE"):
        open_database(url)


def test_a_writer_waits_for_another_one_and_sees_what_it_wrote(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/runs.sqlite")

    def write_slowly(entered: threading.Event):
        with sqlite3.connect(tmp_path / "runs.sqlite") as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("CREATE TABLE other (x)")
            entered.set()
            time.sleep(0.2)  # holds the lock: what the other writer has to wait for
        other.close()

    entered = threading.Event()
    thread = threading.Thread(target=write_slowly, args=(entered,))
    thread.start()
    assert entered.wait(PATIENCE)
    with writing(database) as connection:
        connection.execute(text("CREATE TABLE mine (x)"))
        connection.execute(text("SELECT * FROM other"))
    thread.join()


def test_rows_of_a_run_that_does_not_exist_are_refused(url):
    database = open_database(url)
    row = {"run_id": "none", "step": 1, "content": "{}", "created": datetime.now(UTC)}
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), writing(database) as connection:
        connection.execute(insert(schema.samples), row)
    with reading(database) as connection:
        assert connection.execute(select(schema.samples)).all() == []


def _go_back_to(connection, version):
    """Make the tables what they were at 0001 or 0002.

    `arithmetic` came with 0003, the next two columns with 0004, the table of groups with 0005, that of
    predictions with 0007, all others with 0006. With 0008 `attempt` became `execution`.
    """
    connection.execute(text("ALTER TABLE runs RENAME COLUMN execution TO attempt"))
    for table in ("run_groups", "baselines", "predictions"):
        connection.execute(text(f"DROP TABLE {table}"))
    in_order = ("ix_runs_owner_deleted_created_id", "ix_runs_owner_deleted_best_loss_created_id")
    for index in ("ix_runs_group_id", *in_order):
        connection.execute(text(f"DROP INDEX {index}"))
    connection.execute(text("CREATE INDEX ix_runs_owner_created ON runs (owner, created)"))
    for column in (
        "arithmetic",
        "measured",
        "group_id",
        "best_loss",
        "spark",
        "free_error",
        "tags",
        "remark",
        "deleted",
    ):
        connection.execute(text(f"ALTER TABLE runs DROP COLUMN {column}"))
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_run_of_before_has_no_arithmetic_and_is_read(url):
    store = RunStore(url)
    run_id = store.create(small_experiment(), "ada")
    with writing(open_database(url)) as connection:
        _go_back_to(connection, "0002")
    open_database.cache_clear()
    assert RunStore(url).get(run_id).arithmetic is None


def test_a_run_of_before_has_its_newest_and_best_values_read_from_its_curves(url):
    store = RunStore(url)
    run_id = store.create(small_experiment(), "ada")
    claim = claim_run(url, run_id, 1, "engine", None)
    losses = [3.0, 1.0, 2.0]
    claim.append([Measurement(step, "valid_loss", loss) for step, loss in enumerate(losses)], 2)
    claim.append([Measurement(3, "grad_norm", 0.5)], 3)
    with writing(open_database(url)) as connection:
        _go_back_to(connection, "0002")
    open_database.cache_clear()
    run = RunStore(url).get(run_id)
    assert run.measured == {"valid_loss": Summary(2.0, 2, 1.0, 1), "grad_norm": Summary(0.5, 3)}
    assert (run.best_loss, run.spark) == (1.0, (3.0, 1.0, 2.0))


def test_a_run_of_before_has_the_spark_line_that_it_would_have_now(url):
    store = RunStore(url)
    run_id = store.create(small_experiment(), "ada")
    claim = claim_run(url, run_id, 1, "engine", None)
    for step in range(0, 100, 10):
        claim.append([Measurement(i, "valid_loss", 1 / (1 + i)) for i in range(step, step + 10)], step)
    before = store.get(run_id).spark_json
    with writing(open_database(url)) as connection:
        _go_back_to(connection, "0002")
    open_database.cache_clear()
    assert RunStore(url).get(run_id).spark_json == before


def test_a_gru_of_before_keeps_the_form_that_it_was_trained_in(url):
    """`reset_after` came later, with the other form as its default."""
    stored = {"old": {"cell": "gru"}, "new": {"cell": "gru", "reset_after": False}, "lstm": {"cell": "lstm"}}
    columns = ("id", "owner", "name", "experiment", "state", "submission", "execution", "deaths", "step")
    with writing(open_database(url)) as connection:
        for name, settings in stored.items():
            row = (name, "local", name, json.dumps(settings), "finished", 1, 1, 0, 0)
            now = datetime.now(UTC).replace(tzinfo=None)
            connection.execute(
                insert(schema.runs).values(**dict(zip(columns, row, strict=True)), created=now, queued=now)
            )
        _go_back_to(connection, "0001")
    open_database.cache_clear()
    with reading(open_database(url)) as connection:
        found = dict(connection.execute(select(schema.runs.c.id, schema.runs.c.experiment)).all())
    assert from_json(found["old"]).model.reset_after is True
    assert {name: json.loads(found[name]) for name in ("new", "lstm")} == {n: stored[n] for n in ("new", "lstm")}
