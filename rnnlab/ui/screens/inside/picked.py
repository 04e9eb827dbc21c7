"""Which layer and unit are looked at, in which regime, and over which steps: controls that several studies share."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rnnlab.config import Experiment, Play
from rnnlab.store.run import Run
from rnnlab.ui.widgets.controls import choice, dial

FORCED, FREE, DIFFERENCE = "forced", "free", "difference"

REGIMES = {FORCED: "teacher-forced", FREE: "free-running", DIFFERENCE: "free-running minus teacher-forced"}

PRIME = Play(1, 300, 1)
START = Play(0, 2000, 10)

LENGTHS = {False: (Play(20, 500, 10), 150), True: (Play(20, 400, 10), 80)}
"""Of the steps after the prime, by whether the network reads a text: the slider's range, and where it starts."""

PRIMES = {False: 50, True: 10}
"""Where the slider of the prime starts, by whether the network reads a text."""


def picked_regime(run: Run, regimes: Sequence[str]) -> str:
    """One of some regimes; teacher-forced for a network that cannot run alone."""
    if not run.experiment.task.can_generate:
        return FORCED
    return choice("regime", "Regime", regimes, regimes[0], REGIMES.__getitem__)


def picked_layer(experiment: Experiment) -> int:
    """The layer, from 0; a choice where there are several."""
    layers = experiment.model.num_layers
    if layers == 1:
        return 0
    return dial("layer", "Layer", Play(1, layers, 1), 1, highest=layers) - 1


def picked_place(experiment: Experiment, with_unit: bool = True) -> tuple[int, int]:
    """Layer and unit, from 0, side by side where there are several layers."""
    left, right = st.columns(2, gap="medium") if experiment.model.num_layers > 1 and with_unit else (st, st)
    with left.container():
        layer = picked_layer(experiment)
    units = experiment.model.widths[layer]
    if not with_unit or units == 1:
        return layer, 0
    with right.container():
        return layer, dial("unit", "Unit", Play(1, units, 1), 1, highest=units) - 1


def picked_stretch(run: Run) -> dict[str, int]:
    """Start, length and prime of the stretch, by their names in `GatesThroughTime`."""
    experiment = run.experiment
    task = experiment.task
    if task.is_sequences:
        return {"start": dial("start", "Sequence", Play(0, 50, 1), 0)}
    play, first = LENGTHS[task.reads_tokens]
    columns = iter(st.columns(3 if task.reads_tokens else 2, gap="medium"))
    with next(columns):
        prime = dial("prime", "Prime: true values before it runs alone", PRIME, PRIMES[task.reads_tokens])
    with next(columns):
        steps = dial("steps", "Steps after the prime", play, first)
    found = {"prime": prime, "length": prime + steps}
    if task.reads_tokens:
        with next(columns):
            found["start"] = dial("start", "Start in the validation text", START, 0)
    return found
