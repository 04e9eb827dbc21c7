"""A stretch of text, with what was predicted for each of its tokens before it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Passage:
    """T tokens, and for the position of each the K most probable ones.

    Attributes:
        words: the T tokens.
        surprises: float32 (T,), minus the logarithm of the probability that the token was given, in nats.
        ranks: int32 (T,), 1 plus the number of tokens that were more probable.
        entropies: float32 (T,), the mean surprise that was to be expected, in nats.
        top_words: for each of the T positions the most probable tokens, most probable first.
        top_probabilities: float32 (T, K), their probabilities.
    """

    words: list[str]
    surprises: np.ndarray
    ranks: np.ndarray
    entropies: np.ndarray
    top_words: list[list[str]]
    top_probabilities: np.ndarray

    @property
    def true_probabilities(self) -> np.ndarray:
        """float32 (T,): the probability that each token was given; 0 where it is too small for a float32."""
        return np.exp(-self.surprises)


def passage_of(tokens: np.ndarray, logarithms: np.ndarray, vocabulary: Sequence[str], top: int) -> Passage:
    """The tokens beside what was predicted.

    Args:
        tokens: int (T,), the true tokens.
        logarithms: float32 (T, V), of the predicted probabilities of each token; minus infinity for an impossible
        token.
        vocabulary: the V tokens.
        top: number of most probable tokens to keep, >= 1. Impossible tokens are among them if fewer are possible.
    """
    order = _most_probable(logarithms, top)  # (T, K)
    given = np.take_along_axis(logarithms, np.reshape(tokens, (-1, 1)), axis=1)  # (T, 1)
    probabilities = np.exp(logarithms)
    finite = np.where(probabilities > 0, logarithms, 0)  # 0 times minus infinity counts as 0.
    return Passage(
        words=[vocabulary[token] for token in tokens],
        surprises=-given[:, 0],
        ranks=(np.sum(logarithms > given, axis=1) + 1).astype("int32"),
        entropies=-np.einsum("tv,tv->t", probabilities, finite),
        top_words=[[vocabulary[token] for token in row] for row in order],
        top_probabilities=np.exp(np.take_along_axis(logarithms, order, axis=1)),
    )


def _most_probable(logarithms: np.ndarray, top: int) -> np.ndarray:
    """int64 (T, K): the most probable tokens at each position, most probable first."""
    some = np.argpartition(-logarithms, min(top, logarithms.shape[1]) - 1, axis=1)[:, :top]
    falling = np.argsort(-np.take_along_axis(logarithms, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, falling, axis=1)
