"""Models without a memory, by hand."""

import math

import numpy as np
import pytest

from rnnlab.data.bigram import SMOOTHING, bigram_loss, unigram_loss


def test_a_pair_is_as_likely_as_it_was_frequent():
    train = np.array([0, 1, 0, 1, 0, 0])  # 0 is followed by 1, 1, 0; 1 by 0, 0.
    total = 3 + 2 * SMOOTHING
    expected = -math.log((2 + SMOOTHING) / total)
    assert bigram_loss(train, np.array([0, 1]), 2) == pytest.approx(expected)


def test_what_depends_on_the_word_before_is_seen_by_the_pair_and_not_by_the_frequency():
    text = np.tile([0, 1], 5_000)
    assert bigram_loss(text, text, 2) < 0.001
    assert unigram_loss(text, text, 2) == pytest.approx(math.log(2), abs=1e-4)


def test_a_word_that_was_never_seen_is_unlikely_and_not_impossible():
    seen = np.zeros(100, int)
    assert 5 < bigram_loss(seen, np.array([0, 2]), 3) < 20
    assert 5 < unigram_loss(seen, np.array([2, 2]), 3) < 20
