"""A text that repeats a few words without end, and the lowest loss that a model can reach on it.

    a a b a a b a a b ...

A model that remembers where it is in the motif knows every next word, so its perplexity is 1. A model whose state is
reset at each window knows only the window's words up to now. After the window's first `a`, the next word is `a` or `b`.

The floor is exact for the windows that are measured. Such a model gives one distribution for each context: the words of
the window that it has read. The best one is the share of each next word among all places with this context. So the
floor is the mean over all places of minus the logarithm of this share.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from rnnlab.data.batching import Batch
from rnnlab.data.corpus import Corpus

WORDS = 1_220
"""Words of each part. The three parts are the same, because a period text has nothing new to show.

20 streams have 61 words each. So an epoch has 60 windows of one word, in which `a a b` stands exactly 20 times.
"""


@lru_cache(maxsize=8)
def corpus(motif: str) -> Corpus:
    """The motif again and again, cut off after WORDS words."""
    words = motif.split()
    text = " ".join((words * -(-WORDS // len(words)))[:WORDS])
    return Corpus(text, text, text)


def floor_without_carrying(windows: Iterable[Batch]) -> float:
    """The lowest mean loss, in nats, of any model whose state is reset at the start of each window.

    Args:
        windows: all that is measured.
    """
    next_words: Counter[tuple[bytes, int]] = Counter()
    contexts: Counter[bytes] = Counter()
    for inputs, targets, weights in windows:
        for stream, step in np.argwhere(weights > 0):
            context = inputs[stream, : step + 1].tobytes()
            contexts[context] += 1
            next_words[context, int(targets[stream, step])] += 1
    surprise = sum(count * math.log(contexts[context] / count) for (context, _), count in next_words.items())
    return surprise / contexts.total()
