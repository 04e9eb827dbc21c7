"""A small look at the gates of a network while it trains: what a sample keeps of them."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from rnnlab.config import DataSettings
from rnnlab.data import Dataset
from rnnlab.data.stretch import stretch_of
from rnnlab.inspection.traces import trace_teacher_forced
from rnnlab.models import Network

STEPS, UNITS = 50, 64
"""Most steps and units of the first layer that a sample keeps: at most 3,200 bytes."""

SHOWN = ("f", "z", "g")
"""The gate that is kept: the first of these that the cell has. The others decide less about what is remembered."""

LEVELS = 255


def gates_at_a_sample(network: Network, dataset: Dataset, data: DataSettings) -> dict[str, Any]:
    """One gate of the first layer at the start of the data, teacher-forced, JSON-able.

    It takes one pass over at most `STEPS` steps of one stream.

    Args:
        network: of the dataset.
        dataset: what it reads.
        data: the settings that the dataset was made with.
    Returns:
        `gate`: the letter; `units`: their numbers, from 0; `low`: the value that stands for 0, and 1 always for 255;
        `levels`: base64 of one byte for each unit and step, all steps of the first unit first. {} for a network that
        reads both ways, and where a number is not finite.
    """
    if network.model.is_bidirectional:
        return {}
    cell = network.cells[0]
    gate = next(name for name in SHOWN if name in cell.gate_names)
    inputs = stretch_of(dataset, data, 0, STEPS).inputs[None, :STEPS]
    values = trace_teacher_forced(network, inputs).gates[f"{cell.name}/{gate}"][0]  # (T, H)
    if not np.isfinite(values).all():
        return {}
    units = np.arange(0, cell.units, -(-cell.units // UNITS))
    low = -1 if gate == "g" else 0
    levels = np.round((values[:, units].T - low) / (1 - low) * LEVELS).astype(np.uint8)
    return {
        "gate": gate,
        "units": units.tolist(),
        "low": low,
        "levels": base64.b64encode(levels.tobytes()).decode(),
    }
