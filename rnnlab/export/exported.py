"""What an export is made of: a run as it is stored, its curves, samples and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rnnlab.config import Experiment
from rnnlab.data import Dataset, load_dataset
from rnnlab.measures import BATCH_LOSS
from rnnlab.store.curves import Curve
from rnnlab.store.run import Run
from rnnlab.store.store import Sample


@dataclass(frozen=True)
class ExportedRun:
    """A run to take away.

    Attributes:
        name: of the run, in the words of its owner.
        experiment: its settings.
        id: of the run in its lab; "" if it is in none.
        curves: all that was measured, by the names of the measures.
        samples: what its network generated while it trained.
        own_text: the file that it learns from, if that is a file of one's own.
        in_half: whether some products of its training were computed in bfloat16.
    """

    name: str
    experiment: Experiment
    id: str = ""
    curves: Mapping[str, Curve] = field(default_factory=dict)
    samples: Sequence[Sample] = ()
    own_text: str | None = None
    in_half: bool = False

    @classmethod
    def of(cls, run: Run, curves: Mapping[str, Curve], samples: Sequence[Sample], own_text: str | None) -> ExportedRun:
        """The export of a stored run. Raises `InvalidSetting` if this version does not know its settings."""
        in_half = run.arithmetic is not None and "bfloat16" in run.arithmetic.short
        return cls(run.name, run.experiment, run.id, curves, samples, own_text, in_half)

    @cached_property
    def dataset(self) -> Dataset:
        """The data that it learns from, loaded when somebody asks for them.

        Raises:
            DatasetUnavailable, TextMissing: they are not here.
        """
        return load_dataset(self.experiment.data, self.experiment.seed, self.own_text)

    @property
    def losses(self) -> np.ndarray:
        """The loss of each minibatch before its update, float64 (N,)."""
        return self.curves[BATCH_LOSS.name].values if BATCH_LOSS.name in self.curves else np.array([])

    @property
    def first_step(self) -> int:
        """The first update that it did itself: 0, or the step at which it went on from another run's weights."""
        return int(self.curves[BATCH_LOSS.name].steps[0]) if len(self.losses) else 0
