"""A tagging network's label for each step, as curves or as coloured words."""

from __future__ import annotations

import numpy as np

from rnnlab.analyses.tags import TagsAnswer
from rnnlab.config import LABEL_NUMBERS, LABEL_PEAKS
from rnnlab.ui.markdown import escaped
from rnnlab.watching.curves import Points

COLOURS = {"singular": "blue", "plural": "orange"}
"""Streamlit's names of the colours of singular and plural words. Other words have no colour."""

LEGEND = "The network's labels: :blue-background[singular], :orange-background[plural]. A ✗ marks a wrong label."


def peak_curves(answer: TagsAnswer) -> dict[str, Points]:
    """The wave, its peaks, and the network's probability of a peak: curves over time. For a series."""
    peak = LABEL_PEAKS.tags.index("peak")
    times = np.arange(len(answer.inputs))
    return {
        "wave": (times, np.array(answer.inputs, "float64")),
        "true peak": (times, np.maximum(answer.truth, 0).astype("float64")),
        "probability of a peak": (times, answer.probabilities[:, peak]),
    }


def tagged_words(answer: TagsAnswer) -> str:
    """The words as Markdown, each in the colour of the network's label. For a text."""
    said = answer.probabilities.argmax(axis=1)
    return " ".join(
        _word(str(word), LABEL_NUMBERS.tags[tag], truth)
        for word, truth, tag in zip(answer.inputs, answer.truth, said, strict=True)
    )


def _word(word: str, said: str, truth: int) -> str:
    shown = f":{COLOURS[said]}-background[{escaped(word)}]" if said in COLOURS else escaped(word)
    return shown + (" ✗" if truth >= 0 and LABEL_NUMBERS.tags[truth] != said else "")
