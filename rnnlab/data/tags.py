"""Tagging tasks: a label for each step. The right label can depend on later steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnlab.config import LABEL_NUMBERS, LABEL_PEAKS
from rnnlab.data import grammar

UNKNOWN = -1
"""In place of a tag that cannot be known. Such steps do not count."""


RISE = float(np.finfo(np.float32).eps)
"""A larger difference is a rise. Two equal values on both sides of a peak may differ by a rounding error."""


def peak_tags(values: np.ndarray) -> np.ndarray:
    """Whether each value is a peak: the wave rises to it and does not rise after it.

    Args:
        values: float (N,).
    Returns:
        int32 (N,), positions in `LABEL_PEAKS.tags`; UNKNOWN at both ends, which have only one neighbour.
    """
    tags = np.full(len(values), UNKNOWN, np.int32)
    rises = np.diff(values) > RISE
    tags[1:-1] = np.where(rises[:-1] & ~rises[1:], LABEL_PEAKS.tags.index("peak"), LABEL_PEAKS.tags.index("no peak"))
    return tags


def number_tags(ids: np.ndarray, vocabulary: Sequence[str]) -> np.ndarray:
    """The grammatical number of each word of the built-in grammar.

    Most words show it: nouns, verbs, and every determiner except `the`, which has the number of the noun after it. A
    network that reads only forwards must guess the number of `the`.

    Args:
        ids: int (N,), a text.
        vocabulary: the word of each id.
    Returns:
        int32 (N,), positions in `NUMBER_TAGS`; UNKNOWN for <unk>, and for a `the` whose noun is not known.
    """
    shown = np.array([_shown_number(word) for word in vocabulary], np.int32)
    tags = shown[ids]
    nouns = np.array([grammar.number_of(word, ("Noun",)) is not None for word in vocabulary])[ids]
    noun_tag = UNKNOWN
    open_words = np.array([word in grammar.OPEN_DETERMINERS for word in vocabulary])[ids]
    passed_over = np.array([word in grammar.ADJECTIVES for word in vocabulary])[ids]
    for position in range(len(ids) - 1, -1, -1):
        if open_words[position]:
            tags[position] = noun_tag
        if nouns[position]:
            noun_tag = tags[position]
        elif not passed_over[position]:
            noun_tag = UNKNOWN
    return tags


def _shown_number(word: str) -> int:
    if word == "<unk>":
        return UNKNOWN
    return LABEL_NUMBERS.tags.index(grammar.number_of(word) or "neither")
