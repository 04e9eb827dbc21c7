"""How much one machine can bear. This is checked when a run is submitted. A stored run may come from a larger
machine."""

from __future__ import annotations

import os

from rnnlab.config.experiment import Experiment
from rnnlab.config.table import InvalidSetting, counted, shown
from rnnlab.errors import LabError
from rnnlab.formulas import sizes

MEMORY_VARIABLE, MEMORY_LIMIT = "RNNLAB_MEMORY_LIMIT", 8 * 2**30
"""Bytes that one run may need: the size of a laptop. It is the same everywhere, so that a link that works on one
machine works on another."""


def machine_limit(variable: str, usual: int) -> int:
    """What a variable of the environment allows, a whole number; the usual number where it is not set.

    Raises:
        LabError: it is no whole number.
    """
    text = os.environ.get(variable, "")
    if text and not (text.isascii() and text.isdecimal()):
        raise LabError(f"{variable} is {shown(text)}, but it must be a whole number; please change or unset it.")
    return int(text) if text else usual


def check_limits(experiment: Experiment, vocabulary: int | None = None) -> None:
    """Refuse an experiment that is too much for one run here. Train, lessons, groups and `fit` all ask this function.

    Args:
        experiment: the one to be trained.
        vocabulary: tokens of the loaded text; the default is `vocabulary_size`, the most that there can be.
    Raises:
        LabError: the variable of a limit is no number.
        InvalidSetting: it is too much. The message gives what came, the limit and what to do.
    """
    _check_memory(experiment, vocabulary)


def _check_memory(experiment: Experiment, vocabulary: int | None) -> None:
    model, training = experiment.model, experiment.training
    tokens = training.batch_size * training.num_steps
    needed = sizes.training_bytes(
        experiment.parameters(vocabulary), model.layers, experiment.outputs(vocabulary), tokens
    )
    allowed = machine_limit(MEMORY_VARIABLE, MEMORY_LIMIT)
    if needed > allowed:
        least, most = min(model.widths), max(model.widths)
        widths = f"{least}" if least == most else f"{least} to {most}"
        raise InvalidSetting(
            "units",
            f"Training {counted(model.num_layers, 'layer')} of {widths} units on {counted(tokens, 'time step')} at "
            f"once would need about {sizes.readable_bytes(needed)} of memory, but {sizes.readable_bytes(allowed)} are "
            "allowed; take fewer units, a shorter window or a smaller batch.",
        )
