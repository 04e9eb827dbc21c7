"""Numbers about a text: counts, the most frequent words, the rank-frequency curve."""

from __future__ import annotations

import numpy as np

from rnnlab.data.dataset import SPLITS, Dataset
from rnnlab.data.vocabulary import UNK


def token_counts(dataset: Dataset) -> dict[str, int]:
    """Number of tokens (or points of a series) of each part."""
    return {name: len(dataset.split(name)) for name in SPLITS}


def frequencies(dataset: Dataset, split: str = "train") -> np.ndarray:
    """How often each token of the vocabulary occurs: int64 (V,), in the order of the vocabulary."""
    return np.bincount(dataset.split(split), minlength=len(dataset.vocabulary))


def frequent_words(dataset: Dataset, count: int, split: str = "train") -> list[tuple[str, int]]:
    """The `count` most frequent tokens with their numbers, most frequent first."""
    found = frequencies(dataset, split)
    order = np.argsort(-found, kind="stable")[:count]
    return [(dataset.vocabulary[token], int(found[token])) for token in order]


def rank_frequency(dataset: Dataset, split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Ranks 1, 2, ... and their counts, descending, both int64 (tokens that occur,): Zipf's curve."""
    counts = np.sort(frequencies(dataset, split))[::-1]
    counts = counts[counts > 0]
    return np.arange(1, len(counts) + 1), counts


def unknown_share(dataset: Dataset, split: str = "train") -> float:
    """The share of `<unk>` among all tokens, 0 to 1."""
    if UNK not in dataset.vocabulary:
        return 0.0
    return float(np.mean(dataset.split(split) == dataset.vocabulary.index(UNK)))
