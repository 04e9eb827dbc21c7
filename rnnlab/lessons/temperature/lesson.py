"""Temperature: a low one sharpens a network's own habits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from rnnlab.analyses.text import SampleText
from rnnlab.lessons.floor.lesson import SHORT
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen
from rnnlab.plots.lesson_pictures import Line, Picture
from rnnlab.presets import GRAMMAR

TEMPERATURES = (0.1, 0.3, 0.5, 1.0, 2.0)
SHOWN_TEMPERATURES = (0.1, 1.0, 2.0)
LENGTH, PART, SHOWN = 400, 4, 18
"""Words that are drawn, words of a repeated part, and words that are shown."""

MOST = 100.0

REPEATED = Ask(
    "repeats",
    Picture("Temperature", "Repeats, %", TEMPERATURES, limits=(-5, 105)),
    (
        Choice("rises", "rises", tuple(MOST * t / 2 for t in TEMPERATURES)),
        Choice("same", "stays the same", (MOST / 3,) * len(TEMPERATURES)),
        Choice("falls", "falls", tuple(MOST * 0.9 * (1 - t / 2) ** 2 for t in TEMPERATURES)),
    ),
)


def see(results: Results) -> Seen:
    """What one network writes at each temperature: how often it repeats itself, and how uncertain each draw was."""
    seed = results.experiments[0].seed
    answer = results.ask(SampleText(horizon=LENGTH, temperatures=TEMPERATURES, seed=seed, top=1))
    texts = [sample.words for sample in answer.samples]
    shares = tuple(100 * repeated_share(words) for words in texts)
    entropies = [float(np.mean(one.passage.entropies)) for one in answer.samples if one.passage is not None]
    numbers = {_name("repeated", t): share for t, share in zip(TEMPERATURES, shares, strict=True)}
    numbers |= {_name("entropy", t): entropy for t, entropy in zip(TEMPERATURES, entropies, strict=True)}
    written = dict(zip(TEMPERATURES, texts, strict=True))
    samples = tuple((f"Temperature {t:g}", " ".join(written[t][:SHOWN])) for t in SHOWN_TEMPERATURES)
    picture = REPEATED.picture.with_lines(Line(f"repeated sequences of {PART} words", shares))
    return Seen({REPEATED.step: picture}, numbers, {REPEATED.step: _came_true(shares)}, samples)


def repeated_share(words: Sequence[str]) -> float:
    """The share of all stretches of `PART` words that stood in the text before."""
    parts = [tuple(words[i : i + PART]) for i in range(len(words) - PART + 1)]
    return 1 - len({*parts}) / len(parts)


def _name(measured: str, temperature: float) -> str:
    """Of a number in the texts, in which a full stop would mean something else: `entropy_10` at temperature 1."""
    return f"{measured}_{10 * temperature:.0f}"


def _came_true(shares: Sequence[float]) -> str:
    if shares[0] > 2 * shares[-1] + 5:
        return "falls"
    return "rises" if shares[-1] > 2 * shares[0] + 5 else "same"


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    entropies = [numbers[_name("entropy", t)] for t in TEMPERATURES]
    rises = all(low < high for low, high in pairwise(entropies))
    return rises and numbers[_name("repeated", 0.1)] > 3 * numbers[_name("repeated", 1.0)]


TEMPERATURE = Lesson(
    id="temperature",
    title="Temperature, and listening to itself",
    question="What does the temperature change in what a network writes?",
    minutes=7,
    file=__file__,
    asks=(REPEATED,),
    trials=(Trial(GRAMMAR.name, SHORT),),
    controls=("feedback", "epochs", "units"),
    see=see,
    holds=holds,
    compared={"repeated_1": "Repeats at temperature 0.1 (%)", "repeated_10": "Repeats at temperature 1 (%)"},
    source="Holtzman 2020; ten seeds here",
)
