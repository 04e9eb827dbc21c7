"""Why feed `initial_state`? The same training with the state carried from window to window, and without."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.config import Experiment
from rnnlab.data import Batch, Dataset, load_dataset
from rnnlab.formulas import perplexity
from rnnlab.measures import TRAIN_LOSS, VALID_LOSS
from rnnlab.training import Record, Trainer, Workbench, WorkbenchPool

Curve = tuple[np.ndarray, np.ndarray]
"""Steps int64 (N,) and values float64 (N,)."""

Progress = Callable[[int, int, list[Record]], None]


@dataclass(frozen=True, eq=False)
class TrainedOnce:
    """One of the two trainings.

    Attributes:
        carry_state: how it was trained.
        train_curve, valid_curve: losses while it trained, measured as every run's are: with the state carried.
        loss_carried: loss of the whole validation part after training, the state carried from its start to its end.
        loss_reset: the same weights and text, but every window is read from an empty state.
    """

    carry_state: bool
    train_curve: Curve
    valid_curve: Curve
    loss_carried: float
    loss_reset: float

    @property
    def perplexity_carried(self) -> float:
        """`loss_carried` as a perplexity; text only."""
        return perplexity(self.loss_carried)

    @property
    def perplexity_reset(self) -> float:
        """`loss_reset` as a perplexity; text only."""
        return perplexity(self.loss_reset)


@dataclass(frozen=True, eq=False)
class CarriedAgainstReset:
    """Two trainings of one experiment that differ in nothing but `carry_state`.

    Attributes:
        experiment: as it was asked for; its own `carry_state` does not matter.
        carried: each minibatch started from the state that the one before ended with.
        reset: each minibatch started from an empty state.
    """

    experiment: Experiment
    carried: TrainedOnce
    reset: TrainedOnce

    @property
    def gain(self) -> float:
        """What carrying the state in training and in reading saved, in the loss's unit; > 0 where it helped."""
        return self.reset.loss_reset - self.carried.loss_carried


_workbenches = WorkbenchPool()


def carry_against_reset(
    experiment: Experiment, dataset: Dataset | None = None, progress: Progress | None = None
) -> CarriedAgainstReset:
    """Train an experiment twice, with the state carried and with it reset, everything else equal.

    Seed, first weights, minibatches and schedule are the same. Each is then measured on the whole validation part in
    both ways, so that what feeding `initial_state` is worth can be told apart from what training with it is worth.

    Args:
        experiment: a text or a series.
        dataset: its data, if they are not to be loaded: a text of one's own.
        progress: called with the steps done and all steps of both trainings, and what was measured since.
    Raises:
        ValueError: the data cannot be had or do not fit the window; NonFinite when training runs away.
    Source: `ptb_word_lm`'s run_epoch feeds each minibatch's `final_state` as the next one's `initial_state`.
    """
    dataset = dataset or load_dataset(experiment.data, experiment.seed)
    workbench = _workbenches.take(experiment, len(dataset.vocabulary))  # compiled once for both, and for the next call
    carried, reset = (
        _train_once(_with_carry(experiment, carry), dataset, workbench, done, progress)
        for done, carry in enumerate((True, False))
    )
    _workbenches.give_back(workbench)
    return CarriedAgainstReset(experiment, carried, reset)


def _with_carry(experiment: Experiment, carry_state: bool) -> Experiment:
    training = dataclasses.replace(experiment.training, carry_state=carry_state)
    return dataclasses.replace(experiment, training=training)


def _train_once(
    experiment: Experiment, dataset: Dataset, workbench: Workbench, done: int, progress: Progress | None
) -> TrainedOnce:
    trainer = Trainer(experiment, dataset, workbench)
    records: list[Record] = []
    while not trainer.finished:
        measured = trainer.advance()
        records += measured
        if progress:
            progress(done * trainer.total_steps + trainer.step, 2 * trainer.total_steps, measured)
    windows = list(
        dataset.held_out_streams("valid", experiment.training.batch_size).padded_windows(experiment.training.num_steps)
    )
    return TrainedOnce(
        carry_state=experiment.training.carry_state,
        train_curve=_curve(records, TRAIN_LOSS.name),
        valid_curve=_curve(records, VALID_LOSS.name),
        loss_carried=workbench.evaluator.loss(windows),
        loss_reset=_loss_of_each_alone(workbench, windows),
    )


def _loss_of_each_alone(workbench: Workbench, windows: list[Batch]) -> float:
    """The mean loss when every window is read from an empty state, weighted by the steps that count."""
    counts = [float(window.weights.sum()) for window in windows]
    losses = [workbench.evaluator.loss([window]) for window in windows]
    return float(np.average(losses, weights=counts))


def _curve(records: list[Record], name: str) -> Curve:
    points = [(record.step, record.value) for record in records if record.name == name]
    return np.array([step for step, _ in points], "int64"), np.array([value for _, value in points], "float64")
