"""Figures are looked at as data: what is drawn where."""

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.plots.comparison import series_figure, series_verdict
from rnnlab.plots.minibatches import Row, minibatch_figure
from rnnlab.plots.network import network_figure
from rnnlab.plots.waves import inputs_targets_figure, wave_figure
from rnnlab.plots.words import frequent_words_figure, rank_frequency_figure


def labels(figure):
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.fixture
def comparison():
    target = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    return series_figure(target, np.array([np.nan, 1.0, 2.0, 3.5, 4.0]), np.array([4.0, 2.0]), prime=3)


def test_free_run_starts_where_the_prime_ends(comparison):
    free = next(trace for trace in comparison.data if trace.name == "free-running")
    assert list(free.x) == [3, 4]
    assert list(free.y) == [4, 2]


def test_errors_are_distances_from_the_target_after_the_prime(comparison):
    errors = {trace.name: list(trace.y) for trace in comparison.data[3:]}
    assert errors == {"teacher-forced": [0.5, 0.0], "free-running": [1.0, 2.0]}


def test_prime_is_shaded(comparison):
    shaded = [shape for shape in comparison.layout.shapes if shape.type == "rect"]
    assert [(shape.x0, shape.x1) for shape in shaded[:1]] == [(0, 3)]


def test_error_panel_can_be_left_out():
    flat = np.zeros(4)
    assert len(series_figure(flat, flat, flat[:2], 2, with_error=False).data) == 3


@pytest.mark.parametrize(
    ("rmse", "words"), [(0.01, "go on by itself"), (0.1, "stays near"), (0.6, "drifts away"), (np.inf, "infinity")]
)
def test_verdict_says_what_happened(rmse, words):
    assert words in series_verdict(0.001, rmse, 500)


@pytest.mark.parametrize(("layers", "drawn"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_network_has_a_box_for_each_layer_and_step(layers, drawn):
    boxes = [
        label for label in labels(network_figure(ModelConfig(num_layers=layers), False)) if label.startswith("LSTM")
    ]
    assert len(boxes) == 3 * drawn


def test_network_of_words_is_embedded_and_ends_in_a_softmax():
    found = labels(network_figure(ModelConfig(cell="gru"), is_text=True))
    assert found.count("embedding") == found.count("softmax") == found.count("GRU") == 3


def test_dropout_crosses_every_layer_but_never_time():
    figure = network_figure(ModelConfig(num_layers=2, input_dropout=0.1, output_dropout=0.5), is_text=False)
    dotted = [shape for shape in figure.layout.shapes if shape.type == "line" and shape.line.dash == "dot"]
    # Information crosses dropout L + 1 times (Zaremba 2014), here at three time steps.
    assert len(dotted) == 3 * (2 + 1)
    assert all(shape.x0 == shape.x1 for shape in dotted)


def test_network_without_dropout_has_no_dotted_line():
    shapes = network_figure(ModelConfig(), is_text=False).layout.shapes
    assert all(shape.line.dash != "dot" for shape in shapes)


def drawing(carry_state=True):
    rows = [
        Row(0, 0, [[("the", "cat"), ("cat", "<eos>")], [("<eos>", "a"), ("a", "dog")]]),
        Row(7, 700, [[("b", "c"), None], [("d", "e"), None]]),
    ]
    return minibatch_figure(rows, batch_size=8, unused_share=0.01, carry_state=carry_state)


def test_drawing_shows_tokens_targets_and_where_streams_begin():
    found = labels(drawing())
    assert {"the", "→ cat", "&lt;eos&gt;", "→ &lt;eos&gt;", "window 0", "window 1"} <= set(found)
    assert any("stream 7" in label and "from token 700" in label for label in found)


def test_drawing_has_an_arrow_of_the_state_for_each_stream_and_window():
    assert drawing().data[0].marker.symbol == ("triangle-right",) * (2 * 2)
    assert drawing(carry_state=False).data[0].marker.symbol == ("x",) * (2 * 2)


def test_windows_have_different_tints():
    figure = drawing()
    fills = {}
    for shape in figure.layout.shapes:
        if shape.type == "rect" and shape.y0 < 0:
            fills.setdefault(shape.fillcolor, []).append(shape.x0)
    first, second = sorted(fills.values())
    assert (max(first), min(second)) == (1, 3)


def test_wave_goes_on_where_training_ends():
    training, validation = wave_figure(np.zeros(5), np.ones(3)).data
    assert list(training.x) == [0, 1, 2, 3, 4]
    assert list(validation.x) == [5, 6, 7]


def test_inputs_and_targets_share_their_steps():
    inputs, targets = inputs_targets_figure(np.array([1.0, 2.0]), np.array([2.0, 3.0])).data
    assert list(inputs.x) == list(targets.x) == [0, 1]


def test_words_that_look_like_numbers_are_words():
    assert frequent_words_figure(["1987", "the"], [3, 2]).layout.yaxis.type == "category"


def test_ranks_keep_both_ends():
    ranks = np.arange(1, 10_001)
    zipf, text = rank_frequency_figure(ranks, 50_000 // ranks).data
    assert (text.x[0], text.x[-1]) == (1, 10_000)
    assert zipf.y[0] == text.y[0] == 50_000
    assert len(text.x) <= 300
