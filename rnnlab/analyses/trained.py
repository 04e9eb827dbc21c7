"""What every analysis is: a question with its parameters, asked of a trained network, and a typed answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from rnnlab.config import Experiment

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.models import Network

A = TypeVar("A", covariant=True)


@dataclass(frozen=True)
class TrainedNetwork:
    """A run's network with the weights of its newest checkpoint; `step` updates they have had."""

    experiment: Experiment
    dataset: Dataset
    network: Network
    step: int


class Question(ABC, Generic[A]):
    """A question. Its subclasses are frozen dataclasses, whose fields are the parameters.

    A worker answers it. The answer holds NumPy arrays, numbers and texts alone: the page that receives it must not need
    TensorFlow to unpack it.
    """

    @abstractmethod
    def answer(self, trained: TrainedNetwork) -> A:
        """The answer. Raises `ValueError` when the network, or a parameter, does not suit the question."""
