"""Why carry the state? The same training with the state carried from window to window, and with it reset."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.config import Experiment
from rnnlab.data import Batch, Dataset, load_dataset
from rnnlab.formulas import perplexity
from rnnlab.measures import TRAIN_LOSS, VALID_LOSS
from rnnlab.training import Measurement, Trainer, Workbench, WorkbenchPool

Curve = tuple[np.ndarray, np.ndarray]
"""Steps int64 (N,) and values float64 (N,)."""

Progress = Callable[[int, int, list[Measurement]], None]


@dataclass(frozen=True, eq=False)
class TrainedOnce:
    """One of the two trainings.

    Attributes:
        carry_state: whether the state was carried in training.
        train_curve, valid_curve: losses during training, measured as in every run: with the state carried if training
            carries it.
        loss_carried: loss of the whole validation part after training, with the state carried.
        loss_reset: loss of the same with the same weights, but with the state reset at every window.
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
    """Two trainings of one experiment that differ only in `carry_state`.

    Attributes:
        experiment: as it was given; its own `carry_state` does not matter.
        carried: each minibatch started from the final state of the previous one.
        reset: each minibatch started from an empty state.
    """

    experiment: Experiment
    carried: TrainedOnce
    reset: TrainedOnce

    @property
    def gain(self) -> float:
        """The loss that carrying the state in training and validation has saved; > 0 if it helped."""
        return self.reset.loss_reset - self.carried.loss_carried


_workbenches = WorkbenchPool()


def carry_against_reset(
    experiment: Experiment, dataset: Dataset | None = None, progress: Progress | None = None
) -> CarriedAgainstReset:
    """Train an experiment twice, with the state carried and with it reset, everything else equal.

    Seed, initial weights, minibatches and schedule are the same. Then each network is measured on the whole validation
    part, with the state carried and with it reset. So the effect of carrying the state in validation can be separated
    from its effect in training.

    Args:
        experiment: a text or a series.
        dataset: its data, such as a text of one's own; None loads them.
        progress: called with the steps done, all steps of both trainings, and the new measurements.
    Raises:
        ValueError: the data are not available or do not fit the window; NonFinite if the training diverges.
    Source: `ptb_word_lm`'s run_epoch passes each minibatch's `final_state` as the `initial_state` of the next one.
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
    measurements: list[Measurement] = []
    while not trainer.finished:
        measured = trainer.advance()
        measurements += measured
        if progress:
            progress(done * trainer.total_steps + trainer.step, 2 * trainer.total_steps, measured)
    windows = list(
        dataset.held_out_streams("valid", experiment.training.batch_size).padded_windows(experiment.training.num_steps)
    )
    return TrainedOnce(
        carry_state=experiment.training.carry_state,
        train_curve=_curve(measurements, TRAIN_LOSS.name),
        valid_curve=_curve(measurements, VALID_LOSS.name),
        loss_carried=workbench.evaluator.loss(windows),
        loss_reset=_loss_of_each_alone(workbench, windows),
    )


def _loss_of_each_alone(workbench: Workbench, windows: list[Batch]) -> float:
    """The mean loss with the state reset at every window, weighted by the steps that count."""
    counts = [float(window.weights.sum()) for window in windows]
    losses = [workbench.evaluator.loss([window]) for window in windows]
    return float(np.average(losses, weights=counts))


def _curve(measurements: list[Measurement], name: str) -> Curve:
    points = [(one.step, one.value) for one in measurements if one.name == name]
    return np.array([step for step, _ in points], "int64"), np.array([value for _, value in points], "float64")
