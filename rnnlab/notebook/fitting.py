"""Train in a notebook, and open what was trained elsewhere."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.measures import MEASURES
from rnnlab.notebook.measured import history_of
from rnnlab.notebook.own_data import OwnData
from rnnlab.notebook.progress import Progress, Watched
from rnnlab.notebook.run import TrainedRun
from rnnlab.notebook.starting import Start, plan
from rnnlab.presets import run_name
from rnnlab.store.curves import curves_of
from rnnlab.store.weights import newest_weights
from rnnlab.worker.loading import load_experiment_data


def fit(
    start: Start | None = None,
    *,
    progress: bool | Progress = True,
    file: str | Path | OwnData | None = None,
    **settings: Any,
) -> TrainedRun:
    """Train a network from its first weights to its end, in this process.

    Args:
        start: a preset's name, an experiment, or data of your own from `own_text` or `own_series`. None takes the
            preset `sine`, or with `file` the one for its kind.
        progress: True shows a bar, and in a notebook the loss curve as it grows; False is silent. A function is called
            with the updates done, all updates, and what was measured since its last call.
        file: a text or a CSV file of your own to learn from, in place of the data of the start.
        settings: by their names, such as `units=16`; docs/reference.md lists them.
    Returns:
        The trained run. It shows itself as a card.
    Raises:
        ValueError: a name or a value is not allowed; the data cannot be had or do not fit the window; or training ran
            away.
    Example:
        run = rnnlab.fit("sine", units=16)
        run.compare(prime=50, horizon=500).figure()
    """
    planned = plan(start, settings, file)
    from rnnlab.training import train, trainer_for

    trainer = trainer_for(planned.experiment, planned.text)
    started = datetime.now(UTC)
    if progress is True:
        watched: Any = Watched(trainer.total_steps, planned.experiment.task.is_perplexity)
    else:
        watched = nullcontext(progress or None)
    with watched as told:
        fitted = train(trainer, told)
    return TrainedRun(
        experiment=fitted.experiment,
        preset=planned.preset,
        dataset=fitted.dataset,
        network=fitted.network,
        history=history_of(curves_of(fitted.measurements)),
        step=trainer.step,
        state="finished",
        arithmetic=fitted.arithmetic,
        name=run_name(planned.experiment, planned.preset),
        own_text=planned.text,
        trainer=trainer,
        times=(started, datetime.now(UTC)),
    )


def open_run(run_id: str) -> TrainedRun:
    """A run of the lab, trained by the app, the command line or a notebook, with its network and its data.

    Args:
        run_id: from the app's link, from `rnnlab.runs()`, or from `run.save()`.
    Raises:
        ValueError: there is no such run, or it has no saved weights yet.
    """
    lab = Lab.open()
    run = lab.run(run_id)
    experiment = run.experiment
    checkpoint, arrays = newest_weights(lab.store, lab.files, run.id)
    if checkpoint is None or arrays is None:
        raise LabError(f"The run {run.id} has no saved weights yet; wait until it has trained for a second.")
    dataset = load_experiment_data(experiment, lab.files)
    from rnnlab.models import Network
    from rnnlab.training import load_weights

    network = Network.for_experiment(experiment, len(dataset.vocabulary), experiment.seed)
    load_weights(network, arrays)
    return TrainedRun(
        experiment=experiment,
        preset=run.preset,
        dataset=dataset,
        network=network,
        history=history_of(lab.curves(run.id).by_name),
        step=checkpoint.step,
        state=run.state,
        arithmetic=run.arithmetic,
        name=run.name,
        id=run.id,
    )


def runs() -> pd.DataFrame:
    """All runs of the lab, newest first: one row for each, by its id, with the newest and the best value of measures.

    The columns `best ...` and `last ...` have the names of the measures that some run has.
    """
    listed = Lab.open().everybodys_runs()
    rows = []
    for run in listed:
        values = {name: run.measured[name] for name in MEASURES if name in run.measured}
        best = {f"best {name}": one.best for name, one in values.items() if one.best is not None}
        last = {f"last {name}": one.last for name, one in values.items()}
        rows.append(
            {
                "id": run.id,
                "name": run.name,
                "state": run.state,
                "step": run.step,
                "created": pd.Timestamp(run.created),
                "preset": run.preset,
                "group": run.group_id,
                **best,
                **last,
            }
        )
    columns = ["id", "name", "state", "step", "created", "preset", "group"]
    return pd.DataFrame(rows, columns=None if rows else columns).set_index("id")
