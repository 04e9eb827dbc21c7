"""Fit a network: the loss, the schedule, updates, evaluation, and the trainer that does them in turn."""

from rnnlab.training.fit import FittedRun, fit, train, trainer_for
from rnnlab.training.loss import sequence_loss_by_example
from rnnlab.training.schedule import learning_rate
from rnnlab.training.stored import load_weights, stored_arithmetic
from rnnlab.training.trainer import (
    Measurement,
    NonFinite,
    NonFiniteGradient,
    NonFiniteLoss,
    NonFiniteWeights,
    Trainer,
)
from rnnlab.training.workbench import Workbench, WorkbenchPool

__all__ = [
    "FittedRun",
    "Measurement",
    "NonFinite",
    "NonFiniteGradient",
    "NonFiniteLoss",
    "NonFiniteWeights",
    "Trainer",
    "Workbench",
    "WorkbenchPool",
    "fit",
    "learning_rate",
    "load_weights",
    "sequence_loss_by_example",
    "stored_arithmetic",
    "train",
    "trainer_for",
]
