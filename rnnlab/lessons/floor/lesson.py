"""The floor: how low perplexity can go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np

from rnnlab.config import Experiment, Play
from rnnlab.data import floor_perplexity, load_dataset
from rnnlab.data.bigram import bigram_loss, unigram_loss
from rnnlab.lessons.lesson import Ask, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.measures import VALID_LOSS
from rnnlab.plots.lesson_pictures import Line, Picture
from rnnlab.presets import GRAMMAR

SHORT = {"epochs": 4, "full_rate_epochs": 2}
"""Half of the preset's epochs: it comes nearly as low, in half of the time."""

STEPS = (0, 996)
MOST_BELOW = 0.03
"""The validation loss is measured on a slice of the text, which by chance can be that much easier."""

UNIGRAM = 47.0
"""Perplexity of a model that knows only how often each word of the grammar comes; `tests/lessons` compares it."""

LINE = Ask(
    "line",
    Picture(
        "Update",
        "Perplexity",
        STEPS,
        (Line("word frequencies", (UNIGRAM, UNIGRAM), is_truth=True),),
        limits=(0, 60),
    ),
    place=Play(1, 40, 1),
    came_out="The floor is",
)


def see(results: Results) -> Seen:
    """The curve of the perplexity, with the floor and with a model that knows one word."""
    experiment = results.experiments[0]
    steps, losses = results.curve(VALID_LOSS)
    perplexities = np.exp(losses)
    floor = floor_perplexity(experiment) or float("nan")
    unigram, bigram = _simple_models(experiment)
    reached = float(perplexities[-1])
    numbers = {
        "reached": reached,
        "floor": floor,
        "bigram": bigram,
        "unigram": unigram,
        "ratio": reached / floor,
        "lowest": float(perplexities.min()) / floor,
    }
    places = (int(steps[0]), int(steps[-1]))
    levels = {"sees one word": bigram, "the floor": floor}
    lines = [Line(name, (value, value), places=places) for name, value in levels.items()]
    curve = Line("the network", floats(perplexities), places=tuple(map(int, steps)))
    picture = LINE.picture.with_lines(curve, *lines)
    return Seen({LINE.step: picture}, numbers, {LINE.step: f"{floor:.3g}"})


@cache
def _simple_models(experiment: Experiment) -> tuple[float, float]:
    """The perplexities of two models without a memory: one that knows no word, and one that knows the word before."""
    dataset = load_dataset(experiment.data, 0)
    size = len(dataset.vocabulary)
    losses = (model(dataset.train, dataset.valid, size) for model in (unigram_loss, bigram_loss))
    unigram, bigram = map(math.exp, losses)
    return unigram, bigram


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    is_near = numbers["lowest"] > 1 - MOST_BELOW and numbers["ratio"] < 1.10
    return is_near and numbers["reached"] < numbers["bigram"]


FLOOR = Lesson(
    id="floor",
    title="The floor",
    question="How low can perplexity go?",
    minutes=6,
    file=__file__,
    asks=(LINE,),
    trials=(Trial(GRAMMAR.name, SHORT),),
    controls=("units", "epochs", "train_tokens"),
    see=see,
    holds=holds,
    compared={"reached": "The network's perplexity", "floor": "The floor"},
    source="Shannon 1951; the grammar's entropy is exact; ten seeds here",
)
