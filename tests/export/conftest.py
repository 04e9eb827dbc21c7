"""Small runs of every kind, and what an exported script makes of them in a process without RNN Lab."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import rnnlab
from rnnlab.data import treebank
from rnnlab.export.exported import ExportedRun
from rnnlab.export.script import script_files
from rnnlab.export.step_model import weights_bytes
from rnnlab.store.curves import curves_of
from rnnlab.training import fit

TEXT = "the cat sat on the mat\nand the dog sat on the log\nwhat a day it was\n" * 12
SERIES = "day,rain\n" + "".join(f"{day},{10 + 3 * np.sin(day / 5):.6f}\n" for day in range(120))

SMALL = {"num_steps": 20, "epochs": 8, "units": 4}
WAVE = SMALL | {"samples": 60}
RARELY = {"evaluate_every": 10_000}
"""Only at the ends of epochs: reading the held-out parts takes many times as long as the updates between."""

WORDS = {"units": 5, "batch_size": 4, "num_steps": 5, "epochs": 2, "precision": "float32"} | RARELY

LARGE_WINDOWS = WORDS | {"batch_size": 50, "num_steps": 20, "epochs": 1}
"""For texts whose held-out parts are long."""

SGD = {"optimizer": "sgd", "learning_rate": 0.5}
LINEAR = {"lr_schedule": "linear", "full_rate_epochs": 2}
MOVED = "learning_rate@7=0.1"

CASES = {
    "sine-original": ("sine-original", {"samples": 40, "num_steps": 20, "epochs": 10} | LINEAR),
    "noisy square": (
        "sine",
        WAVE | {"shape": "square", "noise": 0.1, "cell": "gru", "full_rate_epochs": 2, "lr_decay": 0.8},
    ),
    "grammar": ("grammar", LARGE_WINDOWS | {"train_tokens": 21_500, "cell": "gru", "embedding_dim": 3}),
    "own words": (
        "ptb-demo",
        WORDS
        | {"cell": "gru", "reset_after": True, "layer_units": "5, 4", "vocabulary_size": 12, "lr_decay": 0.5}
        | {"epochs": 3},
    ),
    "own characters": (
        "ptb-demo",
        WORDS | {"tokens": "characters", "tie_embeddings": True, "carry_state": False, "vocabulary_size": 12},
    ),
    "delayed recall": (
        "delayed-recall",
        {"cell": "simple_rnn", "time_lag": 4, "sequences": 80, "batch_size": 4, "units": 5, "unrolling": "static"},
    ),
    "own series": (
        "own-series",
        SMALL | SGD | {"num_layers": 2, "forget_bias": 2.5, "changes": MOVED},
    ),
    "both ways": ("sine", WAVE | {"target": "peaks", "unrolling": "bidirectional", "init_scale": 0.3}),
}
"""A preset and the settings that differ from it."""

TREEBANK = ("ptb-demo", LARGE_WINDOWS | {"train_tokens": 21_500, "vocabulary_size": 50, "units": 4})
"""The same for what only those can run who have the treebank."""

OWN = {"own words": ("own.txt", TEXT), "own characters": ("own.txt", TEXT), "own series": ("own.csv", SERIES)}


@dataclass(frozen=True)
class Case:
    """A run, what was exported of it, and what its script left: `trained` and `loaded`."""

    run: object
    exported: ExportedRun
    folder: Path
    results: dict


def trained(folder, preset, settings, own=None):
    """A run in this process, and its export."""
    file = None
    if own:
        file = folder / own[0]
        file.write_text(own[1])
    run = fit(rnnlab.from_flat(settings, rnnlab.preset(preset).experiment), file=file)
    text = own[1] if own else None
    return run, ExportedRun("A run", run.experiment, curves=curves_of(run.measurements), own_text=text)


def run_scripts(*folders):
    """Run the scripts of folders in one process that has TensorFlow, Keras and NumPy, but no RNN Lab."""
    driver = Path(__file__).with_name("run_scripts.py")
    command = [sys.executable, "-I", str(driver), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folders[0])
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads((folder / "results.json").read_text()) for folder in folders]


def exported_to(folder, run, exported):
    """Write the script, its files and the weights into a folder."""
    for name, content in script_files(exported).items():
        (folder / name).write_bytes(content)
    (folder / "weights.npz").write_bytes(weights_bytes(run.network))


@pytest.fixture(scope="package")
def cases(tmp_path_factory):
    """Every case by its name, that of the treebank too where it is; all scripts are run in one process."""
    made = {}
    chosen = CASES | {"treebank": TREEBANK} if os.environ.get(treebank.FOLDER_VARIABLE) else CASES
    for name, (preset, settings) in chosen.items():
        folder = tmp_path_factory.mktemp("script")
        made[name] = (*trained(folder, preset, settings, OWN.get(name)), folder)
        exported_to(folder, made[name][0], made[name][1])
    results = run_scripts(*(folder for _, _, folder in made.values()))
    return {name: Case(*case, result) for (name, case), result in zip(made.items(), results, strict=True)}
