"""The pictures of separate sequences and of the answers to them."""

import numpy as np
import pytest

from rnnlab.plots.sequences import adding_figure, lags_figure, recall_picture, sums_figure
from tests.plots.test_figures import parts, style, words

SYMBOLS = ("A", "B", "C")


def opacity(fill):
    return float(fill.removesuffix(")").rpartition(",")[2])


@pytest.mark.parametrize(("time_lag", "strip"), [(2, "A··?"), (4, "A····?"), (50, "A··⋯·?")])
def test_a_strip_has_the_symbol_the_blanks_and_the_cue(time_lag, strip):
    found = words(recall_picture(SYMBOLS, time_lag, rows=[0]))
    assert "".join(found[-len(strip) - 1 : -1]) == strip
    assert found[-1] == "A"  # the answer


def test_there_is_a_row_for_each_symbol_unless_somebody_chooses():
    assert words(recall_picture(SYMBOLS, 2)).count("?") == 3
    assert words(recall_picture(SYMBOLS, 2, rows=[2, 2])).count("C") == 4


def test_the_more_probable_an_answer_the_stronger_its_colour():
    answers = np.array([[0.9, 0.1, 0.0], [0.5, 0.25, 0.25], [np.nan] * 3])
    picture = recall_picture(SYMBOLS, 2, answers)
    boxes = [style(box)["background"] for box in parts(picture, "box")]
    first = boxes[4:7]  # after the four cells of the strip
    assert [opacity(fill) for fill in first] == sorted((opacity(fill) for fill in first), reverse=True)
    assert first[0].startswith("rgba(15, 148, 136")  # right: teal
    assert all(fill.startswith("rgba(224, 102, 43") for fill in first[1:])
    assert [opacity(fill) for fill in boxes[-3:]] == [0, 0, 0]
    assert {"0.90", "0.10", "0.50", "0.25"} <= set(words(picture))
    assert "0.00" not in words(picture)


def test_marked_numbers_have_a_colour_of_their_own():
    figure = adding_figure(np.array([0.4, 0.9, 0.2]), np.array([0, 1, 1]))
    assert [(bar.name, list(bar.x)) for bar in figure.data] == [("not marked", [0]), ("marked", [1, 2])]
    assert figure.data[0].marker.color != figure.data[1].marker.color


def test_sums_lie_beside_the_right_and_the_lazy_line():
    figure = sums_figure(np.array([0.5, 1.5]), np.array([0.6, 1.4]))
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines["right"].x) == list(lines["right"].y)
    assert set(lines["always 1"].y) == {1.0}
    assert list(lines["network"].y) == [0.6, 1.4]


def test_lags_are_drawn_with_chance_and_the_lag_of_the_training():
    figure = lags_figure((2, 50, 200), np.array([1.0, 1.0, 0.5]), 50, 0.125)
    lines = {trace.name: trace for trace in figure.data}
    assert list(figure.layout.xaxis.ticktext) == ["2", "50", "200"]
    assert list(lines["network"].x) == list(figure.layout.xaxis.tickvals)
    assert list(lines["network"].y) == [1.0, 1.0, 0.5]
    assert set(lines["chance"].y) == {0.125}
    assert figure.layout.shapes[0].x0 == lines["network"].x[1]
