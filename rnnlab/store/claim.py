"""A worker's access to the run that it executes.

Each execution claims its run, and the run's row counts the claims. Every later write of the execution is made on the
condition that it is still the newest: a worker that was taken for dead and replaced can write nothing any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from rnnlab.arithmetic import RunArithmetic
from rnnlab.measures import VALID_LOSS
from rnnlab.store import states
from rnnlab.store.curves import Curve, Measured, append_curves, curves_of, cut_curves, read_curves
from rnnlab.store.database import open_database, writing
from rnnlab.store.location import database_in_words
from rnnlab.store.reserve import give_up_reserve, keep_reserve
from rnnlab.store.run import Checkpoint
from rnnlab.store.schema import artifacts, commands, runs, samples
from rnnlab.store.spark import Spark
from rnnlab.store.summary import Summaries, to_json, with_curves

CHECKPOINTS_KEPT = 2
"""The newest, and the one before it in case that the newest cannot be read."""


class Superseded(Exception):
    """The run has been deleted, ended, or taken by another worker: this execution has nothing to do any more."""


@dataclass(frozen=True)
class Command:
    """What somebody asked of a live run."""

    name: str
    content: dict[str, Any]


def claim_run(url: str, run_id: str, submission: int, engine: str, checkpoint: Checkpoint | None) -> Claim:
    """Take a run that waits, or whose worker the cluster has replaced.

    In the same transaction everything later than the checkpoint is forgotten, so that no reader ever sees a curve of
    two executions.

    Args:
        url: the database.
        submission: the run's submission that the task was made for.
        engine: see `Location.engine_name`.
        checkpoint: where the execution will start; None for the beginning.
    Raises:
        Superseded: the run has ended, or was queued anew since.
    """
    database = open_database(url)
    step = checkpoint.step if checkpoint else 0
    with writing(database) as connection:
        claimable = (states.QUEUED, *states.LIVE)
        row = (runs.c.id == run_id) & (runs.c.submission == submission) & runs.c.state.in_(claimable)
        execution = connection.execute(select(runs.c.execution).where(row).with_for_update()).scalar()
        if execution is None:
            raise Superseded(run_id)
        taken = {
            "state": states.STARTING,
            "execution": execution + 1,
            "engine": engine,
            "step": step,
            "error": None,
            "note": None,
        }
        connection.execute(update(runs).where(row).values(heartbeat=_now(), ended=None, **taken))
        if execution:
            cut_curves(connection, run_id, step if checkpoint else -1)
            connection.execute(delete(samples).where(samples.c.run_id == run_id, samples.c.step > step))
            connection.execute(delete(artifacts).where(artifacts.c.run_id == run_id, artifacts.c.step > step))
        left = read_curves(connection, run_id) if execution else None
        measured = Measurements().extended(left.by_name if left else {})
        connection.execute(update(runs).where(runs.c.id == run_id).values(**measured.columns))
    keep_reserve(database)
    return Claim(database, run_id, execution + 1, measured)


@dataclass(frozen=True)
class Measurements:
    """What the run's row has of its curves."""

    summaries: Summaries = field(default_factory=dict)
    spark: Spark = field(default_factory=Spark)

    def extended(self, curves: Mapping[str, Curve]) -> Measurements:
        """After more was measured."""
        losses = curves.get(VALID_LOSS.name)
        spark = self.spark.extended(losses) if losses else self.spark
        return Measurements(with_curves(self.summaries, curves), spark)

    @property
    def columns(self) -> dict[str, Any]:
        """As the row keeps it."""
        loss = self.summaries.get(VALID_LOSS.name)
        best = loss.best if loss else None
        return {"measured": to_json(self.summaries), "spark": self.spark.to_json(), "best_loss": best}


class Claim:
    """The right to write about one run, as long as nobody else has claimed it.

    Every method raises `Superseded` when that right is lost. Each write counts as a heartbeat.
    """

    def __init__(self, database: Engine, run_id: str, execution: int, measured: Measurements):
        self._database = database
        self._measured = measured
        self.run_id = run_id
        self.execution = execution
        self.where = database_in_words(database.url.render_as_string())

    def beat(self) -> None:
        """Show that the worker is alive."""
        with writing(self._database) as connection:
            self._write(connection)

    def tell(self, note: str) -> None:
        """Say what keeps the worker busy before training."""
        with writing(self._database) as connection:
            self._write(connection, note=note)

    def start(self, step: int, total_steps: int, arithmetic: RunArithmetic | None = None) -> None:
        """The network is built: the run is running.

        Args:
            arithmetic: how its updates are computed; None leaves what was recorded.
        """
        recorded = {"arithmetic": arithmetic.to_json()} if arithmetic else {}
        with writing(self._database) as connection:
            self._write(connection, state=states.RUNNING, note=None, step=step, total_steps=total_steps, **recorded)
            first = update(runs).where(runs.c.id == self.run_id, runs.c.started.is_(None))
            connection.execute(first.values(started=_now()))

    def record_experiment(self, experiment: str) -> None:
        """Store the run's settings anew, as `config.to_json` wrote them: something was moved while it trains."""
        with writing(self._database) as connection:
            self._write(connection, experiment=experiment)

    def append(self, measurements: Iterable[Measured], step: int) -> None:
        """Store what was measured, and how far the training has come."""
        curves = curves_of(measurements)
        measured = self._measured.extended(curves)
        with writing(self._database) as connection:
            self._write(connection, step=step, **measured.columns)
            append_curves(connection, self.run_id, curves)
        self._measured = measured

    def add_sample(self, step: int, content: dict[str, Any]) -> None:
        """Store what the network generates on its own; a second sample of one step replaces the first.

        Args:
            content: see `rnnlab.generation.sample_from`; the `error` of a series goes into the run's row, too.
        """
        with writing(self._database) as connection:
            self._write(connection, **({"free_error": content["error"]} if "error" in content else {}))
            connection.execute(delete(samples).where(samples.c.run_id == self.run_id, samples.c.step == step))
            row = {"run_id": self.run_id, "step": step, "content": json.dumps(content), "created": _now()}
            connection.execute(insert(samples), row)

    def add_checkpoint(self, checkpoint: Checkpoint) -> list[str]:
        """Record a file of weights that has been written; returns the paths of those that are not needed any more."""
        with writing(self._database) as connection:
            self._write(connection, deaths=0)
            connection.execute(insert(artifacts), checkpoint.row(self.run_id, _now()))
            return self._forget_old_checkpoints(connection)

    def take_commands(self) -> list[Command]:
        """The commands that nobody has read yet, oldest first."""
        unread = (commands.c.run_id == self.run_id) & commands.c.taken.is_(None)
        query = select(commands.c.id, commands.c.name, commands.c.content).where(unread).order_by(commands.c.id)
        with self._database.connect() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []
        with writing(self._database) as connection:
            self._write(connection)
            rows = connection.execute(query).all()
            connection.execute(update(commands).where(unread).values(taken=_now()))
        return [Command(name, json.loads(content)) for _, name, content in rows]

    def queue_again(self) -> None:
        """The execution steps back: the run waits for its next turn behind those that wait already."""
        with writing(self._database) as connection:
            fresh = {"state": states.QUEUED, "submission": runs.c.submission + 1, "queued": _now()}
            self._write(connection, **fresh)
            connection.execute(update(runs).where(runs.c.id == self.run_id).values(heartbeat=None))

    def end_on_a_full_disk(self, error: str) -> None:
        """The execution is over because nothing can be written any more but this; the run can go on later."""
        give_up_reserve(self._database)
        self.end(states.INTERRUPTED, error)

    def end(self, state: str, error: str | None = None) -> None:
        """The execution is over, and this is what has become of the run."""
        with writing(self._database) as connection:
            self._write(connection, state=state, error=error, note=None, ended=_now())

    def _write(self, connection: Connection, **values: Any) -> None:
        mine = (runs.c.id == self.run_id) & (runs.c.execution == self.execution) & runs.c.state.in_(states.LIVE)
        if not connection.execute(update(runs).where(mine).values(heartbeat=_now(), **values)).rowcount:
            raise Superseded(self.run_id)

    def _forget_old_checkpoints(self, connection: Connection) -> list[str]:
        mine = (artifacts.c.run_id == self.run_id) & (artifacts.c.kind == "checkpoint")
        query = select(artifacts.c.id, artifacts.c.path).where(mine).order_by(artifacts.c.id.desc())
        old = connection.execute(query.offset(CHECKPOINTS_KEPT)).all()
        if old:
            connection.execute(delete(artifacts).where(artifacts.c.id.in_([row.id for row in old])))
        return [row.path for row in old]


def _now() -> datetime:
    return datetime.now(UTC)
