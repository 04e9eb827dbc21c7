"""How well a sine wave from a CSV file is learned, whatever its size: the free-running error, seed by seed.

    python -m benchmarks.own_series [--seeds 10] [--amplitudes 1 1e6] [--epochs 334]

The file is written and read as a person's own would be. The network trains on as many points as the sine preset does.
The error is the root mean squared error over the 500 steps that follow, after a prime of 50, divided by the amplitude.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np

from rnnlab.config import from_flat
from rnnlab.generation import compare_series
from rnnlab.presets import preset
from rnnlab.training import fit

POINTS, HORIZON, PRIME = 301, 500, 50
GOOD = 0.05


def write_sine(file: Path, amplitude: float, mean: float = 0.0) -> None:
    """Write a CSV file with a header, a row number, and the wave of the sine preset, larger and higher."""
    values = mean + amplitude * np.sin(0.1 * np.arange(POINTS + HORIZON))
    rows = [f"{row},{value:.9g}" for row, value in enumerate(values)]
    file.write_text("\n".join(["row,value", *rows]) + "\n", encoding="utf-8")


def relative_error(file: Path, amplitude: float, seed: int, epochs: int) -> float:
    """Train on the file and return the RMSE of the free run, divided by the amplitude."""
    settings = {"seed": seed, "epochs": epochs, "train_share": POINTS / (POINTS + HORIZON)}
    run = fit(from_flat(settings, preset("own-series").experiment), file=file)
    return compare_series(run.network, run.dataset, PRIME, HORIZON).free_running_rmse / amplitude


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--amplitudes", type=float, nargs="+", default=[1.0, 1e6])
    parser.add_argument("--epochs", type=int, default=preset("own-series").experiment.training.epochs)
    arguments = parser.parse_args()

    for amplitude in arguments.amplitudes:
        errors = []
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "sine.csv"
            write_sine(file, amplitude)
            for seed in range(arguments.seeds):
                errors.append(relative_error(file, amplitude, seed, arguments.epochs))
                print(f"amplitude {amplitude:g}, seed {seed}: {errors[-1]:.4f}", flush=True)
        good = sum(error < GOOD for error in errors)
        print(
            f"amplitude {amplitude:g}: {good} of {len(errors)} below {GOOD}, median {statistics.median(errors):.4f}, "
            f"{min(errors):.4f} to {max(errors):.4f}\n",
            flush=True,
        )


if __name__ == "__main__":
    main()
