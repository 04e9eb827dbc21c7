"""The first updates of a preset on its real data: does the loss fall, how fast is it, how much memory does it take?

    python -m benchmarks.first_steps ptb-medium

Prints the mean loss of each stretch of updates, words a second (median of the stretches), and the process's largest
memory.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time

from rnnlab.config import from_flat
from rnnlab.data import load_dataset
from rnnlab.measures import BATCH_LOSS
from rnnlab.presets import PRESETS, preset
from rnnlab.training import Trainer


def advance_to(step: int, trainer: Trainer) -> list[float]:
    """Train to this number of updates; the losses on the way."""
    losses = []
    while trainer.step < step:
        losses += [one.value for one in trainer.advance(step - trainer.step) if one.name == BATCH_LOSS.name]
    return losses


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", choices=PRESETS)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--stretch", type=int, default=20, help="updates of one row")
    parser.add_argument("--train-tokens", type=int)
    arguments = parser.parse_args()

    shorter = {} if arguments.train_tokens is None else {"train_tokens": arguments.train_tokens}
    experiment = from_flat(shorter, preset(arguments.preset).experiment)
    training = experiment.training
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    print(f"{arguments.preset}: {trainer.network.count_params():,} parameters\n")
    print("| updates | loss | words/s |\n|---|---|---|")
    rates, losses = [], advance_to(1, trainer)  # The first update compiles, after the first evaluation.
    for end in range(arguments.stretch, arguments.steps + 1, arguments.stretch):
        began, first = time.perf_counter(), trainer.step
        losses += advance_to(end, trainer)
        rates.append((trainer.step - first) * training.batch_size * training.num_steps / (time.perf_counter() - began))
        print(f"| to {trainer.step} | {statistics.fmean(losses):.3f} | {rates[-1]:,.0f} |", flush=True)
        losses = []
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"\n{statistics.median(rates):,.0f} words/s (median), {largest / 2**20:,.0f} MiB at most")


if __name__ == "__main__":
    main()
