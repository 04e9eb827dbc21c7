"""Figures about memory, looked at as data."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from rnnlab.config import Experiment, TextData
from rnnlab.plots.forgetting import carried_against_reset_figure, memory_kept_figure


def lines(figure):
    return {trace.name: trace for trace in figure.data}


def test_each_bias_is_a_line_of_what_is_kept():
    drawn = lines(memory_kept_figure([0.0, 1.0, 2.0], steps=4, chosen=-1.0))
    assert list(drawn) == ["bias 0", "bias 1", "bias 2", "bias -1, your setting"]
    for trace, bias in zip(drawn.values(), [0, 1, 2, -1], strict=True):
        assert list(trace.x) == [0, 1, 2, 3, 4]
        gate = 1 / (1 + math.exp(-bias))
        np.testing.assert_allclose(trace.y, [1, gate, gate**2, gate**3, gate**4])


def test_a_chosen_bias_among_those_compared_is_drawn_once_and_stands_out():
    drawn = lines(memory_kept_figure([0.0, 1.0], steps=3, chosen=1.0))
    assert list(drawn) == ["bias 0", "bias 1, your setting"]
    chosen, other = drawn["bias 1, your setting"].line, drawn["bias 0"].line
    assert chosen.width > other.width
    assert chosen.color != other.color


def test_biases_without_a_chosen_one_can_be_told_apart():
    quiet = [trace.line.dash for trace in memory_kept_figure([0.0, 1.0, 2.0], steps=3).data]
    assert len(set(quiet)) == 3


def test_the_half_is_marked():
    (rule,) = memory_kept_figure([0.0], steps=3).layout.shapes
    assert rule.y0 == rule.y1 == 0.5


def result(experiment):
    return SimpleNamespace(
        experiment=experiment,
        carried=SimpleNamespace(loss_carried=1.0, loss_reset=3.0),
        reset=SimpleNamespace(loss_carried=2.5, loss_reset=2.0),
    )


@pytest.mark.parametrize(
    ("experiment", "of", "title"),
    [
        (Experiment(data=TextData()), math.exp, "Validation perplexity"),
        (Experiment(), float, "Validation loss"),
    ],
)
def test_bars_compare_both_trainings_read_both_ways(experiment, of, title):
    figure = carried_against_reset_figure(result(experiment))
    heights = {bar.name: dict(zip(bar.x, bar.y, strict=True)) for bar in figure.data}
    carried, reset = heights["state carried in validation"], heights["state reset in validation"]
    assert carried == pytest.approx({"state carried in training": of(1.0), "state reset in training": of(2.5)})
    assert reset == pytest.approx({"state carried in training": of(3.0), "state reset in training": of(2.0)})
    assert figure.layout.yaxis.title.text == title
    assert figure.layout.yaxis.rangemode == "tozero"
