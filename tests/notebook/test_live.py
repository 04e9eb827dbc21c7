"""What a notebook shows while something trains: where the curves lie, and which form the bar has."""

from base64 import b64decode
from xml.etree import ElementTree

import IPython.display
import numpy as np
import plotly.io as pio
import pytest

from rnnlab.notebook import progress
from rnnlab.notebook.drawing import lines_figure, memory_kept_figure
from rnnlab.notebook.figures import loss_figure
from rnnlab.notebook.still import MOST_TICKS, still, ticks
from rnnlab.training import Measurement

STEPS = np.arange(0, 101, 10)


def drawn(figure):
    """The points of each polyline in pixels, and all texts."""
    root = ElementTree.fromstring(still(figure))
    lines = [[tuple(map(float, p.split(","))) for p in line.get("points").split()] for line in root.iter("polyline")]
    return lines, [text.text for text in root.iter("text")]


def test_a_tenth_of_the_loss_lies_one_decade_lower_wherever_it_is():
    losses = 10.0 ** -np.arange(11)
    ((*points,),), texts = drawn(loss_figure({"train_loss": (STEPS, losses)}, x_end=200))
    xs, ys = np.array(points).T
    assert np.allclose(np.diff(xs), xs[1] - xs[0], atol=0.11)
    assert np.allclose(np.diff(ys), ys[1] - ys[0], atol=0.11)
    assert ys[0] < ys[-1]
    assert {"Step", "Loss", "train", "200"} <= set(texts)


def test_what_cannot_be_drawn_is_left_out():
    losses = np.array([1.0, np.nan, 0.0, -1.0, np.inf, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6])
    (points,), _ = drawn(loss_figure({"valid_loss": (STEPS, losses)}))
    assert len(points) == 7
    assert drawn(loss_figure({}))[0] == []


def test_names_stay_text():
    _, texts = drawn(lines_figure({"<b>": [1, 2]}, y_title="a & b"))
    assert {"<b>", "a & b"} <= set(texts)


@pytest.mark.parametrize("ends", [(0, 1002), (0, 1), (-6.2, 0.3), (0.1, 0.12), (-0.87, -0.84), (0, 7), (3, 3e6)])
def test_ticks_are_few_even_and_inside(ends):
    low, high = ends
    found = ticks(low, high)
    assert 2 <= len(found) <= MOST_TICKS
    assert min(found) >= low - 1e-9
    assert max(found) <= high + 1e-9
    assert np.allclose(np.diff(found), found[1] - found[0])


@pytest.fixture
def kernel(monkeypatch):
    """This process is taken for a notebook's kernel; gives what is displayed, newest last."""
    shown = []

    class Handle:
        def update(self, content, raw):
            shown[-1] = content

    def display(content, raw, display_id):
        shown.append(content)
        return Handle()

    monkeypatch.setattr(progress, "is_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", display)
    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype")  # what Plotly takes in a kernel
    return shown


def test_the_live_curve_is_one_output_and_in_the_end_a_figure(kernel, monkeypatch, capsys):
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    monkeypatch.setattr(progress, "CURVE_SECONDS", 0)
    monkeypatch.setattr(progress, "CURVE_SHARE", 1e9)
    forms = []
    with progress.Watched(20) as watched:
        for step in (0, 10, 20):
            watched(step, 20, [Measurement(step, "train_loss", 1.0 / (step + 1)), Measurement(step, "valid_loss", 0.5)])
            forms += [sorted(content) for content in kernel]
    assert forms == [["text/html", "text/plain"]] * 2  # one point is no curve
    (last,) = kernel
    figure = last["application/vnd.plotly.v1+json"]
    assert [trace["name"] for trace in figure["data"]] == ["train", "validation"]
    packed = figure["data"][0]["y"]
    assert np.frombuffer(b64decode(packed["bdata"]), packed["dtype"]) == pytest.approx([1, 1 / 11, 1 / 21])
    # Without ipywidgets: the bar of the console, in black, and without a warning.
    out, err = capsys.readouterr()
    assert "20/20" in out
    assert err == ""


def test_a_script_is_no_notebook():
    assert not progress.is_notebook()


def test_what_a_bias_leaves_is_drawn_for_each_bias():
    figure = memory_kept_figure([0, 1], steps=3)
    assert figure.data[0].y == pytest.approx([1, 0.5, 0.25, 0.125])
    assert figure.data[1].y[1] == pytest.approx(0.731, abs=1e-3)
