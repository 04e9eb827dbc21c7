"""The bars of a distribution as data."""

from rnnlab.plots import palette
from rnnlab.plots.distribution import distribution_figure


def bars(words, probabilities, came, probability):
    (trace,) = distribution_figure(words, probabilities, came, probability).data
    return list(zip(trace.y, trace.x, trace.marker.color, trace.text, strict=True))


def test_the_most_probable_word_is_at_the_top_and_the_one_that_came_is_marked():
    first, second = bars(["the", "cat"], [0.6, 0.3], "cat", 0.3)
    assert first == ("the", 0.6, palette.TEACHER_FORCED, "60%")
    assert second == ("▶ cat", 0.3, palette.FREE_RUNNING, "30%")
    assert distribution_figure(["a"], [1.0], "a", 1.0).layout.yaxis.autorange == "reversed"


def test_an_improbable_word_that_came_stands_below_the_probable_ones():
    found = bars(["the", "cat"], [0.6, 0.3], "dog", 0.0002)
    assert [word for word, *_ in found] == ["the", "cat", "▶ dog"]
    assert found[2][1] == 0.0002
    assert found[2][3] == "&lt;0.1%"


def test_words_that_are_never_drawn_have_no_bar():
    assert [word for word, *_ in bars(["the", "cat", "dog"], [0.9, 0.1, 0.0], "the", 0.9)] == ["▶ the", "cat"]


def test_words_are_no_numbers_and_no_tags():
    figure = distribution_figure(["1987", "<unk>"], [0.5, 0.5], "<unk>", 0.5)
    assert figure.layout.yaxis.type == "category"
    assert list(figure.data[0].y) == ["1987", "▶ &lt;unk&gt;"]
