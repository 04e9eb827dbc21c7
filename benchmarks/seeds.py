"""What a preset comes to with one seed after another: how far a wave drifts, or the test perplexity of a text.

    python -m benchmarks.seeds [sine sine-original] [--seeds 10] [--first-seed 0]

A wave's number is the root mean squared error of running free for 500 steps after a prime of 50.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
from collections.abc import Callable
from typing import NamedTuple

from rnnlab.config import CONTINUE_SERIES, CONTINUE_TEXT, counted, from_flat
from rnnlab.data import load_dataset
from rnnlab.generation import compare_series
from rnnlab.presets import preset
from rnnlab.training import Trainer, WorkbenchPool

PRIME = 50
HORIZON = 500


class Outcome(NamedTuple):
    """What is told of a trained network.

    Attributes:
        name: of the number.
        of: the number, the smaller the better.
        marks: how many seeds stay below each of these is told too.
    """

    name: str
    of: Callable[[Trainer], float]
    marks: tuple[float, ...]


def free_running_error(trainer: Trainer) -> float:
    """The RMSE of a wave that is continued alone."""
    return compare_series(trainer.network, trainer.experiment.data, PRIME, HORIZON).free_running_rmse


OUTCOMES = {
    CONTINUE_SERIES.name: Outcome("free-running RMSE", free_running_error, (0.05, 0.1)),
    # 115.9 is what ptb_word_lm published for its small recipe.
    CONTINUE_TEXT.name: Outcome("test perplexity", lambda trainer: trainer.split_perplexity("test"), (115.9,)),
}
"""By the name of the task."""


def outcomes_of(name: str, train_tokens: int | None, seeds: range, pool: WorkbenchPool) -> list[float]:
    """Train a preset with one seed after another, and print each number as it comes."""
    experiment = preset(name).experiment
    if train_tokens is not None and experiment.task.reads_tokens:
        experiment = from_flat({"train_tokens": train_tokens}, experiment)
    if experiment.task.name not in OUTCOMES:
        raise SystemExit(f"{name} does not continue a series or a text; take a preset that does, such as sine.")
    outcome = OUTCOMES[experiment.task.name]
    found = []
    for seed in seeds:
        seeded = dataclasses.replace(experiment, seed=seed)
        dataset = load_dataset(seeded.data, seed)
        trainer = Trainer(seeded, dataset, pool.take(seeded, len(dataset.vocabulary)))
        while not trainer.finished:
            trainer.advance()
        found.append(outcome.of(trainer))
        pool.give_back(trainer.workbench)
        print(f"{name}, seed {seed}: {outcome.name} {found[-1]:.5g}", flush=True)
    below = ", ".join(f"{sum(one < mark for one in found)} below {mark:g}" for mark in outcome.marks)
    extent = f"median {statistics.median(found):.5g}, {min(found):.5g} to {max(found):.5g}"
    print(f"{name}, {counted(len(found), 'seed')}: {extent}; {below}\n", flush=True)
    return found


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", default=["sine", "sine-original"])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--train-tokens", type=int, help="of a text cut short, for a test")
    arguments = parser.parse_args()

    seeds, pool = range(arguments.first_seed, arguments.first_seed + arguments.seeds), WorkbenchPool()
    for name in arguments.presets:
        outcomes_of(name, arguments.train_tokens, seeds, pool)


if __name__ == "__main__":
    main()
