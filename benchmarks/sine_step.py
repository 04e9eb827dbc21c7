"""Time of one training step on a sine wave: RNN Lab against what a user would take instead.

    python -m benchmarks.sine_step [--units 5 32] [--num-steps 100 300] [--rounds 7] [--only PEER ...]

A step is one update by Adam of an LSTM with a dense head, from the mean squared error over the whole window: forward,
back through all its steps, update. One wave, batch 1, always from an empty state. Everybody starts from the same
weights, and a contestant whose first losses are not RNN Lab's is refused.
"""

from __future__ import annotations

import argparse

from benchmarks.alternation import Case, add_options, chosen, measure, squares
from benchmarks.contestants import JAX, KERAS_FIT, KERAS_FUNCTION, PYTORCH, PYTORCH_ONE_THREAD, RNN_LAB, TF1_DYNAMIC
from benchmarks.table import print_table
from benchmarks.work import Work

CONTESTANTS = (RNN_LAB, KERAS_FIT, KERAS_FUNCTION, TF1_DYNAMIC, JAX, PYTORCH, PYTORCH_ONE_THREAD)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, nargs="+", default=[5, 32])
    parser.add_argument("--num-steps", type=int, nargs="+", default=[100, 300])
    add_options(parser, CONTESTANTS)
    arguments = parser.parse_args()

    contestants = chosen(CONTESTANTS, arguments.only)
    cases = [
        Case(f"{units} units, {steps} steps", Work("train", units, num_steps=steps), 1, contestants)
        for units in arguments.units
        for steps in arguments.num_steps
    ]
    products = squares(arguments.square)
    times = measure(cases, products, arguments.rounds, arguments.seconds, arguments.threads)
    print_table("Sine wave, one training step", "updates", cases, products, times)


if __name__ == "__main__":
    main()
