"""Steps per second of running free: RNN Lab against what a user would take instead.

    python -m benchmarks.generate [--networks sine ptb-small] [--streams 1 20] [--rounds 7] [--only PEER ...]

Every output is the next input: a value of an LSTM of 32 units on a wave, or a word drawn from the 10,000 of
`ptb-small`'s network. A step is one time step of all streams. RNN Lab, the compiled loop and JAX run whole horizons of
500 values or 1,000 words; the others, which do one step after the other in Python, as many steps as fit in their turn.
Everybody has the same weights; on the wave, a contestant whose first values are not RNN Lab's is refused.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.alternation import Case, Times, add_options, chosen, measure, squares
from benchmarks.contestants import JAX, KERAS_LOOP, KERAS_PREDICT, PYTORCH, PYTORCH_ONE_THREAD, RNN_LAB
from benchmarks.table import median_ratio, print_table
from benchmarks.work import Work
from rnnlab.config import counted

CONTESTANTS = (RNN_LAB, KERAS_PREDICT, KERAS_LOOP, JAX, PYTORCH, PYTORCH_ONE_THREAD)
VOCABULARY = 10_000


def work_of(network: str, streams: int, horizon: int | None, vocabulary: int, temperature: float) -> Work:
    """What generating with this network is.

    Args:
        network: `sine` or `ptb-small`.
        streams: side by side.
        horizon: steps; None takes 500 for the wave and 1,000 for the text.
        vocabulary, temperature: of the text.
    """
    if network == "sine":
        return Work("generate", 32, num_steps=horizon or 500, batch_size=streams)
    return Work("generate", 200, 2, horizon or 1000, streams, vocabulary, temperature=temperature)


def print_throughput(networks: Sequence[str], streams: Sequence[int], cases: Sequence[Case], times: Times) -> None:
    """How many times as much comes out of the most streams as out of the fewest, contestant by contestant."""
    few, many = min(streams), max(streams)
    for network in networks if few < many else ():
        print(f"\n{network}: throughput of {many} streams against {few}")
        for one in cases[0].contestants:
            slow, fast = (times.get((label(network, n), one.label)) for n in (few, many))
            if slow and fast:
                print(f"- {one.label}: {many / few * median_ratio(slow, fast):.1f} times")


def label(network: str, streams: int) -> str:
    """As the table calls it."""
    return f"{network}, {counted(streams, 'stream')}"


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", choices=("sine", "ptb-small"), default=["sine", "ptb-small"])
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--horizon", type=int)
    parser.add_argument("--vocabulary", type=int, default=VOCABULARY)
    parser.add_argument("--temperature", type=float, default=1.0, help="0 takes the most likely word, and is compared")
    add_options(parser, CONTESTANTS)
    arguments = parser.parse_args()

    contestants = chosen(CONTESTANTS, arguments.only)
    shape = (arguments.horizon, arguments.vocabulary, arguments.temperature)
    cases = [
        Case(label(network, streams), work_of(network, streams, *shape), 1, contestants)
        for network in arguments.networks
        for streams in arguments.streams
    ]
    products = squares(arguments.square)
    times = measure(cases, products, arguments.rounds, arguments.seconds, arguments.threads)
    print_table("Free-running", "steps", cases, products, times)
    print_throughput(arguments.networks, arguments.streams, cases, times)


if __name__ == "__main__":
    main()
