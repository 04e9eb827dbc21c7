"""What generating costs, in words."""

from rnnlab.sentences.cost import cost_sentence


def test_cost_is_given_in_units_that_can_be_read():
    sentence = cost_sentence(4000, 0.0056, 3.2, 1142.4)
    assert "4,000 values" in sentence
    assert "5.6 ms" in sentence
    assert "3.2 s" in sentence
    assert "1,142 times" in sentence
    assert "2.9 times" in cost_sentence(100, 0.001, 0.0029, 2.94)
