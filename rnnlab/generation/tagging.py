"""What a tagging network says of each step of a sequence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.data import Dataset
from rnnlab.errors import LabError
from rnnlab.generation.teacher_forced import predict_teacher_forced
from rnnlab.models import Network


@dataclass(frozen=True, eq=False)
class Tagged:
    """A stretch of a sequence with its tags.

    Attributes:
        inputs: float32 (T,) values of a series, or int32 (T,) token ids.
        truth: int32 (T,), the right tag of each step; -1 where nobody can know it.
        probabilities: float32 (T, tags), what the network says.
        tags: their names.
    """

    inputs: np.ndarray
    truth: np.ndarray
    probabilities: np.ndarray
    tags: tuple[str, ...]

    @property
    def said(self) -> np.ndarray:
        """The most probable tag of each step: int64 (T,)."""
        return self.probabilities.argmax(axis=1)

    @property
    def accuracy(self) -> float:
        """Share of the steps with a known tag at which the most probable one is right; NaN if none is known."""
        known = self.truth >= 0
        return float(np.mean(self.said[known] == self.truth[known])) if known.any() else float("nan")


def tag_stretch(network: Network, dataset: Dataset, start: int = 0, length: int = 100) -> Tagged:
    """Read a stretch of the validation part and label each step.

    Args:
        network: one that was trained to tag.
        dataset: what it was trained on.
        start: first step in the validation part, >= 0.
        length: steps, >= 1; the stretch ends with the part.
    Raises:
        ValueError: the network says no tags, or the stretch lies outside the part.
    """
    if not network.tags:
        raise LabError("This network predicts what comes next and says no tags; please compare its predictions.")
    streams = dataset.streams("valid", 1)
    steps = streams.weights.shape[1]
    if not (0 <= start < steps and length >= 1):
        raise LabError(
            f"A stretch of {length} steps from step {start} was asked for, but the validation part has {steps}; take a "
            f"start from 0 to {steps - 1} and at least one step."
        )
    stretch = slice(start, start + length)
    probabilities, _ = predict_teacher_forced(network, streams.inputs[:, stretch])
    truth = np.where(streams.weights[0, stretch] > 0, streams.targets[0, stretch], -1)
    inputs = streams.inputs[0, stretch]
    return Tagged(inputs if dataset.has_tokens else inputs[:, 0], truth, probabilities[0], dataset.tags)
