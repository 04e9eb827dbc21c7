"""What training will cost, in closed form: how its time grows with its size, and what it leaves on disk."""

from __future__ import annotations

from rnnlab.formulas.sizes import FLOAT_BYTES

STEP_WORK = 200_000
"""What one time step costs beside its arithmetic, in weights times streams.

On two cores a step of a small network takes 2.5 microseconds, and `ptb-small` (4.65 million weights, 20 streams) takes
13 picoseconds for each weight and stream.
"""

OPTIMIZER_SLOTS = {"sgd": 0, "adam": 2}
"""Numbers that an optimiser keeps for each weight."""

KEPT_CHECKPOINTS = 2
"""Checkpoints of a run that stay on disk."""

UPDATE_BYTES = 3 * 16
"""Stored of each update: its step and its value in the curves of loss, gradient norm and learning rate."""


def update_work(parameters: int, batch_size: int, num_steps: int) -> float:
    """The cost of one update in a unit of its own: times of two networks are about as their work.

    Args:
        parameters: weights of the network.
        batch_size: streams that are computed side by side.
        num_steps: time steps of the window, which follow one another.
    """
    return float(num_steps * (STEP_WORK + parameters * batch_size))


def run_bytes(parameters: int, updates: int, optimizer: str) -> int:
    """Bytes that a finished run leaves on disk: its checkpoints and its curves."""
    checkpoints = KEPT_CHECKPOINTS * FLOAT_BYTES * parameters * (1 + OPTIMIZER_SLOTS[optimizer])
    return checkpoints + UPDATE_BYTES * updates


def about_bytes(count: float) -> str:
    """A number of bytes as an estimate is written: `3 MB`, `1.2 GB`; never less than a megabyte."""
    if count < 1e9:
        return f"{max(1, round(count / 1e6))} MB"
    return f"{count / 1e9:.1f} GB"
