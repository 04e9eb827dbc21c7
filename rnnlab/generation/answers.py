"""The answers of a network to separate sequences, each at its last step."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.data import Dataset
from rnnlab.errors import LabError
from rnnlab.generation.teacher_forced import predict_teacher_forced
from rnnlab.models import Network

SHOWN = 100
"""Sequences of a sample, at most."""


def answer_sequences(network: Network, inputs: np.ndarray) -> np.ndarray:
    """What a network answers at the last step, its state starting from zeros.

    Args:
        network: one that was trained on separate sequences.
        inputs: int32 (N, T) token ids, or float32 (N, T, F).
    Returns:
        Probabilities of the labels, float32 (N, labels); or numbers, float32 (N, 1).
    """
    outputs, _ = predict_teacher_forced(network, inputs)
    return outputs[:, -1]


def answers_of(network: Network, dataset: Dataset) -> dict[str, Any]:
    """The answers to the first validation sequences, JSON-able: what the live panel shows beside the loss.

    Args:
        network: of the dataset's kind.
        dataset: of separate sequences.
    Returns:
        `kind`, `answers`; `truth`, the right answers: numbers of labels, or numbers. For labels `probabilities`, a list
        of one number for each label, with one sequence for each right label; otherwise `values`. None where a number is
        not finite.
    Raises:
        ValueError: the dataset is one long sequence.
    """
    if not dataset.sequences:
        raise LabError("These data are one long sequence without answers at its end; look at its predictions instead.")
    inputs, truth = dataset.sequences["valid"]
    # For labels, the first deck has each once, and the other sequences are the same.
    shown = np.argsort(truth[: len(dataset.tags)]) if dataset.tags else np.arange(min(SHOWN, len(truth)))
    answers = answer_sequences(network, inputs[shown])
    content: dict[str, Any] = {"kind": "answers", "truth": truth[shown].tolist()}
    if dataset.tags:
        return content | {"probabilities": [[_finite(share) for share in row] for row in answers]}
    return content | {"values": [_finite(value) for value in answers[:, 0]]}


def _finite(value: float) -> float | None:
    """JSON has no word for infinity; a network that ran away leaves a gap."""
    return float(value) if np.isfinite(value) else None
