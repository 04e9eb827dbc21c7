"""How time and memory grow with the size of the work: one table each, and how straight the lines are.

    python -m benchmarks.growth [--only training reading worker page] [--runs 200] [--ticks 2000]

Training times are medians of turns that the sizes take in one process; the memory of each size is that of a process of
its own. A line `start + slope * size` is fitted to each column of times, and the largest deviation from it is printed
as a share; the goal is 20 % for num_steps and batch. A worker's memory must stay within 5 % from its twentieth short
run to its last, and that of the page's process over 2,000 looks at a run that trains. An empty list of sizes leaves its
table out.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

from benchmarks.growing.line import fitted_line
from benchmarks.growing.page import memory_over_ticks
from benchmarks.growing.reading import read_points, read_runs
from benchmarks.growing.training import Job, changed, memories, seconds_in_all, seconds_per_update
from benchmarks.growing.worker import memory_after_runs
from rnnlab.config import counted

SETTLED_RUN = 20
"""A worker's memory is compared with what it has after this run: the first ones load and compile."""

SHAPES = (1, 8)
"""Shapes that short runs take in turn: a lesson that repeats one experiment, and one that tries many."""

UPDATES_A_TICK = (0, 350)
"""New updates at each look: none, and what the sine preset makes in half a second."""

PARTS = ("training", "reading", "worker", "page")


def growth_of_training(name: str, title: str, jobs: Sequence[Job], arguments: argparse.Namespace) -> None:
    """One table: time of an update, or of all of them, and memory, against one size."""
    in_all = name == "epochs"
    if in_all:
        seconds = seconds_in_all(jobs, arguments.rounds)
    else:
        seconds = seconds_per_update(jobs, arguments.rounds, arguments.seconds)
    grown = memories(jobs, arguments.memory_updates) if arguments.memory_updates else [math.nan] * len(jobs)
    sizes = [getattr(job, name) for job in jobs]
    print(
        f"\n{title}\n\n| {name} | {'all, s' if in_all else 'an update, ms'} | memory, MiB |\n|---|---|---|", flush=True
    )
    for size, time, mebibytes in zip(sizes, seconds, grown, strict=True):
        print(f"| {size} | {time if in_all else 1e3 * time:.4g} | {mebibytes:.0f} |")
    print(f"\nTime: {line_words(sizes, seconds)}", flush=True)


def line_words(sizes: Sequence[float], seconds: Sequence[float]) -> str:
    """Such as `0.1 ms + 0.02 ms * size, at most 3 % away`."""
    if len(set(sizes)) < 2:
        return "one size makes no line."
    line = fitted_line(sizes, seconds)
    return f"{1e3 * line.start:.3g} ms + {1e3 * line.slope:.3g} ms * size, at most {line.deviation:.1%} away from it."


def training(arguments: argparse.Namespace) -> None:
    """All tables of training."""
    wave = Job(arguments.units)
    words, vocabulary = arguments.word_units, arguments.vocabulary
    text = Job(words, num_layers=2, num_steps=20, batch_size=20, vocabulary=vocabulary)
    waves, texts = f"LSTM of {arguments.units} units on waves", f"2 x {words} units, {vocabulary:,} words"
    tables = [
        ("num_steps", f"{waves}, batch 1", changed(wave, "num_steps", arguments.num_steps)),
        ("num_steps", f"{texts}, batch 20", changed(text, "num_steps", arguments.word_steps)),
        ("batch_size", f"{waves}, 100 steps", changed(wave, "batch_size", arguments.batches)),
        ("batch_size", f"{texts}, 20 steps", changed(text, "batch_size", arguments.word_batches)),
        ("units", "LSTM on waves, 100 steps, batch 1", changed(wave, "units", arguments.widths)),
        ("epochs", f"{waves}, 100 steps, 20 updates an epoch", changed(wave, "epochs", arguments.epochs)),
    ]
    for name, title, jobs in tables:
        if jobs:
            growth_of_training(name, title, jobs, arguments)


def reading(arguments: argparse.Namespace) -> None:
    """Both tables of the store."""
    print("\nOne run in the store: three points an update, two more every ten updates\n")
    print("| updates | first look, ms | next look, ms | two charts' tables, ms | a report of 100, ms | file, MiB |")
    print("|---|---|---|---|---|---|", flush=True)
    for updates in arguments.points:
        read = read_points(updates, arguments.reads)
        times = " | ".join(f"{1e3 * seconds:.3g}" for seconds in read[:-1])
        print(f"| {updates:,} | {times} | {read.file:.1f} |", flush=True)
    print(f"\nMany runs in the store, {arguments.points_a_run:,} updates each\n")
    print("| runs | list of all, ms | one run, ms | its curves, ms |\n|---|---|---|---|", flush=True)
    for count in arguments.stored_runs:
        read_all = read_runs(count, arguments.points_a_run, arguments.reads)
        print(f"| {count:,} | " + " | ".join(f"{1e3 * seconds:.3g}" for seconds in read_all) + " |", flush=True)


def worker(arguments: argparse.Namespace) -> None:
    """A worker's memory over short runs."""
    for shapes in arguments.shapes:
        found = memory_after_runs(arguments.runs, shapes)
        settled = min(SETTLED_RUN, len(found)) - 1
        print(f"\nA worker over {len(found)} short runs, {counted(shapes, 'shape')} in turn\n")
        print("| after run | memory, MiB |\n|---|---|")
        marks = sorted({0, *range(9, len(found), 10), len(found) - 1})
        print("\n".join(f"| {run + 1} | {found[run]:.1f} |" for run in marks))
        print(f"\nFrom run {settled + 1} to the last: {found[-1] / found[settled] - 1:+.1%}", flush=True)


def page(arguments: argparse.Namespace) -> None:
    """The page process's memory over looks at a live run."""
    for updates in arguments.updates_a_tick:
        found = memory_over_ticks(arguments.ticks, arguments.warm_up, updates)
        print(f"\nThe page's process over {arguments.ticks:,} looks at a run, {updates} new updates each\n")
        print("| after look | memory, MiB |\n|---|---|")
        marks = sorted({0, *range(199, len(found), 200), len(found) - 1})
        print("\n".join(f"| {look + 1:,} | {found[look]:.1f} |" for look in marks))
        print(f"\nFrom the first to the last: {found[-1] / found[0] - 1:+.1%}", flush=True)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    numbers = {
        "rounds": (7, "alternations of training"),
        "units": (32, "of the network on waves"),
        "word_units": (200, "of each layer of the network on words"),
        "vocabulary": (10_000, "words"),
        "memory_updates": (100, "that a process trains whose memory is measured; 0 leaves memory out"),
        "reads": (20, "how often each reading of the store is timed"),
        "points_a_run": (1_000, "recorded updates of each of many runs"),
        "runs": (200, "short runs of one worker"),
        "ticks": (2_000, "looks of a page at a run"),
        "warm_up": (100, "looks before memory counts"),
    }
    for name, (default, about) in numbers.items():
        parser.add_argument(_option(name), type=int, default=default, help=about)
    lists = {
        "num_steps": (50, 100, 200, 400),
        "word_steps": (10, 20, 40, 80),
        "batches": (1, 2, 4, 8, 16),
        "word_batches": (5, 10, 20, 40),
        "widths": (8, 16, 32, 64, 128),
        "epochs": (50, 100, 200, 400),
        "points": (1_000, 5_000, 50_000, 500_000),
        "stored_runs": (10, 100, 1_000),
        "shapes": SHAPES,
        "updates_a_tick": UPDATES_A_TICK,
    }
    for name, sizes in lists.items():
        parser.add_argument(_option(name), type=int, nargs="*", default=list(sizes))
    parser.add_argument("--seconds", type=float, default=0.5, help="about what a turn of training takes")
    arguments = parser.parse_args()
    parts = {"training": training, "reading": reading, "worker": worker, "page": page}
    for part in arguments.only:
        parts[part](arguments)


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


if __name__ == "__main__":
    main()
