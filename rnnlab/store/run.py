"""What a person sees of a run: its row as a value."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rnnlab import config
from rnnlab.arithmetic import RunArithmetic, arithmetic_from_json
from rnnlab.errors import LabError
from rnnlab.store import states
from rnnlab.store.spark import spark_from_json
from rnnlab.store.summary import Summaries, from_json

HEARTBEAT_SECONDS = 1.0
LOST_AFTER = timedelta(seconds=10)
"""A live run that has not beaten for this long has lost its worker: ten beats, more than a loaded machine skips."""


class UnknownRun(LabError):
    """There is no run of that id, or of those: deleted, or a stale link."""

    def __init__(self, *run_ids: str):
        named = ", ".join(map(config.shown, run_ids))
        super().__init__(
            f"There is no run {named}; it may have been deleted. Choose another one on the Runs page."
            if len(run_ids) == 1
            else f"There are no runs {named}; they may have been deleted. Choose others on the Runs page."
        )


class RunStateError(LabError):
    """The run is in a state in which this cannot be done."""


@dataclass(frozen=True)
class Checkpoint:
    """A file of weights that the store knows: path below the artifacts' location, size in bytes, and sha256."""

    step: int
    path: str
    size: int
    sha256: str

    def row(self, run_id: str, created: datetime) -> dict[str, Any]:
        """As the store keeps it."""
        return {"run_id": run_id, "kind": "checkpoint", "created": created, **dataclasses.asdict(self)}


@dataclass(frozen=True)
class Run:
    """One run at one moment. Times are UTC.

    Attributes:
        experiment_json: the settings as `config.to_json` wrote them.
        state: one of the states above.
        error: why it failed or was interrupted, one sentence, else None.
        note: what keeps its worker busy before training, such as a download, else None.
        submission: how often it was put into the queue.
        execution: number of the newest execution, so how often a worker took the run. When it changes, the curves may
            have been cut back to a checkpoint.
        deaths: workers lost since the last checkpoint.
        engine: who executes it, see `Location.engine_name`.
        step: optimiser updates done, as far as the worker has reported.
        total_steps: updates of the whole run; None until a worker has looked at the data.
        arithmetic_json: how its products are computed, as `RunArithmetic.to_json` wrote it; None until it has begun.
        measured_json: the newest and the best value of each measure, as `summary.to_json` wrote them.
        group_id: of the runs that it belongs to; None for one that stands alone.
        best_loss: the lowest validation loss; None before there is one.
        spark_json: a few of its validation losses, as `Spark.to_json` wrote them.
        free_error: root mean squared error of the newest free run of a series; None if there is none.
        tags: that its owner gave it, with `, ` between them.
        remark: what its owner wrote about it.
        deleted: when it was put into the trash; None for a run that is listed.
    """

    id: str
    owner: str
    name: str
    preset: str | None
    experiment_json: str
    state: str
    error: str | None
    note: str | None
    submission: int
    execution: int
    deaths: int
    engine: str | None
    step: int
    total_steps: int | None
    created: datetime
    queued: datetime
    started: datetime | None
    ended: datetime | None
    heartbeat: datetime | None
    arithmetic_json: str | None = None
    measured_json: str | None = None
    group_id: str | None = None
    best_loss: float | None = None
    spark_json: str | None = None
    free_error: float | None = None
    tags: str | None = None
    remark: str | None = None
    deleted: datetime | None = None

    @property
    def experiment(self) -> config.Experiment:
        """The settings. Raises `config.InvalidSetting` when this version does not know them any more."""
        return config.from_json(self.experiment_json)

    @property
    def known_experiment(self) -> config.Experiment | None:
        """The settings; None for a run that was stored by a version with other settings."""
        try:
            return self.experiment
        except config.InvalidSetting:
            return None

    @property
    def measured(self) -> Summaries:
        """The newest and the best value of each measure, by its name."""
        return from_json(self.measured_json)

    @property
    def spark(self) -> tuple[float, ...]:
        """A few of its validation losses, evenly spread over its steps."""
        return spark_from_json(self.spark_json).values

    @property
    def arithmetic(self) -> RunArithmetic | None:
        """How its products are computed; None before it has begun, and for runs that were stored without it."""
        return arithmetic_from_json(self.arithmetic_json)

    @property
    def is_live(self) -> bool:
        """A worker is at work on it."""
        return self.state in states.LIVE

    @property
    def is_waiting_or_live(self) -> bool:
        """Something will change by itself: a page that shows it should look again."""
        return self.state in (states.QUEUED, *states.LIVE)

    @property
    def can_go_on(self) -> bool:
        """Whether "go on" leads anywhere."""
        return self.state in states.RESUMABLE

    def seconds_left(self, now: datetime) -> float | None:
        """Seconds to its last step at the speed that it has had on average; None where that is not known."""
        if self.started is None or self.total_steps is None or not self.step or self.execution != 1:
            return None
        return (now - self.started).total_seconds() / self.step * (self.total_steps - self.step)

    def judged(self, engine_is_dead: bool, now: datetime | None = None) -> Run:
        """The run as it is shown: live in the row, but without a sign of life, means interrupted.

        Args:
            engine_is_dead: whether the engine that executes the run is known to have ended.
            now: the moment of looking; the present when it is None.
        """
        if not self.is_live:
            return self
        silent = (now or datetime.now(UTC)) - (self.heartbeat or self.queued) > LOST_AFTER
        if not (silent or engine_is_dead):
            return self
        why = "Its engine ended" if engine_is_dead else "Its worker has not responded for a while"
        return dataclasses.replace(
            self, state=states.INTERRUPTED, error=f"{why}; press Go on to continue from the last checkpoint."
        )
