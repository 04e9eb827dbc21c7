"""How many words of context does a network use? Its perplexity when it reads only the last n words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_array
from rnnlab.inspection.connectivity import check_predicts_tokens
from rnnlab.models import Network

CONTEXTS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200)

CALL = 4_000
"""Tokens that one call reads: few enough that progress is seen, and that the values of all steps take little memory."""

Progress = Callable[[int, int], None]
"""Called with the calls that are done, and with their number."""


@dataclass(frozen=True, eq=False)
class PerplexityByContext:
    """The loss on the same N tokens, by the number of tokens that were read before each.

    Attributes:
        contexts: int64 (C,), ascending.
        losses: float64 (C,), mean of the N surprises, in nats.
        tokens: N.
    """

    contexts: np.ndarray
    losses: np.ndarray
    tokens: int

    @property
    def perplexities(self) -> np.ndarray:
        """float64 (C,)."""
        return np.exp(self.losses)


def perplexity_by_context(
    network: Network,
    tokens: np.ndarray,
    contexts: tuple[int, ...] = CONTEXTS,
    count: int = 500,
    progress: Progress | None = None,
) -> PerplexityByContext:
    """Predict the same tokens after 1, 2, ... tokens of context, each time from an empty state.

    Args:
        network: of a text, predicting the next token, reading forwards.
        tokens: int32 (T,), a held-out text.
        contexts: ascending, each >= 1; those that are longer than the text allows are left out.
        count: tokens that are predicted, evenly spread over the text; a short text has fewer.
        progress: see `Progress`.
    Raises:
        ValueError: the network cannot be asked, or the text has fewer than two tokens.
    Source: Khandelwal 2018 ("Sharp nearby, fuzzy far away"), who restrict the context of a trained network.
    """
    check_predicts_tokens(network)
    read = as_array(network, np.asarray(tokens)[None])[0]
    if len(read) < 2:
        raise LabError(f"The text has {len(read)} token, but a prediction needs two; take a longer text.")
    kept = [context for context in contexts if context < len(read)]
    targets = _spread(kept[-1], len(read), count)
    calls = [(context, part) for context in kept for part in _parts(targets, context)]
    sums = dict.fromkeys(kept, 0.0)
    for done, (context, part) in enumerate(calls):
        if progress:
            progress(done, len(calls))
        rows = read[part[:, None] + np.arange(-context, 0)]  # (B, context)
        sums[context] += float(_loss(network, rows, read[part]))
    if progress:
        progress(len(calls), len(calls))
    losses = np.array(list(sums.values())) / len(targets)
    return PerplexityByContext(np.array(kept), losses, len(targets))


def _spread(first: int, end: int, count: int) -> np.ndarray:
    """At most `count` positions from `first` to before `end`, evenly spread: int64 (N,)."""
    return np.unique(np.linspace(first, end - 1, min(count, end - first)).astype("int64"))


def _parts(targets: np.ndarray, context: int) -> list[np.ndarray]:
    """The targets of each call, so that none reads more than `CALL` tokens."""
    size = max(1, CALL // context)
    return [targets[low : low + size] for low in range(0, len(targets), size)]


def _loss(network: Network, rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The sum of the surprises of B targets (B,) after the rows (B, T): float64 ()."""
    surprises = compiled_once(network, _surprises)(tf.constant(rows), tf.constant(targets)).numpy()
    return surprises.sum(dtype="float64")


def _surprises(network: Network, rows: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    hidden, _ = network.read(rows, network.zero_state(tf.shape(rows)[0]))
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=network.head(hidden[:, -1]))
