"""Train a treebank preset from its first weights to its end and write down what was measured.

    python -m benchmarks.record_run ptb-small [--out FILE] [--epochs N] [--train-tokens N]

The files under `rnnlab/recorded` were made by this command. `--epochs` and `--train-tokens` are for a smoke test.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import time
from pathlib import Path

import tensorflow as tf

from rnnlab import recorded
from rnnlab.config import Experiment, from_flat
from rnnlab.data import load_dataset
from rnnlab.measures import EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TRAIN_LOSS, VALID_LOSS
from rnnlab.presets import preset
from rnnlab.recorded import RecordedEpoch, RecordedRun
from rnnlab.training import Measurement, Trainer

FOLDER = Path(recorded.__file__).parent


def machine() -> str:
    """Processor, cores and versions in one line."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        processor = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{processor}, {cores} cores, Python {platform.python_version()}, TensorFlow {tf.__version__}"


def train_epoch(trainer: Trainer) -> tuple[list[Measurement], RecordedEpoch]:
    """Go on to the end of an epoch, its evaluations included."""
    began, updating, measurements = time.perf_counter(), 0.0, []
    while not any(one.name == EPOCH_VALID_PERPLEXITY.name for one in measurements):
        before, at = trainer.step, time.perf_counter()
        measurements += trainer.advance()
        if trainer.step > before:
            updating += time.perf_counter() - at
    seconds = time.perf_counter() - began
    found = {one.name: one.value for one in measurements}
    training = trainer.experiment.training
    words = trainer.steps_per_epoch * training.batch_size * training.num_steps
    return measurements, RecordedEpoch(
        train=found[EPOCH_TRAIN_PERPLEXITY.name],
        valid=found[EPOCH_VALID_PERPLEXITY.name],
        test=trainer.split_perplexity("test"),
        seconds=round(seconds, 1),
        words_per_second=round(words / updating, 1),
    )


def record(name: str, experiment: Experiment, command: str) -> RecordedRun:
    """Train the experiment and return what was measured; prints one line an epoch."""
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    measurements, epochs = [], []
    for number in range(1, experiment.training.epochs + 1):
        more, epoch = train_epoch(trainer)
        measurements += more
        epochs.append(epoch)
        print(
            f"epoch {number}: train {epoch.train:.2f}, valid {epoch.valid:.2f}, test {epoch.test:.2f}, "
            f"{epoch.words_per_second:,.0f} words/s, {epoch.seconds:.0f} s",
            flush=True,
        )
    return RecordedRun(
        preset=name,
        experiment=experiment,
        command=command,
        machine=machine(),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        epochs=tuple(epochs),
        test_word_by_word=trainer.split_perplexity("test", batch_size=1),
        curves={
            curve: tuple((r.step, round(r.value, 5)) for r in measurements if r.name == curve)
            for curve in (TRAIN_LOSS.name, VALID_LOSS.name)
        },
    )


def main() -> None:
    """Parse the command line, run, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset")
    parser.add_argument("--out", type=Path, help="default: the preset's file under rnnlab/recorded")
    parser.add_argument("--epochs")
    parser.add_argument("--train-tokens")
    arguments = parser.parse_args()

    shorter = {"epochs": arguments.epochs, "train_tokens": arguments.train_tokens}
    changed = {name: value for name, value in shorter.items() if value is not None}
    experiment = from_flat(changed, preset(arguments.preset).experiment)
    options = [f"--{name.replace('_', '-')} {value}" for name, value in changed.items()]
    run = record(
        arguments.preset, experiment, " ".join(["python -m benchmarks.record_run", arguments.preset, *options])
    )
    file = arguments.out or FOLDER / f"{arguments.preset}.json"
    file.write_text(recorded.to_json(run), "utf-8")
    print(f"test, word by word: {run.test_word_by_word:.2f}; written to {file.name}")


if __name__ == "__main__":
    main()
