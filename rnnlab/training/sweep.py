"""Train several experiments in this process and compare them: for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rnnlab.config import Experiment, Sweep, check_memory, to_flat
from rnnlab.data import load_dataset
from rnnlab.training.fit import train, with_text_of
from rnnlab.training.trainer import NonFinite, Record, Trainer
from rnnlab.training.workbench import WorkbenchPool


def sweep(
    experiment: Experiment,
    varied: Mapping[str, Sequence[Any]] | None = None,
    seeds: int = 1,
    progress: Callable[[int, int], None] | None = None,
    file: str | Path | None = None,
) -> pd.DataFrame:
    """Train an experiment with several values of up to two settings, each with several seeds, one after the other.

    Args:
        experiment: gives all other settings; its seed is the first one, and the others follow it.
        varied: the values by the flat name of their setting; None varies the seed only.
        seeds: runs of each combination of values.
        progress: called after each run with the number of runs done and of all runs.
        file: a text of one's own to learn from, as for `fit`.
    Returns:
        One row for each run: the settings that vary, the seed, the updates done (`steps`), the last value of each
        measure by its name, and in `error` why a run could not go on; its measures are then the last finite ones.
    Raises:
        InvalidSetting: the values cannot be used together.
        ValueError: the data or the file cannot be had or do not fit the window.

    Example:
        >>> results = rnnlab.sweep(rnnlab.preset("sine").experiment, {"cell": ["simple_rnn", "lstm"]}, seeds=3)
        >>> results.groupby("cell")["valid_loss"].agg(["median", "min", "max"])
    """
    experiment, text = with_text_of(experiment, file)
    planned = Sweep(experiment, varied or {}, seeds)
    names, pool, rows = list(planned.varies), WorkbenchPool(), []
    for member in planned.experiments:
        flat = to_flat(member)
        rows.append({name: flat[name] for name in names} | _measured(member, text, pool))
        if progress:
            progress(len(rows), len(planned.experiments))
    return pd.DataFrame(rows)


def _measured(experiment: Experiment, text: str | None, pool: WorkbenchPool) -> dict[str, Any]:
    dataset = load_dataset(experiment.data, experiment.seed, upload_text=text)
    check_memory(experiment, len(dataset.vocabulary) or None)
    # Compiled code of the run before, if that had the same shape.
    trainer = Trainer(experiment, dataset, pool.take(experiment, len(dataset.vocabulary)))
    records: list[Record] = []
    error = ""
    try:
        train(trainer, experiment, dataset, lambda _step, _total, measured: records.extend(measured))
    except NonFinite as ended:
        error = str(ended)
    pool.give_back(trainer.workbench)
    return {"steps": trainer.step} | {record.name: record.value for record in records} | {"error": error}
