"""The HTML and CSS of a passage."""

import numpy as np

from rnnlab.plots.passage import passage_table, pick_style, tint, tint_legend


def table(words=("<unk>", "cat"), top=(("the", "<unk>"), ("cat", "dog"))):
    return passage_table(words, top, np.array([[0.5, 0.25], [0.9, 0.0004]]), np.array([0.25, 0.9]))


def test_row_holds_the_true_word_and_the_guesses():
    rows = table().split("<tr>")[2:]
    assert len(rows) == 2
    assert [rows[1].count(word) for word in ("cat", "dog")] == [2, 1]


def test_right_guesses_are_marked():
    assert table().count('class="hit"') == 2


def test_words_cannot_become_tags():
    html = table(words=("<script>", "cat"))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_small_probabilities_are_not_called_zero():
    assert "&lt;0.1%" in table()


def opacity(colour):
    return float(colour.rstrip(")").rsplit(",", 1)[1])


def test_a_more_surprising_word_is_tinted_darker_up_to_a_limit():
    shares = [opacity(tint(surprise)) for surprise in (0, 2, 5, 10, 50, np.inf)]
    assert shares[0] == 0
    assert shares[0] < shares[1] < shares[2] < shares[3]
    assert shares[3] == shares[4] == shares[5] < 0.7  # Letters stay readable on it.


def test_each_button_is_tinted_by_its_own_surprise():
    style = pick_style(np.array([1.0, 7.0]), "passage")
    for place, surprise in ((1, 1.0), (2, 7.0)):
        assert f":nth-child({place}) {{background: {tint(surprise)}" in style
    assert "nth-child(3)" not in style


def test_the_legend_has_the_tints_of_its_numbers():
    for surprise in (0, 2, 4, 6, 8, 10):
        assert tint(surprise) in tint_legend()
