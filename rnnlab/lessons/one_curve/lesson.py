"""Which cell is best: compare bands, not lines."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from rnnlab.config import CELL_KINDS
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.measures import VALID_LOSS
from rnnlab.plots.lesson_pictures import DOTS, Line, Picture
from rnnlab.presets import SINE

CELLS = ("simple_rnn", "lstm", "gru")
NAMES = tuple(CELL_KINDS[cell].label for cell in CELLS)
SEEDS = 10
SMALL = {"units": 8, "epochs": 60, "full_rate_epochs": 60}
"""Small and short, so that thirty trainings take half a minute."""

PLACES = tuple(name for name in NAMES for _ in range(SEEDS))
STRAY = np.linspace(-0.5, 0.5, SEEDS)
"""Of the drawn answers: powers of ten around the middle of a cell."""

ALIKE = 1.2
"""The largest loss of a cell divided by the smallest, below which the seed makes no difference."""


def _drawn(middles: tuple[float, float, float], stray: float) -> tuple[float, ...]:
    return tuple(float(10 ** (middle + stray * each)) for middle in middles for each in STRAY)


BANDS = Ask(
    "bands",
    Picture("Cell", "Final validation loss", PLACES, log_y=True, kind=DOTS),
    (
        Choice("same", "same for each seed", _drawn((-3.5, -5.0, -4.2), 0.0)),
        Choice("apart", "apart", _drawn((-3.0, -5.0, -4.0), 0.6)),
        Choice("overlap", "they overlap", _drawn((-3.9, -4.8, -4.3), 1.6)),
    ),
)


def see(results: Results) -> Seen:
    """The final losses of every seed, and how often two cells of one seed contradict the medians."""
    indices = range(len(results.experiments))
    losses = np.array([results.curve(VALID_LOSS, index)[1][-1] for index in indices])
    by_cell = losses.reshape(-1, len(CELLS)).T  # (cells, seeds): every cell has its first seed before the second
    medians = np.median(by_cell, axis=1)
    against = [_contradictions(by_cell, medians, a, b) for a, b in combinations(range(len(CELLS)), 2)]
    numbers = {"contradictions": float(sum(against)), "comparisons": float(len(against) * by_cell.shape[1])}
    numbers |= {cell: float(median) for cell, median in zip(CELLS, medians, strict=True)}
    misleading = _misleading_seed(by_cell, medians)
    lines = (
        # One for each cell, in the order of the curves before: they have the same colours.
        *(Line(name, floats(of), DOTS, places=(name,) * len(of)) for name, of in zip(NAMES, by_cell, strict=True)),
        Line(f"seed {misleading} alone", floats(by_cell[:, misleading]), places=NAMES),
        Line("medians", floats(medians), is_truth=True, places=NAMES),
    )
    spread = float(np.max(by_cell.max(axis=1) / by_cell.min(axis=1)))
    came_true = "same" if spread < ALIKE else "overlap" if sum(against) else "apart"
    return Seen({BANDS.step: BANDS.picture.with_lines(*lines)}, numbers, {BANDS.step: came_true})


def _misleading_seed(by_cell: np.ndarray, medians: np.ndarray) -> int:
    """The first seed with another winner than the medians; without one the first with another order, or else seed 0."""
    winners, orders = by_cell.argmin(axis=0), by_cell.argsort(axis=0).T
    other_winner = np.flatnonzero(winners != medians.argmin())
    other_order = np.flatnonzero((orders != medians.argsort()).any(axis=1))
    return int(next(iter([*other_winner, *other_order]), 0))


def _contradictions(by_cell: np.ndarray, medians: np.ndarray, a: int, b: int) -> int:
    """Seeds in which two cells are in another order than their medians."""
    return int(np.sum((by_cell[a] < by_cell[b]) != (medians[a] < medians[b])))


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    return numbers["contradictions"] >= 1


ONE_CURVE = Lesson(
    id="one-curve",
    title="Which cell is best?",
    question="Three cells learn a wave: how many trainings does it take to know the best one?",
    minutes=7,
    file=__file__,
    asks=(BANDS,),
    trials=(Trial(SINE.name, SMALL, varied={"cell": CELLS}, seeds=SEEDS),),
    controls=("epochs", "units", "learning_rate"),
    see=see,
    holds=holds,
    compared={cell: f"Median loss, {name}" for cell, name in zip(CELLS, NAMES, strict=True)},
    source="Melis, Dyer and Blunsom 2018; ten times ten seeds here",
)
