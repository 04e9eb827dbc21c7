"""A trained network as files that need no RNN Lab."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork


@dataclass(frozen=True, eq=False)
class NetworkFilesAnswer:
    """Two files.

    Attributes:
        weights: uint8 (N,), the content of an `.npz` file: each weight by its name.
        model: uint8 (N,), the content of a `.keras` file: one step, see `rnnlab.export.step_model`. Empty for a network
            that has no single step.
        step: updates that the weights have had.
    """

    weights: np.ndarray
    model: np.ndarray
    step: int


@dataclass(frozen=True)
class NetworkFiles(Question[NetworkFilesAnswer]):
    """What are its weights, and its step as a Keras model?"""

    def answer(self, trained: TrainedNetwork) -> NetworkFilesAnswer:
        """See `rnnlab.export.step_model`."""
        from rnnlab.export.step_model import model_bytes, step_model, weights_bytes

        network = trained.network
        model = b"" if network.backward_cells else model_bytes(step_model(network))
        return NetworkFilesAnswer(_bytes(weights_bytes(network)), _bytes(model), trained.step)


def _bytes(content: bytes) -> np.ndarray:
    return np.frombuffer(content, "uint8")
