"""Put a run into the store that was trained elsewhere, such as in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import Experiment
from rnnlab.store import states
from rnnlab.store.claim import Measurements
from rnnlab.store.curves import Curve, append_curves
from rnnlab.store.run import Checkpoint
from rnnlab.store.schema import artifacts, runs, samples


@dataclass(frozen=True)
class FinishedRun:
    """A run that is over, with all that the store keeps of one.

    Attributes:
        experiment: its settings.
        preset: that they came from.
        curves: what was measured, by name.
        sample: what the network generated at the last step, as `Trainer.sample` gives it; None if there is none.
        step: updates done, which are all.
        arithmetic: how they were computed.
        started, ended: in UTC.
    """

    experiment: Experiment
    preset: str | None
    curves: Mapping[str, Curve]
    sample: dict[str, Any] | None
    step: int
    arithmetic: RunArithmetic
    started: datetime
    ended: datetime


def insert_finished(connection: Connection, row: dict[str, Any], run: FinishedRun, checkpoint: Checkpoint) -> None:
    """Write all rows of a run.

    Args:
        row: of a new run, which is changed into one that is over.
        run: what was trained.
        checkpoint: of its weights, which are written.
    """
    ending = {
        "state": states.FINISHED,
        "execution": 1,
        "step": run.step,
        "total_steps": run.step,
        "arithmetic": run.arithmetic.to_json(),
        "free_error": (run.sample or {}).get("error"),
        "started": run.started,
        "ended": run.ended,
    }
    connection.execute(insert(runs), row | ending | Measurements().extended(run.curves).columns)
    append_curves(connection, row["id"], run.curves)
    connection.execute(insert(artifacts), checkpoint.row(row["id"], run.ended))
    if run.sample is not None:
        content = json.dumps(run.sample)
        sample = {"run_id": row["id"], "step": run.step, "content": content, "created": run.ended}
        connection.execute(insert(samples), sample)
