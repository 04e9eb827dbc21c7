"""The four ways to unroll a network, side by side: time to compile, time of a training step, memory.

    python -m benchmarks.unrolling

Each measurement is a process of its own, because memory and compiled code are never given back; the ways take turns,
and the table has the medians. All of them mark the peaks of a wave, a task that suits every way.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.record_run import FOLDER, machine
from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig
from rnnlab.recorded.unrolling import FILE, UnrollingMeasured, Way

WAYS = ("dynamic", "static", "state_saving", "bidirectional")
TIMED_STEPS = 100


def experiment(way: str, units: int, num_steps: int) -> Experiment:
    """The peaks of a wave, marked by a network that is unrolled in this way."""
    return Experiment(
        data=SineData(samples=20 * num_steps + 20, target="peaks"),
        model=ModelConfig(units=units, unrolling=way),
        training=TrainingConfig(batch_size=4, num_steps=num_steps, epochs=100_000, evaluate_every=10**9),
    )


def measure(way: str, units: int, num_steps: int) -> Way:
    """Measure one way in this process, which must not have trained before."""
    import psutil

    from rnnlab.data import load_dataset
    from rnnlab.training import Trainer

    settings = experiment(way, units, num_steps)
    trainer = Trainer(settings, load_dataset(settings.data, 0))
    while not trainer.advance(1):  # the evaluation before the first update, which compiles for itself
        pass
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    trainer.advance(1)
    compiled = time.perf_counter()
    while trainer.step < 1 + TIMED_STEPS:
        trainer.advance(1 + TIMED_STEPS - trainer.step)
    trained = time.perf_counter()
    grown = psutil.Process().memory_info().rss - before
    return Way(compiled - began, (trained - compiled) / TIMED_STEPS, grown)


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=32)
    parser.add_argument("--num-steps", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--out", type=Path, default=FOLDER / FILE)
    parser.add_argument("--measure", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    size = (arguments.units, arguments.num_steps)
    if arguments.measure:
        print(json.dumps(measure(arguments.measure, *size)))
        return
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.unrolling", "--units", str(size[0])]
    command += ["--num-steps", str(size[1])]
    measured: dict[str, list[Way]] = {way: [] for way in arguments.ways}
    for _ in range(arguments.rounds):
        for way, rows in measured.items():
            result = subprocess.run([*command, "--measure", way], stdout=subprocess.PIPE, text=True, check=True)
            rows.append(Way(*json.loads(result.stdout.splitlines()[-1])))
    ways = {
        way: Way(*(statistics.median(column) for column in zip(*rows, strict=True))) for way, rows in measured.items()
    }
    table = UnrollingMeasured(*size, arguments.rounds, machine(), date.today().isoformat(), ways)
    print(f"\n{size[0]} units, {size[1]} steps, batch 4 (medians of {arguments.rounds} processes)\n")
    print("| | compile, s | step, ms | memory, MiB |\n|---|---|---|---|")
    for name, way in ways.items():
        print(f"| {name} | {way.compile_seconds:.1f} | {1e3 * way.step_seconds:.2f} | {way.memory_bytes / 2**20:.0f} |")
    if ways.keys() == set(WAYS):  # The app shows all of them.
        arguments.out.write_text(table.to_json(), "utf-8")


if __name__ == "__main__":
    main()
