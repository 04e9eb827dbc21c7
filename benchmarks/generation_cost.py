"""What it costs to read everything again for each new value, instead of carrying the state.

    python -m benchmarks.generation_cost [--units 32] [--layers 1] [--rounds 5] [--lengths 100 1000 4000]

Both run in a compiled loop after a prime of one value, in turn. The network is not trained: the time does not depend on
its weights. The Compare screen measures a run's own network in the same way.
"""

from __future__ import annotations

import argparse

from rnnlab.config import ModelConfig
from rnnlab.generation import GenerationCost, measure_cost
from rnnlab.models import Network


def print_cost(title: str, cost: GenerationCost) -> None:
    """One table: medians, and how many times as long re-reading takes."""
    rounds = len(cost.carried[0])
    print(f"\n{title} (medians of {rounds} alternations)\n")
    print("| values | state carried, ms | everything re-read, ms | ratio |\n|---|---|---|---|")
    for length, carried, reread, ratio in zip(cost.lengths, *cost.medians, cost.ratios, strict=True):
        print(f"| {length:,} | {1e3 * carried:,.2f} | {1e3 * reread:,.2f} | {ratio:,.1f} |")


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=32)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lengths", type=int, nargs="+", default=[100, 1000, 4000])
    arguments = parser.parse_args()

    network = Network(ModelConfig(units=arguments.units, num_layers=arguments.layers))
    cost = measure_cost(network, arguments.lengths, arguments.rounds)
    print_cost(f"LSTM, {arguments.layers} x {arguments.units} units", cost)


if __name__ == "__main__":
    main()
