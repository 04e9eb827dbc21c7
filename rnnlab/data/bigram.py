"""A model that knows only the word before: how well a text can be predicted without a memory."""

from __future__ import annotations

import numpy as np

SMOOTHING = 0.1
"""Added to each count, so that a pair that was never seen is not impossible."""


def bigram_loss(train: np.ndarray, valid: np.ndarray, vocabulary_size: int) -> float:
    """Mean loss in nats of a model that predicts each token from the one before it.

    Args:
        train: int (N,) token ids, whose pairs are counted.
        valid: int (M,) token ids, M >= 2, of which all but the first are predicted.
        vocabulary_size: of both.
    """
    counts = np.full((vocabulary_size, vocabulary_size), SMOOTHING)
    np.add.at(counts, (train[:-1], train[1:]), 1.0)
    probabilities = counts / counts.sum(axis=1, keepdims=True)
    return float(-np.log(probabilities[valid[:-1], valid[1:]]).mean())


def unigram_loss(train: np.ndarray, valid: np.ndarray, vocabulary_size: int) -> float:
    """Mean loss in nats of a model that knows only how often each token comes; see `bigram_loss`."""
    counts = np.bincount(train, minlength=vocabulary_size) + SMOOTHING
    return float(-np.log(counts / counts.sum())[valid].mean())
