"""Fit a network, a few updates at a time, so that somebody can watch, pause and take it up again."""

from __future__ import annotations

import dataclasses
import itertools
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

import keras
import numpy as np
import tensorflow as tf

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import CONTINUE_SERIES, DataSettings, Experiment, SineData
from rnnlab.config.live_changes import Change, with_change
from rnnlab.data import Batch, Dataset, Streams, load_dataset
from rnnlab.errors import LabError
from rnnlab.formulas import perplexity
from rnnlab.generation import sample_from
from rnnlab.generation.answers import answers_of
from rnnlab.measures import (
    ACCURACIES,
    BATCH_LOSS,
    EPOCH_TRAIN_PERPLEXITY,
    EPOCH_VALID_PERPLEXITY,
    GRAD_NORM,
    LEARNING_RATE,
    LOSSES,
    NOISE_LOSSES,
    SETTLED_TRAIN_LOSS,
    TEST_PERPLEXITY,
    TRAIN_LOSS,
    UNIGRAM_LOSSES,
    Measure,
)
from rnnlab.models import Network, StateSaver
from rnnlab.models.network import NetworkState
from rnnlab.training.evaluation import Means
from rnnlab.training.schedule import feedback_at, learning_rate_at
from rnnlab.training.stored import (
    SAVER,
    as_array,
    check,
    named_slots,
    renamed,
    shapes_of,
    stored_arithmetic,
    with_fingerprints,
)
from rnnlab.training.update import Minibatches
from rnnlab.training.workbench import Workbench

UPDATES_PER_CALL = 128
LARGE_UPDATES_PER_CALL = 4
"""The same for networks that XLA does not compile: the first update of a call takes 2 ms more than the others."""

CALL_SECONDS = 0.12
"""How long one call of `advance` should keep a listener waiting, where a single update does not take longer."""

EVALUATION_POINTS = 100

EXPLODED_LOSS = 1e6
"""A loss that no first weights have, of a wave or of a text: updates have made it."""

Weights = list[np.ndarray]
"""The arrays of `Network.weights`, in its order."""

Look = Callable[[Network, Dataset, DataSettings], dict]
"""Looks at a network and its data, whose settings are the third argument; returns something JSON-able."""


@dataclass(frozen=True)
class Measurement:
    """One measured number.

    Attributes:
        step: number of updates that the weights had when it was measured.
        name: of the measure, see `rnnlab.measures`. Losses of an evaluation are of the same weights, without dropout;
            perplexities of an epoch are those that ptb_word_lm prints. A whole split leaves out the fewer tokens
            than streams at its end, which fill no column, as ptb_word_lm's reader does.
        value: nats per token or mean squared error for losses.
    """

    step: int
    name: str
    value: float


class NonFinite(LabError):
    """Training made a number that is infinite or none at all, and cannot go on. The message says which and what to do.

    Attributes:
        step: number of updates before the one that failed.
        measurements: what was measured in the call that failed. The last one is what is not finite, at this step.
    """

    def __init__(self, step: int, message: str, measurements: list[Measurement]):
        super().__init__(message)
        self.step = step
        self.measurements = measurements


class NonFiniteLoss(NonFinite):
    """The loss became infinite or not a number."""

    def __init__(self, step: int, value: float, measurements: list[Measurement], is_clipped: bool):
        advice = _slower(is_clipped)
        super().__init__(
            step, f"The loss became {value} at step {step}, so training cannot go on; {advice}.", measurements
        )


class NonFiniteGradient(NonFinite):
    """The gradient, or its norm, became larger than a float32 can hold: before the loss shows it."""

    def __init__(self, step: int, loss: float, measurements: list[Measurement], is_clipped: bool):
        if loss > EXPLODED_LOSS:
            why = f"because the loss had grown to {loss:.2g}; {_slower(is_clipped)}"
        else:
            why = (
                "because backpropagation through the window made it too large for a float32, so it cannot be clipped "
                "either; use a smaller initial scale, a shorter window, an LSTM or a GRU"
            )
        super().__init__(step, f"The gradient overflowed at step {step}, {why}.", measurements)


def _slower(is_clipped: bool) -> str:
    return "use a lower learning rate" if is_clipped else "use a lower learning rate or set a clip norm"


class NonFiniteWeights(NonFinite):
    """The weights, the optimiser's slots or the carried state hold a number that is not finite."""

    def __init__(self, step: int, name: str):
        super().__init__(
            step,
            f"At step {step}, {name} contains numbers that are not finite, so training cannot go on; use a lower "
            "learning rate or a smaller initial scale.",
            # Such a network's loss is not a number.
            [Measurement(step, BATCH_LOSS.name, math.nan)],
        )


def make_deterministic() -> None:
    """Ask TensorFlow for operations that give the same bits every time; once a process, before the first update."""
    tf.config.experimental.enable_op_determinism()


class Trainer:
    """One experiment being trained in this process.

    Two trainers of one experiment give the same measurements to the last bit on one machine, however `advance` cuts the
    way into calls, and also when one of them was stored with `state_dict` and taken up by another.

    Args:
        experiment: all settings.
        dataset: the data of `experiment.data`.
        workbench: compiled code of an earlier run of the same shape, see `WorkbenchPool`; None compiles.

    Raises:
        ValueError: the data are too short for the batch size and the window.
    """

    def __init__(self, experiment: Experiment, dataset: Dataset, workbench: Workbench | None = None):
        make_deterministic()
        training = experiment.training
        self.experiment = experiment
        self.dataset = dataset
        self.streams = dataset.streams("train", training.batch_size)
        self.steps_per_epoch = self.streams.num_windows(training.num_steps)
        self.total_steps = training.epochs * self.steps_per_epoch
        self.evaluate_every = training.evaluate_every or max(1, math.ceil(self.total_steps / EVALUATION_POINTS))
        self._use(workbench or Workbench(experiment, len(dataset.vocabulary)))
        self.state = self.network.zero_state(training.batch_size)
        self.saver = StateSaver() if experiment.model.unrolling == "state_saving" else None
        self.stream_keys = [f"train/{stream}" for stream in range(training.batch_size)]
        self.step = 0
        self._epoch_loss = 0.0
        self._evaluated_step = -1
        self._evaluation: Iterator[list[Measurement] | None] | None = None
        self._measures_first = False
        self._update_seconds = CALL_SECONDS

    def _use(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self.workbench.start(self.experiment)
        self.network = workbench.network
        self.updater = workbench.updater

    @property
    def arithmetic(self) -> RunArithmetic:
        """How the updates are computed: part of what decides their bits, and of `state_dict`."""
        return self.workbench.arithmetic

    @property
    def finished(self) -> bool:
        """All updates are done, and the last evaluation too."""
        return self.step == self.total_steps and self._evaluated_step == self.step

    def advance(self, max_steps: int | None = None) -> list[Measurement]:
        """Go on for a moment: some updates, or a part of an evaluation that is due.

        Args:
            max_steps: do at most this many updates, >= 1.
        Returns:
            What was measured in this call; empty while an evaluation is under way.
        Raises:
            NonFinite: the loss or the gradient is infinite or not a number.
        """
        if self._evaluation is None and self._evaluation_due():
            self._evaluation = self._evaluate()
        if self._evaluation is not None:
            return self._continue_evaluation()
        return self._update(self._count(max_steps))

    def measure_first(self) -> None:
        """Measure before the next update, whether or not it is due: the weights may have been trained elsewhere."""
        self._measures_first = True

    def split_perplexity(self, split: str, batch_size: int | None = None) -> float:
        """Perplexity of a whole split of a text at the present weights; training goes on undisturbed.

        Args:
            split: `train`, `valid` or `test`.
            batch_size: streams that the split is read in, with the state carried if training carries it; None takes
                those of training, 1 is how ptb_word_lm reads its test text, word by word.
        """
        streams = self._split_streams(split) if batch_size is None else self.dataset.streams(split, batch_size)
        windows = streams.padded_windows(self.experiment.training.num_steps)
        return perplexity(self.workbench.evaluator.loss(windows, self.experiment.training.carry_state))

    def weights(self) -> Weights:
        """A copy of the present weights, for a later `sample`."""
        return [variable.numpy().copy() for variable in self.network.weights]

    def sample(self, seed: int = 0, weights: Weights | None = None, beside: Look | None = None) -> dict:
        """What the network generates on its own, JSON-able; see `rnnlab.generation.sample_from`.

        Args:
            seed: decides which words are drawn.
            weights: what `weights` gave at an earlier step; None takes the present ones. Training goes on undisturbed.
            beside: another look at the network with these weights. Its result is added as `inside`.
        """
        if weights is None:
            return self._sample(seed, beside)
        present = self.weights()
        self.network.set_weights(weights)
        try:
            return self._sample(seed, beside)
        finally:
            self.network.set_weights(present)

    def _sample(self, seed: int, beside: Look | None) -> dict:
        is_separate = bool(self.dataset.sequences)
        content = (
            answers_of(self.network, self.dataset) if is_separate else sample_from(self.network, self.dataset, seed)
        )
        return content | ({"inside": beside(self.network, self.dataset, self.experiment.data)} if beside else {})

    def change(self, name: str, value: float) -> None:
        """Move a setting from the next update on; the experiment then says so.

        Args:
            name: one of `rnnlab.config.live_changes.CHANGEABLE`.
        Raises:
            InvalidSetting: the value is not allowed, or this run cannot change it.
        """
        training = self.experiment.training
        changes = with_change(training.changes, Change(name, self.step, value))
        self.experiment = replace(self.experiment, training=replace(training, changes=changes))

    # --- updates -----------------------------------------------------------------------------------------------------

    @property
    def _most_updates(self) -> int:
        """Of one call, and the size of its arrays."""
        return UPDATES_PER_CALL if self.updater.xla else LARGE_UPDATES_PER_CALL

    def _count(self, max_steps: int | None) -> int:
        """How many updates the next call may do: never past an evaluation, an epoch of text, or the end."""
        limits = [self.total_steps - self.step, self.evaluate_every - self.step % self.evaluate_every]
        limits.append(self._most_updates)
        limits.append(max(1, int(CALL_SECONDS / self._update_seconds)))
        if self.experiment.task.reads_tokens:
            limits.append(self.steps_per_epoch - self.step % self.steps_per_epoch)
        return min(limits if max_steps is None else [*limits, max(1, max_steps)])

    def _update(self, count: int) -> list[Measurement]:
        if count == 0:
            return []
        began = time.perf_counter()
        minibatches = self._minibatches(count)
        state = self._carried_state()
        losses, norms, state = self.updater.run(minibatches, state, self.experiment.seed, self.step, count)
        self._carry(state)
        measurements = self._measurements(minibatches, losses.numpy()[:count], norms.numpy()[:count])
        self._update_seconds = (time.perf_counter() - began) / count
        self.step += count
        return measurements

    def _minibatches(self, count: int) -> Minibatches:
        """The next minibatches, in arrays of a size that does not depend on `count`: one compiled shape."""
        size = self._most_updates
        steps = range(self.step, self.step + count)
        training = self.experiment.training
        windows = [self.streams.window(step % self.steps_per_epoch, training.num_steps) for step in steps]
        windows += windows[-1:] * (size - count)
        rates = [learning_rate_at(training, step, self.steps_per_epoch) for step in steps]
        carries = training.carry_state and not self.experiment.model.is_bidirectional
        fresh = [not carries or step % self.steps_per_epoch == 0 for step in steps]
        feedback = [feedback_at(training, step) for step in steps]
        inputs, targets, weights = (np.stack(part) for part in zip(*windows, strict=True))
        schedules = (np.array(part + part[-1:] * (size - count)) for part in (rates, fresh, feedback))
        learning_rates, is_fresh, probabilities = schedules
        return Minibatches(
            inputs=inputs,
            targets=targets,
            weights=weights,
            learning_rates=learning_rates.astype("float32"),
            fresh=is_fresh,
            feedback=probabilities.astype("float32"),
            clip_norms=np.full(size, training.clip_norm, "float32"),
        )

    def _measurements(self, minibatches: Minibatches, losses: np.ndarray, norms: np.ndarray) -> list[Measurement]:
        measurements: list[Measurement] = []
        for step, loss, norm, rate in zip(
            itertools.count(self.step), losses, norms, minibatches.learning_rates, strict=False
        ):
            measurements.append(Measurement(step, BATCH_LOSS.name, float(loss)))
            if not math.isfinite(loss):
                raise self._non_finite_loss(step, float(loss), measurements)
            measurements.append(Measurement(step, GRAD_NORM.name, float(norm)))
            if not math.isfinite(norm):
                raise NonFiniteGradient(step, float(loss), measurements, bool(self.experiment.training.clip_norm))
            measurements.append(Measurement(step, LEARNING_RATE.name, float(rate)))
            measurements += self._epoch_measurements(step + 1, float(loss))
        return measurements

    def _epoch_measurements(self, step: int, loss: float) -> list[Measurement]:
        self._epoch_loss += loss
        if step % self.steps_per_epoch:
            return []
        mean, self._epoch_loss = self._epoch_loss / self.steps_per_epoch, 0.0
        if EPOCH_TRAIN_PERPLEXITY not in self.experiment.task.epoch_measures:
            return []
        return [Measurement(step, EPOCH_TRAIN_PERPLEXITY.name, _stored_perplexity(mean))]

    def _non_finite_loss(self, step: int, loss: float, measurements: list[Measurement]) -> NonFiniteLoss:
        return NonFiniteLoss(step, loss, measurements, is_clipped=bool(self.experiment.training.clip_norm))

    def _carried_state(self) -> NetworkState:
        """What the next minibatch goes on from: where the last one ended, or where each stream was saved."""
        if self.saver is None:
            return self.state
        return tuple(self.saver.states(self.stream_keys, cell.name, cell.state_size) for cell in self.network.cells)

    def _carry(self, state: NetworkState) -> None:
        self.state = state
        if self.saver is not None:
            for cell, layer_state in zip(self.network.cells, state, strict=True):
                self.saver.save_state(self.stream_keys, cell.name, layer_state)

    # --- evaluation --------------------------------------------------------------------------------------------------

    def _evaluation_due(self) -> bool:
        is_last = self.step == self.total_steps
        ends_epoch = bool(self.experiment.task.epoch_measures) and self.step % self.steps_per_epoch == 0
        is_due = self._measures_first or is_last or ends_epoch or self.step % self.evaluate_every == 0
        return self._evaluated_step != self.step and is_due

    def _continue_evaluation(self) -> list[Measurement]:
        until = time.perf_counter() + CALL_SECONDS
        for measurements in self._evaluation or ():
            if measurements is not None:
                self._evaluation, self._evaluated_step, self._measures_first = None, self.step, False
                return measurements
            if time.perf_counter() > until:
                break
        return []

    def _evaluate(self) -> Iterator[list[Measurement] | None]:
        """Measure all that is due at this step; None after each window, the measurements at the end."""
        measurements = self._unigram_measurements() + self._noise_measurements() if self.step == 0 else []
        for measure, windows in self._due_measurements():
            means, first_loss = Means(0.0, 0.0), None
            # Measured as it is trained: what a network does with a carried state that it never had says nothing.
            for means_so_far in self.workbench.evaluator.means(windows, self.experiment.training.carry_state):
                means = means_so_far
                first_loss = means.loss if first_loss is None else first_loss
                yield None
            loss = means.loss
            if not math.isfinite(loss):
                raise self._non_finite_loss(
                    self.step, loss, [*measurements, Measurement(self.step, measure.name, loss)]
                )
            value = _stored_perplexity(loss) if measure.is_perplexity else loss
            measurements.append(Measurement(self.step, measure.name, value))
            if self.experiment.task.tags and measure in ACCURACIES:
                measurements.append(Measurement(self.step, ACCURACIES[measure].name, means.accuracy))
            if measure is TRAIN_LOSS and first_loss is not None:
                measurements += self._settled_measurements(loss, first_loss)
        yield measurements

    def _unigram_measurements(self) -> list[Measurement]:
        """The loss on the two slices of a model that only knows how frequent each token is."""
        if self.experiment.task.tags or not self.dataset.has_tokens:
            return []
        counts = np.bincount(self.dataset.train, minlength=len(self.dataset.vocabulary))
        # A token that only the validation part has is taken for one that the training part has once.
        surprise = -np.log(np.maximum(counts, 1) / len(self.dataset.train))
        measurements = []
        for split, measure in UNIGRAM_LOSSES.items():
            _, targets, weights = (np.concatenate(part) for part in zip(*self._slice(split), strict=True))
            measurements.append(Measurement(0, measure.name, float(np.average(surprise[targets], weights=weights))))
        return measurements

    def _noise_measurements(self) -> list[Measurement]:
        """The loss on the two slices of the best model of a noisy wave: one that knows all of it but the noise."""
        if self.experiment.task.name != CONTINUE_SERIES.name or self.experiment.data.needs_own_text:
            return []
        data, measurements = cast(SineData, self.experiment.data), []
        if not data.noise:
            return []
        clean = load_dataset(dataclasses.replace(data, noise=0.0), self.experiment.seed)
        for split, measure in NOISE_LOSSES.items():
            pairs = list(zip(self._slice(split), self._slice(split, clean), strict=True))
            squares = np.concatenate(
                [np.square(noisy.targets - best.targets).mean(-1).ravel() for noisy, best in pairs]
            )
            weights = np.concatenate([noisy.weights.ravel() for noisy, _ in pairs])
            measurements.append(Measurement(0, measure.name, float(np.average(squares, weights=weights))))
        return measurements

    def _settled_measurements(self, loss: float, first_loss: float) -> list[Measurement]:
        """The training loss of a series without the first window, where the network has nothing in its memory yet.

        Args:
            loss: of the whole slice.
            first_loss: of its first window.
        """
        task = self.experiment.task
        if task.reads_tokens or task.is_sequences or not self.experiment.training.carry_state:
            return []
        weights = [float(window.weights.sum()) for window in self._slice("train")]
        later = sum(weights[1:])
        if not later:
            return []
        settled = (loss * sum(weights) - first_loss * weights[0]) / later
        return [Measurement(self.step, SETTLED_TRAIN_LOSS.name, settled)]

    def _slice(self, split: str, dataset: Dataset | None = None) -> Iterator[Batch]:
        """The first windows of a part: what is evaluated between the ends of the epochs."""
        training = self.experiment.training
        return (dataset or self.dataset).quick_windows(split, training.batch_size, training.num_steps)

    def _due_measurements(self) -> Iterator[tuple[Measure, Iterator[Batch]]]:
        for split, measure in LOSSES.items():
            yield measure, self._slice(split)
        if self._ends_measured_epoch:
            yield EPOCH_VALID_PERPLEXITY, self._windows("valid")
        if self._ends_measured_epoch and self.step == self.total_steps:
            yield TEST_PERPLEXITY, self._windows("test")

    @property
    def _ends_measured_epoch(self) -> bool:
        """Whether an epoch is over, at whose end something is measured of a whole split."""
        return bool(self.experiment.task.epoch_measures and self.step) and self.step % self.steps_per_epoch == 0

    def _windows(self, split: str) -> Iterator[Batch]:
        return self._split_streams(split).padded_windows(self.experiment.training.num_steps)

    def _split_streams(self, split: str) -> Streams:
        if split == "train":
            return self.streams
        return self.dataset.held_out_streams(split, self.experiment.training.batch_size)

    # --- storing -----------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, np.ndarray]:
        """Everything that exact resuming needs, by the names in `rnnlab.training.stored`.

        Weights, optimiser slots, carried state, position, arithmetic.

        Raises:
            NonFiniteWeights: one of them is infinite or not a number: nobody could go on from it.
        """
        arrays = {name: variable.numpy() for name, variable in self._named_variables.items()}
        arrays |= {name: part.numpy() for name, part in self._named_state.items()}
        if self.saver is not None:
            arrays |= {f"{SAVER}{name}": array for name, array in self.saver.state_dict().items()}
        for name, array in arrays.items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise NonFiniteWeights(self.step, name)
        arrays |= {"step": np.array(self.step), "epoch_loss": np.array(self._epoch_loss, "float64")}
        return with_fingerprints(arrays | {"arithmetic": as_array(self.arithmetic.to_json())})

    def load_state_dict(self, arrays: dict[str, np.ndarray]) -> None:
        """Take up what `state_dict` gave, from a trainer of the same experiment; its arithmetic too, if it was stored.

        What an earlier version stored is read, too.

        Raises:
            ValueError: an array is missing, does not belong here or has another shape, or two were exchanged; the
                trainer stays as it is.
        """
        weights, state = self.network.named_weights, self._named_state
        arrays = renamed(arrays, weight=weights, optimizer=self._named_slots, state=state)
        saved = {name: array for name, array in arrays.items() if name.startswith(SAVER)}
        needed = shapes_of(self._named_variables) | shapes_of(state) | {"step": (), "epoch_loss": ()}
        if self.saver is not None:
            needed |= shapes_of(saved) | {f"{SAVER}places": ()}
        check(arrays, needed)
        recorded = stored_arithmetic(arrays)
        if recorded and not self.workbench.fits(self.experiment, recorded):
            self._use(Workbench(self.experiment, len(self.dataset.vocabulary), recorded))
        for name, variable in self._named_variables.items():
            variable.assign(arrays[name])
        self.state = tf.nest.pack_sequence_as(self.state, [tf.constant(arrays[name]) for name in state])
        if self.saver is not None:
            self.saver.load_state_dict({name.removeprefix(SAVER): array for name, array in saved.items()})
        self.step = int(arrays["step"])
        self._epoch_loss = float(arrays["epoch_loss"])
        self._evaluation, self._evaluated_step = None, -1

    @property
    def _named_slots(self) -> dict[str, keras.Variable]:
        return named_slots(self.experiment.training.optimizer, self.updater.optimizer, self.network.named_weights)

    @property
    def _named_variables(self) -> dict[str, keras.Variable]:
        return self.network.named_weights | self._named_slots

    @property
    def _named_state(self) -> dict[str, tf.Tensor]:
        return {f"state/{name}": part for name, part in self.network.named_state(self.state).items()}


def _stored_perplexity(loss: float) -> float:
    """The perplexity, or the largest number that can be stored where it is larger."""
    return min(perplexity(loss), sys.float_info.max)
