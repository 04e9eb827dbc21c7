"""The figures of Look inside for a text: what they draw is what they were given."""

import numpy as np
import pytest

from rnnlab.plots import palette
from rnnlab.plots.context import context_figure
from rnnlab.plots.units import unit_figure
from rnnlab.plots.words_used import MOST_BARS, words_used_figure


def test_both_measures_of_each_word_are_bars_in_the_order_of_the_text():
    connectivity, changes = np.array([0.5, 2.0, 1.0]), np.array([np.nan, 0.3, -0.2])
    figure = words_used_figure(["<eos>", "dog", "near"], connectivity, changes, marked=[1])
    above, below = figure.data
    np.testing.assert_array_equal(above.y, connectivity)
    np.testing.assert_array_equal(below.y, changes)
    assert below.marker.color[1:] == (palette.HIGH, palette.LOW)
    assert figure.layout.xaxis2.ticktext == ("&lt;eos&gt;", "▶ dog", "near")


def test_of_many_words_only_the_last_have_bars():
    words = [f"w{position}" for position in range(MOST_BARS + 5)]
    values = np.arange(MOST_BARS + 5, dtype=float)
    figure = words_used_figure(words, values, -values)
    for bars, sign in zip(figure.data, (1, -1), strict=True):
        np.testing.assert_array_equal(bars.y, sign * values[5:])
        assert bars.x[0] == 5
    assert figure.layout.xaxis2.ticktext == tuple(words[5:])


@pytest.mark.parametrize(("window", "is_marked"), [(20, True), (500, False)])
def test_the_windows_of_the_training_are_marked_where_they_are_on_the_axis(window, is_marked):
    figure = context_figure(np.array([1, 10, 100]), np.array([9.0, 5.0, 4.0]), window, "word")
    (curve,) = figure.data
    assert (curve.x.tolist(), curve.y.tolist()) == ([1, 10, 100], [9.0, 5.0, 4.0])
    assert [line.x0 for line in figure.layout.shapes] == ([window] if is_marked else [])
    # The place of a text on a logarithmic axis is a logarithm.
    assert [text.x for text in figure.layout.annotations] == ([pytest.approx(np.log10(window))] if is_marked else [])


def test_each_class_of_a_unit_has_its_own_shape_and_color():
    values, labels = np.array([0.1, -0.5, 0.9, 0.3]), np.array([1, 0, 1, -1])
    figure = unit_figure(["a", "b", "c", "d"], values, labels, 0.0, ("singular", "plural"), (0.95, 0.6))
    line, singular, plural, bars = figure.data
    np.testing.assert_array_equal(line.y, values)
    assert (singular.name, singular.x.tolist(), singular.y.tolist()) == ("singular", [1], [-0.5])
    assert (plural.name, plural.x.tolist(), plural.y.tolist()) == ("plural", [0, 2], [0.1, 0.9])
    assert singular.marker.symbol != plural.marker.symbol
    assert singular.marker.color != plural.marker.color
    assert bars.y == (95.0, 60.0)
