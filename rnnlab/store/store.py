"""The run store: what pages, the command line and the engine read and ask for.

A worker writes through `rnnlab.store.claim`, which is fenced; everything else about a run is done here.
"""

from __future__ import annotations

import json
import secrets
import statistics
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rnnlab import config
from rnnlab.config.sweep import Varied
from rnnlab.errors import LabError
from rnnlab.presets import NAME_LENGTH
from rnnlab.store import states
from rnnlab.store.curves import NOTHING_READ, Curve, Curves, read_curve, read_curves
from rnnlab.store.database import open_database, reading, writing
from rnnlab.store.finished import FinishedRun, insert_finished
from rnnlab.store.group import Group, delete_empty_group, get_group, insert_group, rename_group
from rnnlab.store.listing import (
    ListQuery,
    RunPage,
    checked_remark,
    checked_tags,
    get_baseline,
    list_page,
    pin_baseline,
    weights_size,
)
from rnnlab.store.predictions import Prediction, insert_prediction, list_predictions, visitor_name
from rnnlab.store.run import Checkpoint, Run, RunStateError, UnknownRun
from rnnlab.store.schema import artifacts, commands, runs, samples

MOST_DEATHS = 3
"""A run that lost this many workers in a row, with no checkpoint in between, kills them itself."""


RENAMED = {name: f"{name}_json" for name in ("experiment", "arithmetic", "measured", "spark")}
"""Columns that a `Run` has under another name."""


@dataclass(frozen=True)
class Sample:
    """What the network generated on its own at one step; `content` is what `Trainer.sample` returned."""

    step: int
    content: dict[str, Any]


class RunStore:
    """All runs of one database.

    Args:
        url: SQLAlchemy URL; the tables are made or brought up to date.
    """

    def __init__(self, url: str):
        self.url = url
        self._database = open_database(url)

    # --- runs --------------------------------------------------------------------------------------------------------

    def create(
        self, experiment: config.Experiment, owner: str, name: str | None = None, preset: str | None = None
    ) -> str:
        """Put a new run into the queue; returns its id, which nobody can guess."""
        row = _new_row(experiment, owner, name, preset)
        with writing(self._database) as connection:
            connection.execute(insert(runs), row)
        return row["id"]

    def create_fork(
        self,
        experiment: config.Experiment,
        owner: str,
        name: str | None,
        preset: str | None,
        keep: Callable[[str], Checkpoint],
    ) -> str:
        """Put a new run into the queue that goes on from weights of another one; returns its id.

        Args:
            keep: writes the weights for the run of that id, and says where.
        """
        row = _new_row(experiment, owner, name, preset)
        checkpoint = keep(row["id"])
        with writing(self._database) as connection:
            connection.execute(insert(runs), row | {"step": checkpoint.step})
            connection.execute(insert(artifacts), checkpoint.row(row["id"], _now()))
        return row["id"]

    def add_finished(self, run: FinishedRun, owner: str, name: str, keep: Callable[[str], Checkpoint]) -> str:
        """Keep a run that was trained elsewhere; returns its id.

        Args:
            keep: see `create_fork`.
        Raises:
            ValueError: the name is empty or too long.
        """
        row = _new_row(run.experiment, owner, name, run.preset)
        checkpoint = keep(row["id"])
        with writing(self._database) as connection:
            insert_finished(connection, row, run, checkpoint)
        return row["id"]

    def create_group(
        self,
        experiments: Sequence[config.Experiment],
        owner: str,
        name: str,
        varies: Varied,
        names: Sequence[str],
        preset: str | None = None,
    ) -> str:
        """Put new runs that belong together into the queue, all or none of them; returns the id of their group.

        Args:
            experiments: of the runs, in the order in which they will be begun.
            owner: of the group and of its runs.
            name: of the group.
            varies: see `Group.varies`.
            names: of the runs.
            preset: that the settings came from.
        """
        now = _now()
        group = Group(_new_id(), owner, _checked_name(name), {name: [*values] for name, values in varies.items()}, now)
        # A microsecond apart, so that they stay in order.
        moments = [now + timedelta(microseconds=i) for i in range(len(experiments))]
        rows = [
            _new_row(experiment, owner, run_name, preset) | {"group_id": group.id, "created": moment, "queued": moment}
            for experiment, run_name, moment in zip(experiments, names, moments, strict=True)
        ]
        with writing(self._database) as connection:
            insert_group(connection, group)
            connection.execute(insert(runs), rows)
        return group.id

    def group(self, group_id: str) -> Group:
        """The group of that id. Raises `UnknownGroup`."""
        with reading(self._database) as connection:
            return get_group(connection, group_id)

    def members(self, group_id: str) -> list[Run]:
        """The runs of a group, in the order in which they were submitted. Raises `UnknownGroup`."""
        query = select(runs).where(runs.c.group_id == group_id, runs.c.deleted.is_(None))
        query = query.order_by(runs.c.created, runs.c.id)
        with reading(self._database) as connection:
            get_group(connection, group_id)
            return [_run(row) for row in connection.execute(query)]

    def get(self, run_id: str) -> Run:
        """The run of that id. Raises `UnknownRun`, also for one in the trash."""
        with reading(self._database) as connection:
            return _get(connection, run_id)

    def runs(self, owners: Iterable[str] | None = None) -> list[Run]:
        """The runs of these owners, or of everybody, newest first, without those in the trash."""
        query = select(runs).where(runs.c.deleted.is_(None)).order_by(runs.c.created.desc(), runs.c.id)
        if owners is not None:
            query = query.where(runs.c.owner.in_(list(owners)))
        with reading(self._database) as connection:
            return [_run(row) for row in connection.execute(query)]

    def page(self, owners: Sequence[str], query: ListQuery) -> RunPage:
        """One page of the runs of these owners."""
        with reading(self._database) as connection:
            return list_page(connection, owners, query, _run)

    def weights_size(self, owners: Sequence[str]) -> int:
        """Bytes of all weights of these owners' runs, also of those in the trash."""
        with reading(self._database) as connection:
            return weights_size(connection, owners)

    def baseline(self, owner: str) -> Run | None:
        """The run that somebody compares all others with; None if there is none."""
        with reading(self._database) as connection:
            row = get_baseline(connection, owner)
        return _run(row) if row else None

    def pin(self, owner: str, run_id: str | None) -> None:
        """Compare all runs of somebody with this one from now on, or with none. Raises `UnknownRun`."""
        with writing(self._database) as connection:
            if run_id is not None:
                _locked(connection, run_id)
            pin_baseline(connection, owner, run_id)

    def queued(self) -> list[Run]:
        """The runs that wait for a worker, in the order in which they were queued."""
        query = select(runs).where(runs.c.state == states.QUEUED).order_by(runs.c.queued, runs.c.id)
        with reading(self._database) as connection:
            return [_run(row) for row in connection.execute(query)]

    def typical_seconds(self) -> float | None:
        """The median time from start to end of the last twenty finished runs; None before there is one."""
        query = select(runs.c.started, runs.c.ended).where(runs.c.state == states.FINISHED, runs.c.started.is_not(None))
        with reading(self._database) as connection:
            times = connection.execute(query.order_by(runs.c.ended.desc()).limit(20)).all()
        return statistics.median((ended - started).total_seconds() for started, ended in times) if times else None

    def finished(self, most: int) -> list[Run]:
        """The runs that finished last, the newest first."""
        query = select(runs).where(runs.c.state == states.FINISHED, runs.c.started.is_not(None))
        with reading(self._database) as connection:
            return [_run(row) for row in connection.execute(query.order_by(runs.c.ended.desc()).limit(most))]

    def live(self) -> list[Run]:
        """The runs that a worker is at work on, as far as the rows say."""
        with reading(self._database) as connection:
            return [_run(row) for row in connection.execute(select(runs).where(runs.c.state.in_(states.LIVE)))]

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name. Raises `UnknownRun`, and `ValueError` when the name is empty or too long."""
        with writing(self._database) as connection:
            renamed = update(runs).where(runs.c.id == _checked_id(run_id)).values(name=_checked_name(name))
            done = connection.execute(renamed)
        if not done.rowcount:
            raise UnknownRun(run_id)

    def annotate(self, run_id: str, tags: str, remark: str) -> None:
        """Write tags, with commas between them, and a remark to a run.

        Raises:
            UnknownRun: there is no such run.
            LabError: the tags or the remark are too long.
        """
        values = {"tags": checked_tags(tags), "remark": checked_remark(remark)}
        with writing(self._database) as connection:
            done = connection.execute(update(runs).where(runs.c.id == _checked_id(run_id)).values(**values))
        if not done.rowcount:
            raise UnknownRun(run_id)

    def trash(self, run_id: str) -> None:
        """Take a run out of every list, until it is restored or deleted. A live one is stopped. Raises `UnknownRun`."""
        with writing(self._database) as connection:
            _put_away(connection, _locked(connection, run_id), _now())

    def trash_group(self, group_id: str) -> None:
        """Put all runs of a group into the trash, all at the same moment. Raises `UnknownGroup`."""
        query = select(runs).where(runs.c.group_id == group_id, runs.c.deleted.is_(None)).with_for_update()
        with writing(self._database) as connection:
            get_group(connection, group_id)
            moment = _now()
            for row in connection.execute(query).all():
                _put_away(connection, _run(row), moment)

    def restore_group(self, group_id: str) -> None:
        """Take those runs of a group out of the trash that were put there last. Raises `UnknownGroup`."""
        with writing(self._database) as connection:
            get_group(connection, group_id)
            last = connection.execute(select(func.max(runs.c.deleted)).where(runs.c.group_id == group_id)).scalar()
            back = update(runs).where(runs.c.group_id == group_id, runs.c.deleted == last)
            connection.execute(back.values(deleted=None))

    def restore(self, run_id: str) -> None:
        """Take a run out of the trash. Raises `UnknownRun`."""
        with writing(self._database) as connection:
            _locked(connection, run_id)
            connection.execute(update(runs).where(runs.c.id == run_id).values(deleted=None))

    def trashed(self, owners: Iterable[str]) -> list[Run]:
        """The runs of these owners that are in the trash, the one that was put there last first."""
        query = select(runs).where(runs.c.owner.in_(list(owners)), runs.c.deleted.is_not(None))
        with reading(self._database) as connection:
            return [_run(row) for row in connection.execute(query.order_by(runs.c.deleted.desc(), runs.c.id))]

    def rename_group(self, group_id: str, name: str) -> None:
        """Give a group another name. Raises `UnknownGroup`, and `ValueError` when the name is empty or too long."""
        with writing(self._database) as connection:
            rename_group(connection, group_id, _checked_name(name))

    def delete(self, run_id: str) -> None:
        """Forget a run. A worker that is at work on it notices at its next write and ends. Raises `UnknownRun`."""
        with writing(self._database) as connection:
            run = _locked(connection, run_id)
            connection.execute(delete(runs).where(runs.c.id == run_id))
            if run.group_id:
                delete_empty_group(connection, run.group_id)

    # --- lessons -----------------------------------------------------------------------------------------------------

    def predict(self, owner: str, lesson: str, step: str, choice: str) -> None:
        """Keep what somebody predicts in a step of a lesson. A later prediction takes its place."""
        with writing(self._database) as connection:
            insert_prediction(connection, Prediction(lesson, step, visitor_name(owner), choice, _now()))

    def predictions(self, owner: str | None = None, lesson: str | None = None) -> list[Prediction]:
        """What somebody, or everybody, has predicted, in the order in which it was predicted."""
        with reading(self._database) as connection:
            return list_predictions(connection, owner, lesson)

    # --- what a person asks of a run ---------------------------------------------------------------------------------

    def queue_again(self, run: Run, **first_commands: dict[str, Any]) -> None:
        """Put a run that is not live into the queue once more, to go on from its last checkpoint.

        Args:
            run: as it is shown, see `Run.judged`; nothing is done when it is in the queue already.
            first_commands: what its worker is to read first: the JSON-able details of each command by its name.
        Raises:
            RunStateError: it is live or finished, or it failed before the first checkpoint.
        """
        with writing(self._database) as connection:
            current = _locked(connection, run.id)
            if current.state == states.QUEUED:
                return
            taken_for_lost = current.is_live and run.state == states.INTERRUPTED and current.execution == run.execution
            if not (current.can_go_on or taken_for_lost):
                raise RunStateError(f"This run is {current.state}; only {', '.join(states.RESUMABLE)} runs can go on.")
            if current.state == states.FAILED and not _checkpoints(connection, run.id):
                raise RunStateError(
                    "This run failed before its first checkpoint, so it cannot go on; change its settings and start a "
                    "new one."
                )
            # Commands that nobody read were meant for the execution that is over.
            connection.execute(delete(commands).where(commands.c.run_id == run.id, commands.c.taken.is_(None)))
            _queue(connection, current, deaths=0, queued=_now())
            for command, content in first_commands.items():
                connection.execute(insert(commands), _command(run.id, command, content))

    def extend(self, run: Run, experiment: config.Experiment) -> None:
        """Put a finished run into the queue once more, with settings that have more epochs.

        Raises:
            RunStateError: it is not finished.
        """
        with writing(self._database) as connection:
            current = _locked(connection, run.id)
            if current.state != states.FINISHED:
                raise RunStateError(f"This run is {current.state}; only a finished run can be given more epochs.")
            longer = {"experiment": config.to_json(experiment), "total_steps": None}
            connection.execute(update(runs).where(runs.c.id == run.id).values(**longer))
            _queue(connection, current, deaths=0, queued=_now())

    def queue_after_death(self, run_id: str, submission: int) -> None:
        """Put a run whose worker died back into the queue, or end it as failed when that happens again and again."""
        with writing(self._database) as connection:
            run = _find(connection, run_id)
            if run is None or run.submission != submission or not run.is_waiting_or_live:
                return
            if run.deaths + 1 < MOST_DEATHS:
                return _queue(connection, run, deaths=run.deaths + 1, queued=run.queued)
            sentence = (
                f"The worker process died {run.deaths + 1} times during this run, probably because memory ran out; use "
                "fewer units, a shorter window or a smaller batch."
            )
            _end(connection, run, states.FAILED, sentence)

    def fail(self, run_id: str, submission: int, sentence: str) -> None:
        """End a run that no worker could execute; nothing is done when it was queued anew or has ended."""
        with writing(self._database) as connection:
            run = _find(connection, run_id)
            if run is not None and run.submission == submission and run.is_waiting_or_live:
                _end(connection, run, states.FAILED, sentence)

    def interrupt_lost(self, engine: str) -> list[str]:
        """Mark as interrupted what is live in its row only; for an engine that starts.

        Args:
            engine: name of the engine; what an earlier engine of that name left live has ended with it.
        Returns:
            The ids of the runs.
        """
        lost = []
        with writing(self._database) as connection:
            for row in connection.execute(select(runs).where(runs.c.state.in_(states.LIVE)).with_for_update()).all():
                run = _run(row).judged(engine_is_dead=row.engine == engine)
                if run.state == states.INTERRUPTED:
                    _end(connection, run, states.INTERRUPTED, run.error)
                    lost.append(run.id)
        return lost

    def ask(self, run: Run, command: str, content: dict[str, Any] | None = None) -> None:
        """Leave a command for the worker of a live run; pause and stop also reach a run that no worker has.

        Args:
            run: as it is shown, see `Run.judged`.
            command: `pause`, `stop`, `interrupt`, `change`, `pace` or `advance`.
            content: JSON-able details; see `rnnlab.worker.execution`.
        Raises:
            UnknownRun: it was deleted.
        """
        with writing(self._database) as connection:
            current = _locked(connection, run.id)
            if current.is_live and run.state != states.INTERRUPTED:
                connection.execute(insert(commands), _command(run.id, command, content or {}))
            elif command == "stop" and current.state not in (states.FINISHED, states.FAILED, states.STOPPED):
                _end(connection, current, states.STOPPED, None)
            elif command == "pause" and current.state == states.QUEUED:
                _end(connection, current, states.PAUSED, None)

    # --- what a worker has written -----------------------------------------------------------------------------------

    def curves(self, run_id: str, since: Curves = NOTHING_READ) -> Curves:
        """The points that were measured since the last reading. Raises `UnknownRun`."""
        with reading(self._database) as connection:
            curves = read_curves(connection, run_id, since)
        if curves is None:
            raise UnknownRun(run_id)
        return curves

    def curve(self, run_id: str, name: str) -> Curve:
        """One whole curve of a run; no points if there is none."""
        with reading(self._database) as connection:
            return read_curve(connection, run_id, name)

    def sample_times(self, run_id: str) -> list[tuple[int, datetime]]:
        """The step of each sample, and when it was stored, in the order of steps."""
        query = select(samples.c.step, samples.c.created).where(samples.c.run_id == run_id).order_by(samples.c.step)
        with reading(self._database) as connection:
            return [(step, created) for step, created in connection.execute(query)]

    def samples(self, run_id: str, after_step: int = -1) -> list[Sample]:
        """What the network generated while it trained, in the order of steps, after `after_step`."""
        query = select(samples.c.step, samples.c.content).where(samples.c.run_id == run_id, samples.c.step > after_step)
        with reading(self._database) as connection:
            return [Sample(step, json.loads(text)) for step, text in connection.execute(query.order_by(samples.c.step))]

    def newest_sample(self, run_id: str) -> Sample | None:
        """What the network generated last; None before it has generated anything."""
        query = select(samples.c.step, samples.c.content).where(samples.c.run_id == run_id)
        with reading(self._database) as connection:
            row = connection.execute(query.order_by(samples.c.step.desc()).limit(1)).one_or_none()
        return Sample(row.step, json.loads(row.content)) if row else None

    def checkpoints(self, run_id: str) -> list[Checkpoint]:
        """The weights that are kept, newest first."""
        with reading(self._database) as connection:
            return _checkpoints(connection, run_id)


def _new_row(experiment: config.Experiment, owner: str, name: str | None, preset: str | None) -> dict[str, Any]:
    """The row of a run that waits for its first worker. Its id is one that nobody can guess."""
    now = _now()
    row: dict[str, Any] = {"id": _new_id(), "owner": owner, "name": _checked_name(name or preset or "run")}
    row |= {"preset": preset, "experiment": config.to_json(experiment), "created": now, "queued": now}
    return row | {"state": states.QUEUED, "submission": 1, "execution": 0, "deaths": 0, "step": 0}


def _command(run_id: str, name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"run_id": run_id, "name": name, "content": json.dumps(content), "created": _now()}


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    """Twelve characters that nobody can guess; the first is no hyphen, which begins a command line's options."""
    return secrets.choice(string.ascii_letters + string.digits) + secrets.token_urlsafe(9)[1:]


def _checked_id(run_id: str) -> str:
    """An id as a database can be asked for it; half a character, for one, would be its error. Raises `UnknownRun`."""
    if not (run_id.isascii() and run_id.isprintable()):
        raise UnknownRun(run_id)
    return run_id


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise LabError(f"The name {config.shown(name)} contains half a character; please type it again.") from error
    if "\0" in name:  # PostgreSQL keeps none
        raise LabError(
            f"The name {config.shown(name)} contains a character that is not text (NUL); please type it again."
        )
    if not 1 <= len(name) <= NAME_LENGTH:
        raise LabError(f"The name has {len(name)} characters, but must have 1 to {NAME_LENGTH}; please change it.")
    return name


def _run(row: Row[Any]) -> Run:
    values = dict(row._mapping)
    return Run(**{RENAMED.get(name, name): value for name, value in values.items()})


def _get(connection: Connection, run_id: str) -> Run:
    listed = select(runs).where(runs.c.id == _checked_id(run_id), runs.c.deleted.is_(None))
    row = connection.execute(listed).one_or_none()
    if row is None:
        raise UnknownRun(run_id)
    return _run(row)


def _find(connection: Connection, run_id: str) -> Run | None:
    """The run, locked until the transaction ends: what is decided on it is written before anybody else can."""
    row = connection.execute(select(runs).where(runs.c.id == _checked_id(run_id)).with_for_update()).one_or_none()
    return _run(row) if row else None


def _locked(connection: Connection, run_id: str) -> Run:
    run = _find(connection, run_id)
    if run is None:
        raise UnknownRun(run_id)
    return run


def _queue(connection: Connection, run: Run, deaths: int, queued: datetime) -> None:
    fresh = {"state": states.QUEUED, "submission": run.submission + 1, "deaths": deaths, "queued": queued}
    connection.execute(
        update(runs).where(runs.c.id == run.id).values(error=None, note=None, ended=None, heartbeat=None, **fresh)
    )


def _end(connection: Connection, run: Run, state: str, sentence: str | None) -> None:
    connection.execute(
        update(runs).where(runs.c.id == run.id).values(state=state, error=sentence, note=None, ended=_now())
    )


def _put_away(connection: Connection, run: Run, moment: datetime) -> None:
    """Put a run into the trash; a live one is stopped by it."""
    if run.is_waiting_or_live:
        _end(connection, run, states.STOPPED, None)
    connection.execute(update(runs).where(runs.c.id == run.id).values(deleted=moment))


def _checkpoints(connection: Connection, run_id: str) -> list[Checkpoint]:
    query = select(artifacts.c.step, artifacts.c.path, artifacts.c.size, artifacts.c.sha256)
    query = query.where(artifacts.c.run_id == run_id, artifacts.c.kind == "checkpoint").order_by(artifacts.c.id.desc())
    return [Checkpoint(*row) for row in connection.execute(query)]
