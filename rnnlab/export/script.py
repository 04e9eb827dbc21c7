"""A run as a script in plain Keras, without RNN Lab: data, network, loop, free run; to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rnnlab.config import Experiment
from rnnlab.errors import LabError
from rnnlab.export.code import comment, filled, joined
from rnnlab.export.exported import ExportedRun
from rnnlab.export.script_data import data_files, data_imports, data_part, windows_part
from rnnlab.export.script_network import network_part
from rnnlab.export.script_training import free_part, training_part

HEAD = '''
"""$name

This script trains the network of a run of RNN Lab in plain Keras, and then lets it run free.

    python $file              from the first weights of the run
    python $file weights.npz  from the weights that RNN Lab saved, without training

$notes
"""

$imports

HERE = Path(__file__).parent
'''

NAME = "script.py"


@dataclass(frozen=True)
class Obstacle:
    """A setting that Keras's own layers do not have.

    Attributes:
        applies: whether an experiment has it.
        sentence: why there is no script.
    """

    applies: Callable[[Experiment], bool]
    sentence: str


def _is_lstm(experiment: Experiment) -> bool:
    return experiment.model.cell == "lstm"


OBSTACLES = (
    Obstacle(
        lambda experiment: _is_lstm(experiment) and experiment.model.use_peepholes,
        "Keras's LSTM layer has no peepholes: its gates do not read the memory cell",
    ),
    Obstacle(
        lambda experiment: _is_lstm(experiment) and experiment.model.num_proj > 0,
        "Keras's LSTM layer has no projection: its output always has the width of the layer",
    ),
    Obstacle(
        lambda experiment: _is_lstm(experiment) and experiment.model.cell_clip > 0,
        "Keras's LSTM layer has no limit on the memory cell",
    ),
    Obstacle(
        lambda experiment: experiment.model.state_dropout > 0,
        "Keras's recurrent dropout draws a mask for each gate, once a window, and this run drops the same values of "
        "the state for all gates",
    ),
    Obstacle(
        lambda experiment: experiment.training.feedback > 0,
        "Keras's layers read a whole window at once, and this run feeds outputs back during training",
    ),
)
"""What a script cannot have."""


def why_no_script(experiment: Experiment) -> str:
    """Why these settings cannot be written in plain Keras, as a sentence; "" if they can."""
    found = [obstacle.sentence for obstacle in OBSTACLES if obstacle.applies(experiment)]
    if not found:
        return ""
    return (
        f"There is no plain Keras script of this run: {'; and '.join(found)}. Take the notebook or the model instead."
    )


def script_files(run: ExportedRun) -> dict[str, bytes]:
    """The script and what it reads, by their names in one folder.

    Raises:
        LabError: Keras's layers cannot express the run; the message says why.
        DatasetUnavailable, TextMissing: its data are not here.
    """
    reason = why_no_script(run.experiment)
    if reason:
        raise LabError(reason)
    return {NAME: script_text(run).encode(), **data_files(run)}


def script_text(run: ExportedRun) -> str:
    """The script itself."""
    parts = [_head(run), data_part(run), windows_part(run), network_part(run), training_part(run), free_part(run)]
    return joined(parts) + "\n"


def _head(run: ExportedRun) -> str:
    imports = ["import os", "import sys", *data_imports(run), "from pathlib import Path"]
    late = ['os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no messages at the start']
    third = ["import keras", "import numpy as np", "import tensorflow as tf"]
    plain = sorted(line for line in imports if line.startswith("import"))
    named = sorted(line for line in imports if line.startswith("from"))
    grouped = "\n\n".join(["\n".join([*plain, *named]), *late, "\n".join(third)])
    return filled(HEAD, name=comment(run.name), file=NAME, notes="\n".join(_notes(run)), imports=grouped)


def _notes(run: ExportedRun) -> list[str]:
    """Sentences on what to expect, one a line."""
    experiment, losses = run.experiment, run.losses
    model = experiment.model
    notes = []
    if len(losses) > 2 and not run.first_step:
        first = ", ".join(f"{loss:.6g}" for loss in losses[:3])
        notes.append(
            f"In RNN Lab, the losses of the first updates were {first}, and the last one was {losses[-1]:.6g}."
        )
    if model.input_dropout or model.output_dropout:
        notes.append("Dropout draws other random numbers here, so the losses differ from those in RNN Lab.")
    if run.in_half:
        notes.append("RNN Lab computed some products in bfloat16. Here all are float32, so the losses differ slightly.")
    if run.first_step:
        notes.append(
            f"The run went on from the weights of another one at step {run.first_step:,}. This script begins anew."
        )
    if model.unrolling == "state_saving":
        notes.append("RNN Lab saved the states by stream. Here they are carried, which gives the same numbers.")
    return [*notes, "It needs TensorFlow, Keras 3 and NumPy."]
