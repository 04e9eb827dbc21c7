from rnnlab.plots.words import frequent_words_figure


def test_words_are_labels_and_not_marks():
    (bars,) = frequent_words_figure(["<b>", "<br>", "a&amp;b", "plain"], [4, 3, 2, 1]).data
    assert list(bars.y) == ["&lt;b&gt;", "&lt;br&gt;", "a&amp;amp;b", "plain"]
