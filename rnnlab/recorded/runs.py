"""Full runs that were really made, kept so that a live curve can be laid over one that is known to be good.

Each file is written by `python -m benchmarks.record_run PRESET` and never by hand.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rnnlab.config import Experiment, from_flat, to_flat
from rnnlab.presets import PRESETS


@dataclass(frozen=True)
class RecordedEpoch:
    """What was measured at the end of one epoch.

    Attributes:
        train: perplexity over the epoch's updates, as ptb_word_lm prints it.
        valid, test: perplexity of the whole split, read in as many streams as in training, state carried throughout.
        seconds: of the epoch's updates and its evaluations, without the test split.
        words_per_second: trained words a second over the epoch's updates alone.
    """

    train: float
    valid: float
    test: float
    seconds: float
    words_per_second: float


@dataclass(frozen=True)
class RecordedRun:
    """One run from its first weights to its end.

    Attributes:
        preset: the preset that it was.
        experiment: all settings, the seed included.
        command: what made it.
        machine: processor, cores, versions, in one line.
        date: the day it was made, ISO 8601.
        epochs: in order.
        test_word_by_word: the test perplexity of the last weights, read as one stream as ptb_word_lm does.
        curves: `train_loss` and `valid_loss`, each as pairs of a step and nats per token.
    """

    preset: str
    experiment: Experiment
    command: str
    machine: str
    date: str
    epochs: tuple[RecordedEpoch, ...]
    test_word_by_word: float
    curves: dict[str, tuple[tuple[int, float], ...]]

    def curve_until(self, name: str, epochs: int) -> tuple[tuple[int, float], ...]:
        """A curve's points up to the end of that many epochs: what a run of that length can be compared with.

        Args:
            name: a key of `curves`.
            epochs: >= 1; more than were recorded give the whole curve.
        """
        points = self.curves[name]
        last = points[-1][0] * epochs / len(self.epochs)  # The last point is measured at the end of the last epoch.
        return tuple(point for point in points if point[0] <= last)

    @property
    def words_per_second(self) -> float:
        """Trained words a second: the median of the epochs, which one disturbed epoch does not move."""
        return statistics.median(epoch.words_per_second for epoch in self.epochs)


@dataclass(frozen=True)
class Published:
    """Perplexities that somebody else reported for the settings of a preset: published, not measured here.

    Attributes:
        train, valid, test: after the last epoch, as `ptb_word_lm` prints them.
        epochs: how many they took.
        source: who reported them.
    """

    train: float
    valid: float
    test: float
    epochs: int
    source: str


PUBLISHED = {
    "ptb-small": Published(37.99, 121.39, 115.91, 13, "ptb_word_lm"),
    "ptb-medium": Published(48.45, 86.16, 82.07, 39, "ptb_word_lm"),
    "ptb-large": Published(37.87, 82.62, 78.29, 55, "ptb_word_lm"),
}
"""By the name of the preset. Source: the comment at the top of ptb_word_lm.py; settings of Zaremba 2014."""


@cache
def recorded_runs() -> dict[str, RecordedRun]:
    """Every recorded run by the name of its preset."""
    # Other measurements lie in the same folder, so only files with the name of a preset are runs.
    files = {name: resources.files(__package__) / f"{name}.json" for name in PRESETS}
    return {name: from_json(file.read_text("utf-8")) for name, file in files.items() if file.is_file()}


def recorded_like(experiment: Experiment) -> RecordedRun | None:
    """The recorded run of these settings, whatever the seed and the number of epochs; None if there is none."""
    wanted = _comparable(experiment)
    return next((run for run in recorded_runs().values() if _comparable(run.experiment) == wanted), None)


def published_like(experiment: Experiment) -> Published | None:
    """What was published for these settings, whatever the seed and the number of epochs; None if nothing was."""
    wanted = _comparable(experiment)
    names = (name for name in PUBLISHED if name in PRESETS)
    return next((PUBLISHED[name] for name in names if _comparable(PRESETS[name].experiment) == wanted), None)


def to_json(run: RecordedRun) -> str:
    """The file's text."""
    fields = dataclasses.asdict(run) | {"experiment": to_flat(run.experiment)}
    return json.dumps(fields, indent=1) + "\n"


def from_json(text: str) -> RecordedRun:
    """The run that `to_json` wrote; settings that came later have their defaults."""
    fields = json.loads(text)
    return RecordedRun(
        **fields
        | {
            "experiment": from_flat(fields["experiment"]),
            "epochs": tuple(RecordedEpoch(**epoch) for epoch in fields["epochs"]),
            "curves": {name: tuple(map(tuple, points)) for name, points in fields["curves"].items()},
        }
    )


def _comparable(experiment: Experiment) -> dict[str, Any]:
    """What decides a curve's course but for chance: a shorter run lies on the same curve, another seed near it."""
    ignored = {"seed", "epochs", "evaluate_every", "precision"}
    return {name: value for name, value in to_flat(experiment).items() if name not in ignored}
