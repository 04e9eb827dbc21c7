import numpy as np

from rnnlab.ui.widgets.passage import passage_table


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
