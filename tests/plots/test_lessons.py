"""The figures of lessons: answers side by side, and the prediction over the result."""

import dataclasses

import numpy as np
import pytest

from rnnlab.lessons.recorded import recorded_result
from rnnlab.lessons.table import LESSONS
from rnnlab.plots.lesson_pictures import BARS, DOTS, Line, Picture
from rnnlab.plots.lessons import PREDICTED, PREDICTED_NAME, choices_figure, place_figure, result_figure

ASKS = [pytest.param(ask, id=f"{lesson.id}-{ask.step}") for lesson in LESSONS.values() for ask in lesson.asks]
AXES = Picture("Step", "Value", (0, 1, 2))


def values_of(trace):
    return [None if value is None or np.isnan(value) else value for value in trace.y]


@pytest.mark.parametrize("ask", ASKS)
def test_each_answer_has_a_panel_of_its_own(ask):
    if not ask.choices:
        figure = place_figure(ask.picture, ask.place.low)
        assert {*figure.data[-1].y} == {ask.place.low}
        return
    panels = {choice.words: choice.values for choice in ask.choices}
    figure = choices_figure(ask.picture, panels)
    assert [note.text for note in figure.layout.annotations[: len(panels)]] == list(panels)
    drawn = {trace.xaxis: values_of(trace) for trace in figure.data}  # the last one of each panel
    expected = [[None if np.isnan(v) else v for v in choice.values] for choice in ask.choices]
    assert list(drawn.values()) == expected


@pytest.mark.parametrize("kind", ["curve", "stairs", BARS, DOTS])
def test_the_prediction_lies_over_the_result(kind):
    picture = Picture("x", "y", ("a", "b"), (Line("found", (1.0, 2.0), kind),), kind=kind)
    figure = result_figure(picture, (2.0, 1.0))
    assert [trace.name for trace in figure.data] == ["found", PREDICTED_NAME]
    assert list(figure.data[1].y) == [2.0, 1.0]
    assert PREDICTED in str(figure.data[1])


def test_a_placed_number_is_a_line_across_the_whole_picture():
    figure = result_figure(AXES.with_lines(Line("found", (1.0, 2.0, 3.0))), 1.5)
    assert list(figure.data[-1].x) == [0, 2]
    assert list(figure.data[-1].y) == [1.5, 1.5]
    assert "1.5" in figure.data[-1].name


def test_a_number_placed_on_bars_is_where_the_first_one_should_end():
    picture = Picture("x", "y", ("a", "b"), (Line("found", (1.0, 2.0), BARS),), kind=BARS)
    predicted = result_figure(picture, 1.5).data[-1]
    assert (list(predicted.x), list(predicted.y)) == (["a"], [1.5])
    assert predicted.name == f"{PREDICTED_NAME}: 1.5"


def test_nobody_who_did_not_predict_has_a_line():
    figure = result_figure(AXES.with_lines(Line("found", (1.0, None, 3.0))), None)
    assert [trace.name for trace in figure.data] == ["found"]
    assert values_of(figure.data[0]) == [1.0, None, 3.0]


BARRED = Picture("Cell", "Share", ("a", "b"), (Line("chance", (0.5, 0.5), is_truth=True),), limits=(0, 1), kind=BARS)


@pytest.mark.parametrize("panels", [2, 3])
def test_a_height_to_compare_bars_with_lies_across_every_panel_and_has_its_name_once(panels):
    figure = choices_figure(BARRED, {str(n): (0.2, 0.8) for n in range(panels)})
    assert [(shape.y0, shape.y1) for shape in figure.layout.shapes] == [(0.5, 0.5)] * panels
    assert len({shape.xref for shape in figure.layout.shapes}) == panels
    names = [(note.text, note.xref, note.y) for note in figure.layout.annotations if note.text == "chance"]
    assert names == [("chance", "x domain", 0.5)]


def test_a_height_to_compare_bars_with_is_no_bar_of_the_result():
    figure = result_figure(BARRED.with_lines(*BARRED.lines, Line("found", (0.1, 0.9), BARS)))
    assert [trace.name for trace in figure.data] == ["found"]
    (shape,) = figure.layout.shapes
    assert (shape.y0, shape.x0, shape.x1, shape.xref) == (0.5, 0, 1, "x domain")


def test_a_name_without_a_value_has_its_place():
    assert place_figure(BARRED, None).layout.xaxis.range == (-0.5, 1.5)


@pytest.mark.parametrize(
    ("values", "ends"),
    [((-0.5, 0.9), (-1, 1)), ((-0.5, 1.5), (-1, 1.54)), ((-70, 1e9), (-2, 2)), ((None, -1.2), (-1.24, 1))],
)
def test_a_curve_that_leaves_the_picture_widens_it_by_half_at_most(values, ends):
    picture = Picture("x", "y", (0, 1), (Line("found", values),), limits=(-1, 1))
    assert result_figure(picture).layout.yaxis.range == pytest.approx(ends)


@pytest.mark.parametrize(
    ("values", "powers"),
    [((1e-3, 1e-3), 1), ((1e-3, 0.05), 1), ((1e-5, 1), 1), ((1e-12, 1), 3), ((2e-3, 5e-3), None)],
)
def test_a_logarithmic_axis_of_more_than_a_decade_names_powers_of_ten_only(values, powers):
    picture = Picture("x", "y", (0, 1), (Line("found", values),), log_y=True)
    assert result_figure(picture).layout.yaxis.dtick == powers


def test_what_another_picture_has_shown_in_a_colour_gives_it_to_nothing_else():
    picture = Picture("x", "y", (0, 1), (Line("one", (0, 1)), Line("two", (1, 0))))
    first = [trace.line.color for trace in result_figure(picture).data]
    second = [trace.line.color for trace in result_figure(dataclasses.replace(picture, first_color=2)).data]
    assert len({*first, *second}) == 4


PHONE_LETTERS = 19
"""Letters of a name that a phone's screen has room for where the legend has two columns."""


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_the_names_of_two_columns_are_not_cut_off_on_a_phone(lesson):
    seen = recorded_result(lesson.id).seen
    for ask in lesson.asks:
        predicted = ask.place.high if ask.place else ask.choices[0].values
        figures = [result_figure(seen.pictures[ask.step], predicted)]
        figures += [result_figure(picture) for picture in seen.closer.get(ask.step, {}).values()]
        for figure in figures:
            if figure.layout.legend.entrywidthmode == "fraction":
                assert max(len(trace.name) for trace in figure.data) <= PHONE_LETTERS
