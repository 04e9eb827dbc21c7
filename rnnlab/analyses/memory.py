"""What a network remembers: its answers to separate sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config import ADDING, RECALL, Experiment, MemoryData, Task
from rnnlab.errors import LabError

LAGS = (2, 5, 10, 20, 50, 100, 200)
"""Time lags at which a network is tried, beside its own."""


@dataclass(frozen=True, eq=False)
class RecallAnswer:
    """What is answered at the cue, for each of N symbols.

    Attributes:
        symbols: the N symbols.
        probabilities: float32 (N, N); row i is the answer after symbol i.
        lags: time lags, ascending; () for a network that reads backwards.
        accuracies: float64, the share of right answers at each of `lags`.
        step: updates that the weights have had.
    """

    symbols: tuple[str, ...]
    probabilities: np.ndarray
    lags: tuple[int, ...]
    accuracies: np.ndarray
    step: int

    @property
    def accuracy(self) -> float:
        """Share of right answers at the time lag of the training."""
        return _accuracy(self.probabilities)


@dataclass(frozen=True)
class RecallSymbols(Question[RecallAnswer]):
    """Which symbol does it recall at the cue, and for how long could it?"""

    def answer(self, trained: TrainedNetwork) -> RecallAnswer:
        """See `rnnlab.generation.answers`."""
        from rnnlab.data import recall
        from rnnlab.generation.answers import answer_sequences

        data = _memory_of(trained.experiment, RECALL)
        inputs = recall.asked(data, np.arange(data.symbols)).inputs
        lags = () if trained.experiment.model.is_bidirectional else tuple(sorted({*LAGS, data.time_lag}))
        return RecallAnswer(
            symbols=trained.dataset.tags,
            probabilities=answer_sequences(trained.network, inputs),
            lags=lags,
            accuracies=_accuracies(trained, data, lags),
            step=trained.step,
        )


@dataclass(frozen=True, eq=False)
class AddingAnswer:
    """Sums that were answered, for N validation sequences.

    Attributes:
        truth: float32 (N,), the right sums.
        answers: float32 (N,), the network's.
        step: updates that the weights have had.
    """

    truth: np.ndarray
    answers: np.ndarray
    step: int

    @property
    def error(self) -> float:
        """Mean squared error."""
        return float(np.mean(np.square(self.answers.astype("float64") - self.truth)))


@dataclass(frozen=True)
class AddNumbers(Question[AddingAnswer]):
    """Which sum does it answer to each validation sequence?"""

    def answer(self, trained: TrainedNetwork) -> AddingAnswer:
        """See `rnnlab.generation.answers`."""
        from rnnlab.generation.answers import answer_sequences

        _memory_of(trained.experiment, ADDING)
        inputs, truth = trained.dataset.sequences["valid"]
        return AddingAnswer(truth, answer_sequences(trained.network, inputs)[:, 0], trained.step)


def _memory_of(experiment: Experiment, task: Task) -> MemoryData:
    """The settings of the sequences that an experiment learns. Raises `ValueError` when it learns something else."""
    if experiment.task.name != task.name:
        raise LabError(
            f"This run learned another task ({experiment.task.name}), and {task.name} was asked for; please compare "
            "what it learned."
        )
    return cast(MemoryData, experiment.data)


def _accuracies(trained: TrainedNetwork, data: MemoryData, lags: tuple[int, ...]) -> np.ndarray:
    """The accuracy at each time lag: float64 (lags,). One call answers for all of them.

    The sequences are equally long. What follows a cue cannot change the answer at it.
    """
    from rnnlab.generation import predict_teacher_forced

    if not lags:
        return np.zeros(0)
    blank, cue = data.symbols, data.symbols + 1
    inputs = np.full((len(lags), data.symbols, max(lags) + 2), blank, "int32")  # (lags, N, T)
    inputs[:, :, 0] = np.arange(data.symbols)
    for row, lag in zip(inputs, lags, strict=True):
        row[:, lag + 1] = cue
    outputs, _ = predict_teacher_forced(trained.network, inputs.reshape(-1, inputs.shape[2]))
    by_lag = outputs.reshape(*inputs.shape, -1)  # (lags, N, T, N)
    return np.array([_accuracy(answers[:, lag + 1]) for answers, lag in zip(by_lag, lags, strict=True)])


def _accuracy(probabilities: np.ndarray) -> float:
    """Share of the symbols that are the most probable answer to themselves; float (N, N)."""
    return float(np.mean(probabilities.argmax(axis=1) == np.arange(len(probabilities))))
