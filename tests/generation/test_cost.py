"""Measured costs: which are kept, and what is made of them. How long something takes is not judged here."""

import pytest

from rnnlab.generation import GenerationCost, measure_cost
from tests.generation.test_free_running import series_network, text_network


def test_every_length_is_measured_every_round():
    cost = measure_cost(series_network(), (3, 9), rounds=2)
    assert cost.lengths == (3, 9)
    for way in (cost.carried, cost.reread):
        assert [len(rounds) for rounds in way] == [2, 2]
        assert all(second > 0 for rounds in way for second in rounds)


def test_lengths_that_would_take_too_long_are_left_out_but_never_the_first():
    cost = measure_cost(series_network(), (3, 9, 20), rounds=1, most_seconds=0)
    assert cost.lengths == (3,)
    assert len(cost.carried) == len(cost.reread) == 1


def test_ratios_are_taken_within_a_round():
    """The machine was three times as slow in the second round: the ratio of medians would not be 4."""
    cost = GenerationCost(lengths=(10,), carried=((1.0, 3.0, 1.0),), reread=((4.0, 12.0, 5.0),))
    assert cost.ratios == [4]
    assert cost.medians == ([1], [5])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measure_cost(series_network(), ()), "no length"),
        (lambda: measure_cost(series_network(), (0,)), "horizon was 0"),
        (lambda: measure_cost(text_network(), (5,)), "take a series network"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
