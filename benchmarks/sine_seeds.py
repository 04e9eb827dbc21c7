"""How far a network drifts that listens to itself: the free-running error of the sine presets, seed by seed.

    python -m benchmarks.sine_seeds [--seeds 10] [--first-seed 0]

The error is the root mean squared error over 500 steps after a prime of 50.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics

from rnnlab.config import Experiment
from rnnlab.data import load_dataset
from rnnlab.generation import compare_series
from rnnlab.presets import preset
from rnnlab.training import Trainer, WorkbenchPool

PRIME = 50
HORIZON = 500
GOOD = 0.05


def free_running_error(experiment: Experiment, pool: WorkbenchPool) -> float:
    """Train the experiment and return its RMSE."""
    if experiment.task.reads_tokens:
        raise ValueError("The experiment reads text, but a wave is needed; take a sine preset.")
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed), pool.take(experiment, 0))
    while not trainer.finished:
        trainer.advance()
    error = compare_series(trainer.network, experiment.data, PRIME, HORIZON).free_running_rmse
    pool.give_back(trainer.workbench)
    return error


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    arguments = parser.parse_args()

    pool = WorkbenchPool()
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    for name in ("sine", "sine-original"):
        experiment = preset(name).experiment
        errors = []
        for seed in seeds:
            errors.append(free_running_error(dataclasses.replace(experiment, seed=seed), pool))
            print(f"{name}, seed {seed}: {errors[-1]:.4f}", flush=True)
        good = sum(error < GOOD for error in errors)
        print(f"{name}: {good} of {len(errors)} below {GOOD}, median {statistics.median(errors):.4f}\n", flush=True)


if __name__ == "__main__":
    main()
