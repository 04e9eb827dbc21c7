"""Figures of gates, gradients, one cell and dropout's crossings, checked as data."""

import re

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.config.cells import CELL_KINDS
from rnnlab.formulas.worked import CellStep, Factor, Term, WorkedLine
from rnnlab.plots import microscope
from rnnlab.plots.crossings import crossings_picture
from rnnlab.plots.gates import HeatMap, gates_figure, kept_figure, saturation_figure, tinted_text
from rnnlab.plots.gradients import reach_figure, untrained_figure
from tests.plots.test_figures import is_dotted, parts, style, words

UNITS = np.array([2, 0, 1])
VALUES = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.0, 1.0, 0.0, 1.0]])


def test_a_heat_map_has_a_row_for_each_unit_and_frames_the_picked_one():
    curve = {"teacher-forced": (np.arange(4), VALUES[1])}
    figure = gates_figure(HeatMap(VALUES, UNITS, "f", is_unsigned=True, stride=3), 0, curve, given=6)
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    np.testing.assert_array_equal(heat.z, VALUES)
    assert list(heat.x) == [0, 3, 6, 9]
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert list(figure.layout.yaxis.ticktext) == ["3", "1", "2"]
    frame = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (frame.y0, frame.y1) == (0.5, 1.5)
    assert {shape.x0 for shape in figure.layout.shapes if shape.type == "line"} == {5.5}


def test_what_has_a_sign_has_a_scale_around_zero():
    figure = gates_figure(HeatMap(VALUES - 0.9, UNITS, "c", is_unsigned=False), 5, {}, {})
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    assert heat.zmax == -heat.zmin == pytest.approx(0.9)
    assert not [shape for shape in figure.layout.shapes if shape.type == "rect"]  # Unit 5 is not drawn.


def test_what_was_read_lies_between_the_map_and_the_picked_unit():
    curves = {name: (np.arange(4), VALUES[0]) for name in ("teacher-forced", "free-running")}
    figure = gates_figure(HeatMap(VALUES, UNITS, "h", is_unsigned=False), 0, curves, curves)
    assert [trace.yaxis for trace in figure.data] == ["y", "y2", "y2", "y3", "y3"]
    assert [trace.showlegend for trace in figure.data[1:]] == [True, True, False, False]


def test_a_words_markup_is_not_read_as_markup():
    figure = gates_figure(HeatMap(VALUES, UNITS, "f", True, words=["<b>", "a", "&amp;", "d"]), 0, {})
    assert list(figure.data[0].text[0]) == ["&lt;b&gt;", "a", "&amp;amp;", "d"]
    picture = tinted_text(["<b>", "the"], np.array([1.0, -0.5]), 1.0, "about")
    assert "&lt;b&gt;" in picture.html
    assert re.findall(r"rgba\(([^)]+)\)", picture.html) == ["15, 148, 136,0.75", "224, 102, 43,0.38"]


def test_saturation_has_a_dot_for_each_gate_of_each_unit():
    closed, opened = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.9, 0.8], [0.0, 0.6]])
    _, first, second = saturation_figure(["i", "f"], closed, opened).data
    assert (list(first.x), list(first.y), first.name) == ([0.1, 0.2], [0.9, 0.8], "i")
    assert (list(second.x), list(second.y), second.name) == ([0.3, 0.4], [0.0, 0.6], "f")
    assert first.marker.symbol != second.marker.symbol


def test_units_are_sorted_by_what_they_keep():
    figure = kept_figure("f", {"teacher-forced": np.array([0.9, 0.2, 0.5])}, 0.73)
    assert list(figure.data[0].y) == [0.2, 0.5, 0.9]
    assert list(figure.data[0].text) == ["2", "3", "1"]
    assert figure.layout.shapes[0].y0 == 0.73


def norms(*values):
    return {"h": np.array(values)}


def test_what_training_cuts_off_is_shaded_and_zeros_are_left_out():
    figure = reach_figure(norms(1, 0.1, 0.0, 1e-4), norms(1, 1, 1, 1), window=2)
    now = next(trace for trace in figure.data if trace.name == "h, now")
    np.testing.assert_array_equal(now.y, [1, 0.1, np.nan, 1e-4])
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (1.5, 3.5)
    assert not reach_figure(norms(1, 1), norms(1, 1), window=5).layout.shapes


def test_the_line_of_a_forget_bias_starts_at_the_first_step_back():
    before = {"h": np.ones(4), "c": np.array([0, 8.0, 3, 1])}
    line = reach_figure(before, before, 9, forget_bias=0.0).data[-1]
    np.testing.assert_allclose(line.y, [8, 4, 2])
    assert list(line.x) == [1, 2, 3]


def test_untrained_cells_are_drawn_for_each_start():
    shares = np.array([[[9, 1, 0.5], [9, 1, 0.2]], [[9, 1, 0.6], [9, 1, 0.3]]])
    figure = untrained_figure(["LSTM", "RNN"], [0.0, None], ["small", "Glorot"], shares)
    drawn = {(trace.name, trace.yaxis): list(trace.y) for trace in figure.data}
    assert drawn["LSTM", "y"] == [1, 0.5]
    assert drawn["RNN", "y2"] == [1, 0.3]
    assert drawn["σ(0)<sup>k</sup>", "y2"] == [1, 0.5]
    assert len(figure.data) == 6


def step_of(kind):
    """A made-up step in which every number is another one."""
    gate = (Term("W x", 0.31), Term("U h", -0.22), Term("b", 1.0))

    def line(name, function, value, terms=gate):
        return WorkedLine(name, terms, sum(term.value for term in terms), function, value, 0)

    def product(name, *values):
        factors = tuple(Factor(part, value) for part, value in zip(name.split("·"), values, strict=True))
        return Term(name, values[0] * values[1], factors)

    memory = (product("f·c", 0.6, -0.4), product("i·g", 0.3, 0.9))
    lstm = (
        *(line(name, "σ", value) for name, value in (("i", 0.3), ("f", 0.6))),
        line("g", "tanh", 0.9),
        line("c'", "clip ±0.02", 0.02, memory),
        line("o", "σ", 0.44, (*gate, Term("p c'", 0.07))),
    )
    kept = (product("z·h", 0.8, 0.5), product("(1 − z)·g", 0.2, -0.7))
    steps = {
        "lstm": (*lstm, line("h'", "", 0.01, (product("o·tanh c'", 0.44, 0.02),))),
        "projected": (
            *lstm,
            line("m", "", 0.01, (product("o·tanh c'", 0.44, 0.02),)),
            line("h'", "clip ±0.5", 0.5, (Term("M m", 0.77),)),
        ),
        "gru": (line("z", "σ", 0.8), line("r", "σ", 0.1), line("g", "tanh", -0.7), line("h'", "", 0.26, kept)),
        "simple_rnn": (line("g", "tanh", 0.8), line("h'", "", 0.8, (Term("g", 0.8),))),
    }
    before = (Factor("h", 0.5), Factor("c", -0.4))
    return CellStep(before if kind in ("lstm", "projected") else before[:1], steps[kind], 0)


def test_every_kind_of_cell_has_a_drawing():
    assert microscope.PICTURES.keys() == CELL_KINDS.keys()


@pytest.mark.parametrize("kind", ["lstm", "projected", "gru", "simple_rnn"])
def test_a_cells_drawing_has_every_number_of_its_lines(kind):
    step = step_of(kind)
    told = " ".join(words(microscope.cell_picture({"projected": "lstm"}.get(kind, kind), step, "about")))
    for line in step.lines:
        if (kind, line.name) != ("simple_rnn", "g"):
            assert microscope.short(line.value) in told
        if line.function in ("σ", "tanh"):
            assert f"{line.function}({microscope.short(line.total)})" in told
    for factor in step.before:
        assert microscope.short(factor.value) in told


@pytest.mark.parametrize("kind", ["lstm", "projected", "gru", "simple_rnn"])
def test_no_box_of_a_cell_lies_over_another(kind):
    picture = microscope.cell_picture({"projected": "lstm"}.get(kind, kind), step_of(kind), "about")
    boxes = [style(box) for box in parts(picture, "box")]
    for n, one in enumerate(boxes):
        assert one["left"] >= 0
        assert one["left"] + one["width"] <= 100
        assert one["top"] >= 0
        for other in boxes[n + 1 :]:
            beside = one["left"] + one["width"] <= other["left"] or other["left"] + other["width"] <= one["left"]
            above = one["top"] + one["height"] <= other["top"] or other["top"] + other["height"] <= one["top"]
            assert beside or above


def test_a_formula_has_its_numbers_below_it():
    table = microscope.formulas_table(step_of("lstm").lines)
    plain = re.sub(r"<[^>]+>", "", table.split("</style>")[1].replace("<br/>", "\n").replace("</tr>", "\n"))
    lines = plain.replace("&#x27;", "'").splitlines()
    assert lines[:2] == ["i = σ(Wi x + Ui h + bi)", " = σ(0.3100 + (−0.2200) + 1.0000) = σ(1.0900) = 0.3000"]
    assert lines[6] == "c' = clip ±0.02(f·c + i·g)"
    assert lines[7] == (
        " = clip ±0.02(0.6000 × (−0.4000) + 0.3000 × 0.9000) = clip ±0.02((−0.2400) + 0.2700) = clip ±0.02(0.0300)"
        " = 0.0200"
    )
    assert "po c'" in lines[8]


@pytest.mark.parametrize(("layers", "steps", "layer"), [(1, 3, 0), (2, 5, 0), (3, 0, 2), (3, 4, 1)])
def test_a_way_crosses_dropout_once_more_than_there_are_layers(layers, steps, layer):
    picture = crossings_picture(ModelConfig(num_layers=layers), steps, layer)
    taken = [line for line in parts(picture, "line") if " #e0662b" in str(line.get("style"))]
    upwards = [line for line in taken if "border-left" in style(line)]
    assert len(upwards) == layers + 1
    assert all(is_dotted(line) for line in upwards)
    across = [line for line in taken if "border-top" in style(line)]
    assert len(across) == steps
    assert not any(is_dotted(line) for line in across)
    assert [text for text in words(picture) if text.isdigit()] == [str(n + 1) for n in range(layers + 1)]


def test_dropout_on_the_state_is_crossed_at_each_step_too():
    picture = crossings_picture(ModelConfig(num_layers=1, state_dropout=0.2), 3, 0)
    assert all(is_dotted(line) for line in parts(picture, "line"))
