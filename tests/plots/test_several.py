"""Several networks in one figure: what is drawn of each, and in which colour."""

import numpy as np

from rnnlab.plots.several import (
    MOST_LABELS,
    Measured,
    Predicted,
    several_errors_figure,
    several_figure,
    several_lags_figure,
    surprises_figure,
)

TARGET = np.array([0.0, 1.0, 0.0, -1.0])
NETWORKS = [
    Predicted("LSTM", "#111111", np.array([np.nan, 1.0, 0.5, -1.0]), np.array([0.25, -1.0])),
    Predicted("<b>GRU</b>", "#222222", np.array([np.nan, 0.0, 0.0, 0.0]), np.array([0.0, np.inf])),
]


def by_name(figure):
    return {trace.name: trace for trace in figure.data}


def test_each_network_has_one_colour_and_one_row_of_the_legend():
    figure = several_figure(TARGET, NETWORKS, 2)
    rows = [trace for trace in figure.data if trace.showlegend is not False]
    assert [row.name for row in rows] == ["target (broad, pale)", "LSTM", "&lt;b&gt;GRU&lt;/b&gt;"]
    for network in NETWORKS:
        mine = [trace for trace in figure.data if trace.legendgroup == network.name]
        assert {trace.line.color for trace in mine} == {network.color}
        assert sorted(trace.line.dash or "solid" for trace in mine) == ["dash", "solid"]


def test_free_runs_start_after_the_prime():
    free = by_name(several_figure(TARGET, NETWORKS, 2))["LSTM"]
    assert list(free.x) == [2, 3]
    assert list(free.y) == [0.25, -1.0]


def test_errors_are_distances_from_the_truth():
    traces = by_name(several_errors_figure(TARGET, NETWORKS, 2))
    assert list(traces["LSTM"].y) == [0.25, 0.0]
    assert list(traces["LSTM, teacher-forced"].y) == [0.5, 0.0]
    assert traces["&lt;b&gt;GRU&lt;/b&gt;"].y[1] == np.inf


def test_a_long_passage_has_no_words_along_its_axis():
    few = surprises_figure(["a", "<eos>"], [Measured("one", "#111111", np.array([1.0, 2.0]))])
    assert list(few.layout.xaxis.ticktext) == ["a", "&lt;eos&gt;"]
    words = ["a"] * (MOST_LABELS + 1)
    many = surprises_figure(words, [Measured("one", "#111111", np.zeros(len(words)))])
    assert many.layout.xaxis.ticktext is None
    assert list(many.data[0].customdata) == words


def test_a_guess_and_the_lag_of_the_training_are_marked():
    networks = [Measured("forget bias 4", "#111111", np.array([1.0, 0.5]))]
    figure = several_lags_figure([2, 50], networks, 50, 0.125)
    assert list(by_name(figure)["chance"].y) == [0.125, 0.125]
    assert figure.layout.shapes[0].x0 == 1
