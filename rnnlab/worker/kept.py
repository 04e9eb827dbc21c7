"""What a worker keeps from one task to the next: compiled training, and networks whose graphs answer at once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import Experiment, ModelConfig
from rnnlab.errors import LabError
from rnnlab.store.run import Checkpoint

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.models import Network
    from rnnlab.training import Trainer, WorkbenchPool


def make_trainer(experiment: Experiment, dataset: Dataset, recorded: RunArithmetic | None = None) -> Trainer:
    """A trainer at its first weights, with the compiled code of an earlier run of this process if one fits.

    Args:
        recorded: the arithmetic that the run began with; None has this machine choose.
    """
    from rnnlab.training import Trainer

    return Trainer(experiment, dataset, _workbenches().take(experiment, len(dataset.vocabulary), recorded))


def keep_compiled(trainer: Trainer) -> None:
    """Let the next run of the same shape have the compiled code of a trainer that is not needed any more."""
    _workbenches().give_back(trainer.workbench)


@cache
def _workbenches() -> WorkbenchPool:
    from rnnlab.training import WorkbenchPool

    return WorkbenchPool()


NETWORKS_KEPT = 4


@dataclass
class KeptNetwork:
    """A network that stays in this worker for all runs of its shape: one whose graphs are compiled answers at once.

    Attributes:
        sha256: of the checkpoint that its weights came from.
        step: updates that they have had.
    """

    network: Network
    sha256: str = ""
    step: int = 0

    def load(self, checkpoint: Checkpoint | None, arrays: dict[str, np.ndarray] | None) -> None:
        """Take the weights of a checkpoint.

        Raises:
            ValueError: there is none that can be read.
        """
        from rnnlab.training import load_weights

        if checkpoint is None or arrays is None:
            raise LabError("The saved weights of this run are missing or damaged; please train it again.")
        self.sha256 = ""  # half-loaded weights belong to no checkpoint
        load_weights(self.network, arrays)
        self.sha256, self.step = checkpoint.sha256, checkpoint.step


_networks: OrderedDict[tuple[ModelConfig, tuple[str, ...], int, int], KeptNetwork] = OrderedDict()


def network_for(experiment: Experiment, vocabulary: int) -> KeptNetwork:
    """This process's network for experiments of one shape; a worker runs one view at a time, so nobody else uses it."""
    from rnnlab.models import Network

    shape = (experiment.model.architecture, experiment.task.tags, experiment.task.features, vocabulary)
    if shape not in _networks:
        _networks[shape] = KeptNetwork(Network.for_experiment(experiment, vocabulary, experiment.seed))
    _networks.move_to_end(shape)
    if len(_networks) > NETWORKS_KEPT:
        _networks.popitem(last=False)
    kept = _networks[shape]
    kept.network.model = experiment.model  # Of the first run it might say another forget bias.
    return kept
