"""Long questions for real workers: one that ends only when it is cancelled, and one that counts its answers."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from rnnlab.analyses.trained import LongQuestion, Progress, TrainedNetwork, unwatched


@dataclass(frozen=True)
class Endless(LongQuestion[int]):
    """When is it cancelled?"""

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> int:
        """Never returns."""
        for done in itertools.count():
            progress(done, done + 1)
            time.sleep(0.01)
        raise AssertionError


@dataclass(frozen=True, eq=False)
class Counted:
    """How often the question was answered, and a field of each other kind that is kept."""

    times: int
    step: np.ndarray
    texts: tuple[str, ...]
    pairs: tuple[tuple[float, float], ...]
    nothing: None


@dataclass(frozen=True)
class CountAnswers(LongQuestion[Counted]):
    """How often was this answered? The file has a line for each time."""

    file: str
    kept_as: ClassVar[type[Counted]] = Counted

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> Counted:
        """The number of lines, after another one."""
        with open(self.file, "a") as lines:
            lines.write("answered\n")
        times = len(Path(self.file).read_text().splitlines())
        return Counted(times, np.array([trained.step]), ("a", "b"), ((0.5, float("inf")),), None)
