"""A tagging network's label for each step, as curves or as coloured words."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.config import LABEL_NUMBERS, LABEL_PEAKS
from rnnlab.ui.markdown import escaped
from rnnlab.watching.curves import Points

COLOURS = {"singular": "blue", "plural": "orange"}
"""Streamlit's names of the colours of singular and plural words. Other words have no colour."""

LEGEND = "The network's labels: :blue-background[singular], :orange-background[plural]. A ✗ marks a wrong label."


def peak_curves(content: dict[str, Any]) -> dict[str, Points]:
    """The wave, its peaks, and the network's probability of a peak: curves over time.

    Args:
        content: as `rnnlab.generation.samples.tags_of` gives it for a series.
    """
    peak = LABEL_PEAKS.tags.index("peak")
    times = np.arange(len(content["inputs"]))
    truth = np.maximum(content["truth"], 0).astype("float64")
    said = np.array([step[peak] for step in content["probabilities"]], "float64")
    return {
        "wave": (times, np.array(content["inputs"], "float64")),
        "true peak": (times, truth),
        "probability of a peak": (times, said),
    }


def tagged_words(content: dict[str, Any]) -> str:
    """The words as Markdown, each in the colour of the network's label.

    Args:
        content: as `rnnlab.generation.samples.tags_of` gives it for a text.
    """
    return " ".join(
        _word(word, LABEL_NUMBERS.tags[int(np.argmax(np.array(step, "float64")))], truth)
        for word, truth, step in zip(content["inputs"], content["truth"], content["probabilities"], strict=True)
    )


def accuracy(content: dict[str, Any]) -> float | None:
    """Share of right labels among the steps whose label is known; None if none is known."""
    said = np.argmax(np.array(content["probabilities"], "float64"), axis=1)
    truth = np.array(content["truth"])
    known = truth >= 0
    return float(np.mean(said[known] == truth[known])) if known.any() else None


def _word(word: str, said: str, truth: int) -> str:
    shown = f":{COLOURS[said]}-background[{escaped(word)}]" if said in COLOURS else escaped(word)
    return shown + (" ✗" if truth >= 0 and LABEL_NUMBERS.tags[truth] != said else "")
