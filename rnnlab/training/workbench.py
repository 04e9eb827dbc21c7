"""Compiled training, kept for the next run of the same shape.

Compiling takes longer than the first seconds of a small run: a worker that has trained a sine wave once starts the next
one at once.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Hashable

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import Experiment
from rnnlab.models import Network
from rnnlab.training.evaluation import Evaluator
from rnnlab.training.update import Updater, choose_arithmetic, take_up

KEPT = 24
"""Workbenches: more shapes than a lesson tries. XLA never gives compiled code back, so one that is let go frees little,
and the next run of its shape compiles and holds all of it once more."""

KEPT_PARAMETERS = 19_000_000
"""Of all that are kept together, four of `ptb-small`'s and none of `ptb-medium`'s: what a large network holds is its
weights, and compiling is a small part of its run."""


class Workbench:
    """A network with its compiled updates and evaluation, for experiments of one shape.

    Args:
        experiment: of that shape; its schedule, its seed and what sets first weights do not matter.
        vocabulary: number of tokens, 0 for a series.
        recorded: the arithmetic that the run began with; None has this machine choose.
    """

    def __init__(self, experiment: Experiment, vocabulary: int, recorded: RunArithmetic | None = None):
        self.key = shape_of(experiment, vocabulary)
        self.network = Network.for_experiment(experiment, vocabulary)
        arithmetic = _arithmetic_for(self.network, experiment, recorded)
        self.updater = Updater(self.network, experiment.training, arithmetic=arithmetic)
        self.evaluator = Evaluator(self.network, self.updater.xla)

    @property
    def arithmetic(self) -> RunArithmetic:
        """How its updates are computed."""
        return self.updater.arithmetic

    def fits(self, experiment: Experiment, recorded: RunArithmetic | None) -> bool:
        """Whether a run of the same shape would be computed in the same way."""
        return self.arithmetic == _arithmetic_for(self.network, experiment, recorded)

    def start(self, experiment: Experiment) -> None:
        """Lay out the first weights of an experiment of this shape, and an optimiser that has seen nothing."""
        self.network.start(experiment.model, experiment.seed)
        self.updater.forget()


def _arithmetic_for(network: Network, experiment: Experiment, recorded: RunArithmetic | None) -> RunArithmetic:
    if recorded is None:
        return choose_arithmetic(network, experiment.training)
    return take_up(recorded, network, experiment.training)


class WorkbenchPool:
    """Workbenches that nobody uses at the moment, those used last first; safe to share between threads."""

    def __init__(self) -> None:
        self._free: OrderedDict[int, Workbench] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, experiment: Experiment, vocabulary: int, recorded: RunArithmetic | None = None) -> Workbench:
        """A workbench for this experiment, for one user: a compiled one if one is free, otherwise a new one.

        Args:
            vocabulary: number of tokens, 0 for a series.
            recorded: the arithmetic that the run began with; None has this machine choose.
        """
        key = shape_of(experiment, vocabulary)
        with self._lock:
            for number, workbench in reversed(self._free.items()):
                if workbench.key == key and workbench.fits(experiment, recorded):
                    return self._free.pop(number)
        return Workbench(experiment, vocabulary, recorded)

    def give_back(self, workbench: Workbench) -> None:
        """Keep a workbench for the next run; its network must not be used any more by whoever took it."""
        if workbench.network.count_params() > KEPT_PARAMETERS:
            return
        with self._lock:
            self._free[id(workbench)] = workbench
            while len(self._free) > KEPT or self._parameters() > KEPT_PARAMETERS:
                self._free.popitem(last=False)

    def _parameters(self) -> int:
        return sum(workbench.network.count_params() for workbench in self._free.values())


def shape_of(experiment: Experiment, vocabulary: int) -> Hashable:
    """What two experiments must share to share compiled code: all but the data, the first weights and the schedule."""
    training = experiment.training
    training = dataclasses.replace(
        training,
        learning_rate=1.0,
        lr_decay=1.0,
        lr_schedule="epochs",
        full_rate_epochs=0,
        epochs=1,
        carry_state=True,
        evaluate_every=0,
        clip_norm=float(training.clip_norm > 0),
        feedback=float(training.feedback > 0),
        feedback_schedule="constant",
        feedback_half=2,
        changes="",
        precision="auto",  # `Workbench.fits` compares what comes of it.
    )
    return experiment.model.architecture, training, vocabulary, experiment.task.tags, experiment.task.features
