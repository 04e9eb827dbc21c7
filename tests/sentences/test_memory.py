"""The sentences about memory tasks, on answers whose truth is known."""

import numpy as np
import pytest

from rnnlab.sentences import memory as sentences


def test_recall_is_told_with_its_chance():
    assert "one of 4 symbols, then 1,000 blanks" in sentences.recall_sentence(4, 1000)
    assert "right in 25.0% of the sequences" in sentences.recall_sentence(4, 1000)


def test_the_marked_numbers_are_told_with_their_sum():
    told = sentences.adding_sentence([0.25, 0.5], 20)
    assert "20 numbers" in told
    assert "here 0.25 and 0.50" in told
    assert "their sum, 0.75" in told


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((100, 20, 52), "The 100 training sequences have 52 steps each. They are dealt to **20 streams**."),
        ((100, 20, 52), "an epoch has **5 updates**. The state"),
        ((103, 20, 52), "The last 3 fill no stream."),
        ((1, 1, 4), "**1 stream**. Each window is one whole sequence, so an epoch has **1 update**."),
    ],
)
def test_sequences_are_dealt_to_streams(numbers, told):
    assert told in sentences.sequences_sentence(*numbers)


@pytest.mark.parametrize(
    ("accuracy", "told"),
    [
        (1.0, "8 of 8 symbols are recalled: its memory lasts."),
        (0.5, "4 of 8 symbols are recalled: it remembers some of them."),
        (0.125, "1 of 8 symbols are recalled, which is no better than chance: it has forgotten the symbol."),
        (0.0, "0 of 8 symbols are recalled, which is no better than chance"),
    ],
)
def test_recall_is_judged_against_chance(accuracy, told):
    assert told in sentences.recall_verdict(accuracy, 8, 50)


@pytest.mark.parametrize(
    ("accuracies", "told"),
    [
        ([1.0, 1.0, 0.5], "It recalls all symbols at every tried time lag up to 50."),
        ([1.0, 1.0, 1.0], "It recalls all symbols at every tried time lag up to 100."),
        ([0.5, 1.0, 0.5], "It recalls all symbols after 50 blanks, but not always after fewer."),
        ([1.0, 0.5, 1.0], "It recalls all symbols after 20, 100 blanks, but not always after fewer."),
        ([0.5, 0.9, 0.5], "It recalls all symbols at no time lag."),
    ],
)
def test_the_lags_that_are_remembered_are_named(accuracies, told):
    assert told in sentences.lags_sentence((20, 50, 100), np.array(accuracies), 50)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (0.0004, "is 0.0004, and always answering 1.0 has 0.167: it has learned to add."),
        (0.05, "its answers depend on the marked numbers"),
        (0.17, "no better than always answering 1.0"),
        (np.nan, "not finite"),
    ],
)
def test_sums_are_judged_against_the_lazy_answer(error, told):
    assert told in sentences.adding_verdict(error)
