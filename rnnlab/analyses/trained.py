"""A trained network, as every analysis gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rnnlab.config import Experiment

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.models import Network


View = dict[str, Any]


@dataclass(frozen=True)
class TrainedNetwork:
    """A run's network with the weights of its newest checkpoint; `step` updates they have had."""

    experiment: Experiment
    dataset: Dataset
    network: Network
    step: int
