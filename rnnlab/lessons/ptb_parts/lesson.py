"""`ptb_word_lm`, part by part: minibatches, the forget bias, and the carried state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnnlab.config import Play
from rnnlab.data.batching import cut_streams, stream_rows
from rnnlab.data.levels import known_level
from rnnlab.formulas.forgetting import share_kept
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.measures import VALID_LOSS
from rnnlab.plots.lesson_pictures import DOTS, Line, Picture
from rnnlab.presets import PERIOD
from rnnlab.recorded.carrying import recorded_carry

RAW = np.array([4, 3, 2, 1, 0, 5, 6, 1, 1, 1, 1, 0, 3, 4, 1])
ROWS, STEPS = 3, 2
FIRST_WINDOW = [[4, 3], [5, 6], [1, 0]]
"""The text, and what the reader makes of it. Source: reader_test.py of ptb_word_lm."""

POSITIONS = np.arange(len(RAW))
LENGTH = len(RAW) // ROWS

ROW = Ask(
    "row",
    Picture("Word of the text", "Row", tuple(range(len(RAW))), limits=(-0.5, 2.5), kind=DOTS),
    (
        Choice("stretch", "one stretch each", tuple(map(float, POSITIONS // LENGTH))),
        Choice("turn", "word by word in turn", tuple(map(float, POSITIONS % ROWS))),
        Choice("pairs", "two by two in turn", tuple(map(float, POSITIONS // STEPS % ROWS))),
    ),
    question="Which words share a row?",
)

LATER = np.arange(21)
"""Words after something was stored."""

DOOR = Ask(
    "door",
    Picture("Words later", "Times as much memory", tuple(map(int, LATER)), log_y=True),
    (
        Choice("same", "the same", (1.0,) * len(LATER)),
        Choice("twice", "twice as much", tuple(1 + LATER / 20)),
        Choice("thousands", "2,000 times as much", tuple(2000.0 ** (LATER / 20))),
    ),
    question="After 20 words, how much more memory is left with bias 1 than with bias 0?",
)

LAST_STEP = 480
FREQUENCIES = math.exp(-(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3)))
"""Perplexity of a model that knows only that `a` is twice as frequent as `b`."""

WORD_FREQUENCIES = "word frequencies"

STATE = Ask(
    "state",
    Picture(
        "Update",
        "Perplexity",
        (0, LAST_STEP),
        (Line(WORD_FREQUENCIES, (FREQUENCIES, FREQUENCIES), is_truth=True),),
        limits=(0.9, 2.3),
    ),
    place=Play(1.0, 2.0, 0.05),
    came_out="The floor is",
    question="How low can perplexity get, in windows of one word from an empty state?",
)


def see(results: Results) -> Seen:
    """The reader's rows, the closed form of the forget gate, and the period text with and without its state."""
    rows = stream_rows(POSITIONS, ROWS)  # (B, words of a row)
    row_of = np.empty(len(RAW))
    for row, positions in enumerate(rows):
        row_of[positions] = row
    kept = share_kept(1.0, LATER), share_kept(0.0, LATER)
    ratio = kept[0] / kept[1]
    (reset_steps, reset), (carried_steps, carried) = (results.curve(VALID_LOSS, index) for index in (0, 1))
    floor = known_level(results.experiments[0])
    lowest = floor.loss if floor else float("nan")
    recorded = recorded_carry()
    numbers = {
        "is_vector": float(cut_streams(RAW, ROWS).window(0, STEPS).inputs.tolist() == FIRST_WINDOW),
        "kept0": float(kept[1][-1]),
        "kept1": float(kept[0][-1]),
        "ratio": float(ratio[-1]),
        "floor": math.exp(lowest),
        "below": lowest - float(np.min(reset)),
        "reset": math.exp(float(reset[-1])),
        "carried": math.exp(float(carried[-1])),
        "treebank_carried": recorded.trained_carried.carried if recorded else float("nan"),
        "treebank_reset": recorded.trained_reset.reset if recorded else float("nan"),
    }
    end = (0, int(max(reset_steps[-1], carried_steps[-1])))
    perplexities = (
        Line("state reset", floats(np.exp(reset)), places=tuple(map(int, reset_steps))),
        Line("state carried", floats(np.exp(carried)), places=tuple(map(int, carried_steps))),
        Line("the floor", (math.exp(lowest),) * 2, places=end),
        Line(WORD_FREQUENCIES, (FREQUENCIES,) * 2, is_truth=True, places=end),
    )
    first_window = rows[:, :STEPS].ravel()
    in_rows = (
        Line("the true row", floats(row_of), DOTS),
        Line("the first window", floats(row_of[first_window]), DOTS, places=tuple(map(int, first_window))),
    )
    pictures = {
        ROW.step: ROW.picture.with_lines(*in_rows),
        DOOR.step: DOOR.picture.with_lines(Line("bias 1, compared with bias 0", floats(ratio))),
        STATE.step: replace(STATE.picture, places=end).with_lines(*perplexities),
    }
    came_true = "thousands" if ratio[-1] > 200 else "twice"
    right = {ROW.step: _rows(row_of), DOOR.step: came_true, STATE.step: f"{math.exp(lowest):.3g}"}
    return Seen(pictures, numbers, right)


def _rows(row_of: np.ndarray) -> str:
    return next(choice.key for choice in ROW.choices if list(choice.values) == row_of.tolist())


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    floor, carried = math.log(numbers["floor"]), math.log(numbers["carried"])
    never_below = numbers["below"] < 1e-4 and carried < floor / 2
    treebank = numbers["treebank_carried"] < numbers["treebank_reset"]
    return numbers["is_vector"] == 1 and numbers["ratio"] > 1900 and never_below and treebank


PTB_PARTS = Lesson(
    id="ptb-parts",
    title="ptb_word_lm, part by part",
    question="What are the rows of a minibatch, the forget bias and the initial state for?",
    minutes=8,
    file=__file__,
    asks=(ROW, DOOR, STATE),
    trials=(
        Trial(PERIOD.name, {"carry_state": False}, name="state reset"),
        Trial(PERIOD.name, {"carry_state": True}, name="state carried"),
    ),
    controls=("motif", "num_steps", "units"),
    see=see,
    holds=holds,
    source="ptb_word_lm and its reader_test; Gers 2000; ten seeds here",
    compared={"floor": "The floor", "reset": "Perplexity, state reset", "carried": "Perplexity, state carried"},
)
