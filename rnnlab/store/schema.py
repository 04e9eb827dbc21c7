"""The tables of the run store.

A change here needs a new file in `migrations/versions` and a new `REVISION`; a test compares the three.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

REVISION = "0008"
"""The schema version that this code reads and writes."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zones, so the column holds naive UTC and the code only sees aware times."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware time to naive UTC."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Naive UTC to aware time."""
        return value and value.replace(tzinfo=UTC)


RowId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is spelled INTEGER."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _run_id() -> Column[str]:
    return Column("run_id", String(32), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False)


runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("preset", String(64)),
    Column("experiment", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("error", Text),
    # What keeps a worker busy before training, such as a download.
    Column("note", Text),
    # How often the run was put into the queue: a task that was submitted for an earlier time does nothing.
    Column("submission", Integer, nullable=False),
    # How often a worker has taken the run: the fence. Only the newest execution may write.
    Column("execution", Integer, nullable=False),
    # Workers lost since the last checkpoint: a run that kills its workers must end some day.
    Column("deaths", Integer, nullable=False),
    # Who executes it, see Location.engine_name.
    Column("engine", String(300)),
    Column("step", BigInteger, nullable=False),
    Column("total_steps", BigInteger),
    # How its products are computed, as `RunArithmetic.to_json` wrote it: going on takes it up.
    Column("arithmetic", Text),
    # The newest and the best value of each measure, as `summary.to_json` wrote them: a list of runs reads no curves.
    Column("measured", Text),
    # The id in `run_groups` of runs that belong together: the seeds of an experiment, the values of a sweep.
    Column("group_id", String(32)),
    # The lowest validation loss, which a list is sorted by, and a few of its values, as `Spark.to_json` wrote them.
    Column("best_loss", Double),
    Column("spark", Text),
    # The error of the newest free run of a series, as `sample_from` measured it.
    Column("free_error", Double),
    # What its owner wrote about it: tags with commas between them, and sentences.
    Column("tags", Text),
    Column("remark", Text),
    # When it was put into the trash; null for a run that is listed.
    Column("deleted", UtcTime),
    Column("created", UtcTime, nullable=False),
    Column("queued", UtcTime, nullable=False),
    Column("started", UtcTime),
    Column("ended", UtcTime),
    Column("heartbeat", UtcTime),
    # All that the order of a list needs, so that no settings are read for it.
    Index(None, "owner", "deleted", "created", "id"),
    Index(None, "owner", "deleted", "best_loss", "created", "id"),
    Index(None, "state"),
    Index(None, "group_id"),
)

# A row is deleted together with the last of its runs, see `rnnlab.store.group`.
run_groups = Table(
    "run_groups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    # JSON: all values of each setting that varies, by its flat name.
    Column("varies", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
    Index(None, "owner", "created"),
)

# The run that somebody compares all others with.
baselines = Table("baselines", metadata, Column("owner", String(64), primary_key=True), _run_id())

# What was predicted in lessons. The visitor has a name from which nobody finds the owner's id; see
# `rnnlab.store.predictions`.
predictions = Table(
    "predictions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("lesson", String(64), nullable=False),
    Column("step", String(64), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("choice", String(64), nullable=False),
    Column("made", UtcTime, nullable=False),
    Index(None, "visitor", "lesson"),
    sqlite_autoincrement=True,
)

# Each row is a stretch of one curve, not one point: a small network makes 10,000 points a second, and a worker that
# wrote them one by one would spend its time on that.
metrics = Table(
    "metrics",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _run_id(),
    Column("name", String(64), nullable=False),
    Column("first_step", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("steps", LargeBinary, nullable=False),  # little-endian int64, ascending
    Column("points", LargeBinary, nullable=False),  # little-endian float64, one for each step
    Index(None, "run_id", "id"),
    Index(None, "run_id", "name", "last_step"),
    sqlite_autoincrement=True,  # a reader's place is a row id, so an id must never be used twice
)

samples = Table(
    "samples",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _run_id(),
    Column("step", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
    UniqueConstraint("run_id", "step"),
    sqlite_autoincrement=True,
)

commands = Table(
    "commands",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _run_id(),
    Column("name", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("taken", UtcTime),
    Index(None, "run_id", "taken"),
    sqlite_autoincrement=True,
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _run_id(),
    Column("kind", String(32), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("path", String(500), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created", UtcTime, nullable=False),
    UniqueConstraint("path"),
    Index(None, "run_id", "kind", "step"),
    sqlite_autoincrement=True,
)
