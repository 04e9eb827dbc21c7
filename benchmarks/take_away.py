"""How nearly an exported script gives the numbers of its run, with the real presets.

    python -m benchmarks.take_away
    python -m benchmarks.take_away --cases sine grammar --epochs 1

Each run is trained here, and its script in a process that has no RNN Lab. Largest differences are printed: of the
first 20 losses and of the last one, relative; and of 100 free-running values, from the trained and from the exported
weights.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import rnnlab
from rnnlab.data import Dataset
from rnnlab.export.exported import ExportedRun
from rnnlab.export.script import script_files
from rnnlab.export.step_model import weights_bytes
from rnnlab.store.curves import curves_of
from rnnlab.training import FittedRun, fit

TEXT = "the cat sat on the mat\nand the dog sat on the log\nwhat a day it was\n" * 40
VALUES = 100


@dataclass(frozen=True)
class Case:
    """A preset, what differs from it, and the text of a file of one's own."""

    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    own_text: str | None = None


EXACT = {"precision": "float32"}
"""Scripts compute in float32."""

CASES = {
    "sine": Case("sine"),
    "sine-original": Case("sine-original"),
    "sine, GRU": Case("sine", {"cell": "gru"}),
    "sine, GRU, reset after": Case("sine", {"cell": "gru", "reset_after": True}),
    "sine, simple RNN": Case("sine", {"cell": "simple_rnn"}),
    "sine, two layers": Case("sine", {"num_layers": 2}),
    "sine, SGD": Case("sine", {"optimizer": "sgd", "learning_rate": 0.5, "lr_schedule": "linear"}),
    "grammar": Case("grammar", EXACT),
    "treebank subset": Case("ptb-demo", EXACT | {"epochs": 1}),
    "own text": Case("ptb-demo", EXACT | {"units": 32, "epochs": 2}, TEXT),
    "delayed recall": Case("delayed-recall", EXACT),
    "adding": Case("adding"),
}


def measure(case: Case, folder: Path, epochs: int | None = None) -> list[float | None]:
    """The four differences of a case; None where it has no free run.

    Args:
        case: what is trained.
        folder: an empty one.
        epochs: in place of the case's own; None for these.
    """
    settings = case.settings if epochs is None else {**case.settings, "epochs": epochs, "full_rate_epochs": epochs}
    file = None
    if case.own_text is not None:
        file = folder / "own.txt"
        file.write_text(case.own_text)
    run = fit(rnnlab.from_flat(settings, rnnlab.preset(case.preset).experiment), file=file)
    exported = ExportedRun("A run", run.experiment, curves=curves_of(run.measurements), own_text=case.own_text)
    for name, content in script_files(exported).items():
        (folder / name).write_bytes(content)
    (folder / "weights.npz").write_bytes(weights_bytes(run.network))
    trained = _generated(folder)
    losses = np.loadtxt(folder / "losses.csv", delimiter=",", skiprows=1)[:, 1]
    loaded = _generated(folder, "weights.npz")
    relative = np.abs(losses / exported.losses - 1)
    found: list[float | None] = [float(relative[:20].max()), float(relative[-1])]
    if not run.experiment.task.can_generate:
        return [*found, None, None]
    expected = _expected(run, run.dataset)
    return [*found, *(float(np.abs(values[: len(expected)] - expected).max()) for values in (trained, loaded))]


def _generated(folder: Path, *arguments: str) -> np.ndarray:
    """Run the script, and read what it generated; nothing if it generates nothing."""
    command = [sys.executable, "-I", "script.py", *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = folder / "generated.csv"
    return np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2)[:, -1] if file.exists() else np.array([])


def _expected(run: FittedRun, dataset: Dataset) -> np.ndarray:
    """What the run's own network generates."""
    if dataset.has_tokens:
        start = dataset.vocabulary.index("<eos>") if "<eos>" in dataset.vocabulary else 0
        return rnnlab.generate_tokens(run.network, np.array([[start]]), VALUES, 0.0)[0]
    return rnnlab.compare_series(run.network, run.experiment.data, prime=50, horizon=VALUES).free_running


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--epochs", type=int, help="end each training earlier")
    arguments = parser.parse_args()
    print("| case | first 20 losses | last loss | free run, trained | free run, exported weights |")
    print("|---|---|---|---|---|")
    for name in arguments.cases:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(CASES[name], Path(folder), arguments.epochs)
        print(f"| {name} | {' | '.join('' if one is None else f'{one:.1e}' for one in found)} |", flush=True)


if __name__ == "__main__":
    main()
