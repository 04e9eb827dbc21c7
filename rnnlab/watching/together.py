"""Which runs can be shown on the same axes."""

from __future__ import annotations

from rnnlab.store.run import Run


def have_same_truth(run: Run, other: Run) -> bool:
    """Whether the answers of both networks are measured against the same values; False for unknown settings."""
    mine, others = run.known_experiment, other.known_experiment
    if mine is None or others is None:
        return False
    return mine.task == others.task and mine.data.truth == others.data.truth


def why_not_beside(run: Run, other: Run) -> str:
    """Why a run cannot be shown beside another one; "" if it can."""
    if not other.step:
        return f"{other.name} has not been trained yet, so it is not shown here."
    if not have_same_truth(run, other):
        return f"{other.name} learned other data, so it cannot be shown on the same axes."
    return ""
