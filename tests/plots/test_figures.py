"""Figures, checked as data: which parts are drawn where."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing
from rnnlab.plots.minibatches import Row, minibatch_picture
from rnnlab.plots.network import network_picture
from rnnlab.plots.waves import MOST_POINTS, inputs_targets_figure, wave_figure
from rnnlab.plots.words import frequent_words_figure, rank_frequency_figure


def parts(picture, kind):
    """The elements of that class, as what draws the picture reads them."""
    elements = ElementTree.fromstring(picture.html).iter("div")
    return [element for element in elements if kind in element.get("class", "").split()]


def words(picture):
    """The text of each label, with its lines joined."""
    return ["".join(text.itertext()) for text in parts(picture, "words")]


def style(element):
    """The rules of its style by name; shares and pixels as numbers."""
    rules = dict(rule.split(":", 1) for rule in element.get("style").split(";"))
    return {
        name: float(value.rstrip("%px")) if re.fullmatch(r"-?[\d.]+(%|px)", value) else value
        for name, value in rules.items()
    }


def is_dotted(line):
    return " dotted " in (style(line).get("border-left") or style(line)["border-top"])


@pytest.mark.parametrize(("layers", "drawn"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_network_has_a_box_for_each_layer_and_step(layers, drawn):
    picture = network_picture(ModelConfig(num_layers=layers), False)
    assert len([label for label in words(picture) if label.startswith("LSTM")]) == 3 * drawn
    assert len(parts(picture, "box")) == 3 * (drawn + 2)


def test_network_of_words_is_embedded_and_ends_in_a_softmax():
    found = words(network_picture(ModelConfig(cell="gru"), reads_tokens=True))
    assert found.count("embedding") == found.count("softmax") == found.count("GRU") == 3
    assert {"wordt−1", "wordt", "wordt+1"} <= set(found)


def test_dropout_crosses_every_layer_but_never_time():
    picture = network_picture(ModelConfig(num_layers=2, input_dropout=0.1, output_dropout=0.5), reads_tokens=False)
    dotted = [line for line in parts(picture, "line") if is_dotted(line)]
    # Information crosses dropout L + 1 times (Zaremba 2014), here at three time steps.
    assert len(dotted) == 3 * (2 + 1)
    assert all("border-left" in style(line) for line in dotted)


def test_network_without_dropout_has_no_dotted_line():
    lines = parts(network_picture(ModelConfig(), reads_tokens=False), "line")
    assert lines
    assert not any(is_dotted(line) for line in lines)


@pytest.mark.parametrize("model", [ModelConfig(), ModelConfig(num_layers=9, unrolling="bidirectional")])
def test_an_arrow_ends_at_the_edge_of_a_box_or_beside_all_of_them(model):
    """Boxes and heads go through the same arithmetic, but with other corners of theirs."""
    picture = network_picture(model, reads_tokens=True)
    boxes = [style(box) for box in parts(picture, "box")]
    heads = [style(head) for head in parts(picture, "head")]
    assert len(heads) == len(parts(picture, "line"))
    for head in heads:
        x, y = head["left"], head["top"]
        touched = [
            box
            for box in boxes
            if box["left"] - 0.02 <= x <= box["left"] + box["width"] + 0.02
            and box["top"] - 0.2 <= y <= box["top"] + box["height"] + 0.2
        ]
        assert len(touched) == 1 or x > max(box["left"] + box["width"] for box in boxes)


def test_a_slanted_line_is_refused():
    with pytest.raises(ValueError, match="is slanted"):
        Drawing((0, 1), (0, 1), 100).line(0, 0, 1, 1, "red", 1, False)


def drawing(carry_state=True):
    rows = [
        Row(0, 0, [[("the", "cat"), ("cat", "<eos>")], [("<eos>", "a"), ("a", "dog")]]),
        Row(7, 700, [[("b", "c"), None], [("d", "e"), None]]),
    ]
    return minibatch_picture(rows, batch_size=8, unused_share=0.01, carry_state=carry_state)


def test_drawing_shows_tokens_targets_and_where_streams_begin():
    found = words(drawing())
    assert {"the", "→ cat", "<eos>", "→ <eos>", "window 0", "window 1"} <= set(found)
    assert "stream 7from token 700" in found


@pytest.mark.parametrize("token", ["</text>", '"', "&amp;", "<script>", "\n", ""])
def test_a_token_is_drawn_as_it_is_written(token):
    picture = minibatch_picture([Row(0, 0, [[(token, "x")]])], batch_size=1, unused_share=0.0, carry_state=True)
    assert token.replace("\n", "") in words(picture)
    assert len(list(ElementTree.fromstring(picture.html).iter("script"))) == 0


def test_drawing_has_an_arrow_of_the_state_for_each_stream_and_window():
    assert len(parts(drawing(), "right")) == len(parts(drawing(carry_state=False), "cross")) == 2 * 2
    assert not parts(drawing(), "cross")
    assert not parts(drawing(carry_state=False), "right")


def test_windows_have_different_tints():
    fills = {}
    for box in map(style, parts(drawing(), "box")):
        if box["background"] in palette.TINTS:
            fills.setdefault(box["background"], []).append(box["left"])
    first, second = (fills[tint] for tint in palette.TINTS)
    assert len(first) == len(second) == 2 * 2
    assert max(first) < min(second)


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


def test_of_a_long_series_no_extreme_is_left_out():
    values = np.random.default_rng(0).standard_normal(100_003)
    values[70_000], values[100_002] = 50, -50
    trace = wave_figure(values, values[:5]).data[0]
    assert len(trace.x) <= MOST_POINTS + 30
    assert (max(trace.y), min(trace.y)) == (50, -50)
    np.testing.assert_array_equal(values[np.array(trace.x)], trace.y)
    assert (np.diff(trace.x) >= 0).all()
    assert len(wave_figure(values[:MOST_POINTS], values[:5]).data[0].x) == MOST_POINTS
