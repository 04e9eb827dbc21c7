"""What the presets of the memory tasks say, seed by seed.

    python -m benchmarks.memory_tasks [--seeds 10] [--tasks recall adding period] [--updates 600]

Delayed recall: the share of right answers after training, for three forget biases. The adding problem: the mean squared
error. The period text: the loss with the state reset at each window, beside its floor, and with the state carried. Each
is of the validation part at the end, with the seconds of the fastest run, which had compiled code. --updates ends the
training earlier.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from collections.abc import Iterable
from typing import NamedTuple

from rnnlab.config import Experiment, from_flat
from rnnlab.data import load_dataset
from rnnlab.data.levels import known_level
from rnnlab.measures import VALID_ACCURACY, VALID_LOSS, Measure
from rnnlab.presets import preset
from rnnlab.training import Trainer, WorkbenchPool


class Case(NamedTuple):
    """One row of the table.

    Attributes:
        label: of the row.
        experiment: its seed is replaced.
        measure: whose last value counts.
    """

    label: str
    experiment: Experiment
    measure: Measure


def cases_of(task: str) -> list[Case]:
    """The cases of `recall`, `adding` or `period`."""
    if task == "recall":
        return [
            Case(f"delayed recall, forget bias {bias}", _changed("delayed-recall", forget_bias=bias), VALID_ACCURACY)
            for bias in (0, 1, 4)
        ]
    if task == "adding":
        return [Case("adding problem", _changed("adding"), VALID_LOSS)]
    return [
        Case(f"period text, state {words}", _changed("period", carry_state=carries), VALID_LOSS)
        for words, carries in (("reset", False), ("carried", True))
    ]


def _changed(name: str, **settings: object) -> Experiment:
    return from_flat(settings, preset(name).experiment)


def last_value(case: Case, seed: int, pool: WorkbenchPool, updates: int | None) -> tuple[float, float]:
    """Train one seed, to its end or for some updates; returns the last value of its measure, and the seconds."""
    experiment = dataclasses.replace(case.experiment, seed=seed)
    dataset = load_dataset(experiment.data, seed)
    trainer = Trainer(experiment, dataset, pool.take(experiment, len(dataset.vocabulary)))
    began, value = time.perf_counter(), float("nan")
    while not trainer.finished and (updates is None or trainer.step < updates):
        for one in trainer.advance():
            value = one.value if one.name == case.measure.name else value
    seconds = time.perf_counter() - began
    pool.give_back(trainer.workbench)
    return value, seconds


def row_of(case: Case, seeds: Iterable[int], pool: WorkbenchPool, updates: int | None) -> tuple[str, ...]:
    """The label, the measure, the level that is known, and of all seeds: the values, and the seconds of the fastest."""
    found = []
    for seed in seeds:
        found.append(last_value(case, seed, pool, updates))
        print(f"{case.label}, seed {seed}: {found[-1][0]:.6f} in {found[-1][1]:.1f} s", flush=True)
    values = [value for value, _ in found]
    level = known_level(case.experiment)
    spread = f"{statistics.median(values):.5f} ({min(values):.5f} to {max(values):.5f})"
    known = f"{level.name} {level.loss:.5f}" if level else ""
    return case.label, case.measure.name, spread, known, f"{min(seconds for _, seconds in found):.1f}"


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--updates", type=int, help="of each run; the presets' own without it")
    parser.add_argument(
        "--tasks", nargs="+", choices=("recall", "adding", "period"), default=["recall", "adding", "period"]
    )
    arguments = parser.parse_args()

    pool = WorkbenchPool()
    cases = [case for task in arguments.tasks for case in cases_of(task)]
    rows = [row_of(case, range(arguments.seeds), pool, arguments.updates) for case in cases]
    print("\n| task | measure | median (lowest to highest) | known loss | seconds |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
