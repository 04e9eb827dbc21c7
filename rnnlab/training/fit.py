"""Train in this process, without a word: for notebooks and benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import OWN_FILE, Experiment, check_limits
from rnnlab.data import Dataset, TextMissing, load_dataset, read_own_text, with_own_text
from rnnlab.models import Network
from rnnlab.training.trainer import Measurement, Trainer


@dataclass(frozen=True, eq=False, repr=False)
class FittedRun:
    """A trained network with what it was trained on and what was measured.

    Attributes:
        measurements: in the order in which they were measured.
        arithmetic: how its updates were computed.
    """

    experiment: Experiment
    dataset: Dataset
    network: Network
    measurements: list[Measurement]
    arithmetic: RunArithmetic

    def __repr__(self) -> str:
        return f"<fitted run on {self.dataset.label!r}: {len(self.measurements):,} measurements>"

    def curve(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """One measured curve: steps int64 (N,) and values float64 (N,); see `Measurement` for the names."""
        points = [(one.step, one.value) for one in self.measurements if one.name == name]
        return np.array([step for step, _ in points], "int64"), np.array([value for _, value in points], "float64")


def fit(
    experiment: Experiment,
    progress: Callable[[int, int, list[Measurement]], None] | None = None,
    file: str | Path | None = None,
) -> FittedRun:
    """Train an experiment from its first weights to its end.

    Args:
        experiment: what to train.
        progress: called after each moment with the steps done, all steps, and what was measured since the last call.
        file: a file of one's own to learn from, in UTF-8, in place of the experiment's data: a text for an experiment
            of texts, a CSV file for one of series, such as `preset("own-series")`. The other settings stay, such as
            `tokens` or `column`.
    Returns:
        The trained network and its measurements; its experiment names the text of `file`.
    Raises:
        ValueError: the data or the file cannot be had or do not fit the window; NonFinite when training runs away.
    """
    experiment, text = with_text_of(experiment, file)
    return train(trainer_for(experiment, text), progress)


def trainer_for(experiment: Experiment, text: str | None = None) -> Trainer:
    """A trainer at the first weights of an experiment, with its data.

    Args:
        experiment: what to train.
        text: of the file of one's own that it learns from.
    Raises:
        ValueError: see `fit`.
    """
    dataset = load_dataset(experiment.data, experiment.seed, upload_text=text)
    check_limits(experiment, len(dataset.vocabulary) or None)
    return Trainer(experiment, dataset)


def with_text_of(experiment: Experiment, file: str | Path | None) -> tuple[Experiment, str | None]:
    """An experiment with the text of a file in place of its corpus, and that text; without a file as it is, and None.

    Raises:
        ValueError: the file cannot be read, or the experiment needs one and there is none.
    """
    if file is not None:
        text = read_own_text(file)
        return with_own_text(experiment, text), text
    if experiment.data.needs_own_text:
        setting = OWN_FILE[experiment.data.kind]
        raise TextMissing(setting, "name its file, such as rnnlab.fit(experiment, file='story.txt')")
    return experiment, None


def train(trainer: Trainer, progress: Callable[[int, int, list[Measurement]], None] | None = None) -> FittedRun:
    """Train to the end. Raises `NonFinite` when training runs away.

    Args:
        trainer: at its first weights.
        progress: see `fit`.
    """
    measurements: list[Measurement] = []
    while not trainer.finished:
        measured = trainer.advance()
        measurements += measured
        if progress:
            progress(trainer.step, trainer.total_steps, measured)
    return FittedRun(trainer.experiment, trainer.dataset, trainer.network, measurements, trainer.arithmetic)
