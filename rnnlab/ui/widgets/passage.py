"""The tokens of a passage as one can see them, and as buttons to pick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rnnlab.data.vocabulary import visible
from rnnlab.sentences.text import nats
from rnnlab.ui.markdown import WORD_JOINER, escaped


def pick_labels(words: Sequence[str], surprises: np.ndarray) -> list[str]:
    """The label of each word's button: the word and its surprise in nats, as Markdown.

    Streamlit tells options apart by their labels alone, see `told_apart`.
    """
    pairs = zip(words, surprises, strict=True)
    return told_apart([f"{escaped(visible(word))} :small[{nats(surprise)}]" for word, surprise in pairs])


def told_apart(labels: Sequence[str]) -> list[str]:
    """The labels, of equal ones each with one more sign that is not seen."""
    seen: Counter[str] = Counter()
    different = []
    for label in labels:
        different.append(label + WORD_JOINER * seen[label])
        seen[label] += 1
    return different
