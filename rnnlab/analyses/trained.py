"""What every analysis is: a question with its parameters, asked of a trained network, and a typed answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rnnlab.config import Experiment

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.models import Network

A = TypeVar("A", covariant=True)

Progress = Callable[[int, int], None]
"""Called with how many parts of an answer are done, and with how many there are.

It raises an error when the answer is not wanted any more. The same holds on both sides: a page's `progress` raises when
the person has left or has asked for something newer, and then the `progress` of the analysis raises `Cancelled`.
"""


def unwatched(_done: int, _total: int) -> None:
    """The progress of an answer that is always waited for and never watched."""


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


class LongQuestion(Question[A]):
    """A question whose answer takes seconds: it reports its progress, can be cancelled, and may be kept.

    Attributes:
        kept_as: the class of its answers. Then an answer is kept as an artifact, and read again for the same question
            about the same weights. Such a class is a dataclass whose fields are arrays, numbers, texts, None, and
            tuples of these. None: answers are not kept.
    """

    kept_as: ClassVar[type[Any] | None] = None

    @abstractmethod
    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> A:
        """The answer, see `Question`. Calls `progress` before each part and after the last one."""
