"""The network unrolled over three time steps."""

from __future__ import annotations

import plotly.graph_objects as go

from rnnlab.config import ModelConfig
from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing

STEPS = ("t−1", "t", "t+1")
MOST_LAYERS = 3
"""More layers are drawn as this many with a gap: the picture is to explain, not to count."""

CELL_NAMES = {"simple_rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
HALF_WIDTH, HALF_HEIGHT = 0.3, 0.3
LANE = 0.12
"""How far the arrows of the two readings lie from the middle."""


def network_figure(model: ModelConfig, is_text: bool, is_tagging: bool = False) -> go.Figure:
    """Boxes for the layers, solid arrows for what always passes, dotted ones where dropout takes a share away.

    Args:
        model: the network.
        is_text: whether words are embedded at the bottom and probabilities leave at the top.
        is_tagging: whether it says a tag of each step instead of what comes next.
    """
    rows = _rows(model, is_text, is_tagging)
    drawing = Drawing()
    for column in range(len(STEPS)):
        for height, (label, is_layer, _) in enumerate(rows):
            _box(drawing, column, height, label.format(t=STEPS[column]), is_layer)
            if is_layer:
                _state_arrives(drawing, model, column, height)
        for height, (_, _, dropout) in enumerate(rows[1:], start=1):
            _arrow(drawing, column, height - 1 + HALF_HEIGHT, column, height - HALF_HEIGHT, dropped=dropout > 0)
    _state_leaves(drawing, model, rows)
    if model.input_dropout or model.output_dropout or model.state_dropout:
        drawing.words(2.72, 0, "dotted:<br>dropout", align="left")
    return drawing.figure((-0.95, 3.4), (-0.45, len(rows) - 0.55), height=46 * len(rows) + 20)


Row = tuple[str, bool, float]
"""What stands in it, whether it is a recurrent layer, and the dropout on what enters it from below."""


def _rows(model: ModelConfig, is_text: bool, is_tagging: bool) -> list[Row]:
    """The network from the bottom to the top."""
    rows: list[Row] = [("word<sub>{t}</sub>" if is_text else "x<sub>{t}</sub>", False, 0.0)]
    if is_text:
        rows.append(("embedding", False, 0.0))
    name = CELL_NAMES[model.cell]
    for layer in range(min(model.num_layers, MOST_LAYERS)):
        is_cut = model.num_layers > MOST_LAYERS and layer == MOST_LAYERS - 1
        label = f"{name} 3 … {model.num_layers}" if is_cut else f"{name} {layer + 1}" if model.num_layers > 1 else name
        dropout = model.input_dropout if layer == 0 else model.output_dropout
        rows.append((label, True, dropout))
    top = "tag<sub>{t}</sub>" if is_tagging else "softmax" if is_text else "y<sub>{t}</sub>"
    rows.append((top, False, model.output_dropout))
    return rows


def _state_arrives(drawing: Drawing, model: ModelConfig, column: int, height: float) -> None:
    """The arrow from the step before, and in a network that reads both ways the one from the step after."""
    start, end = column - 1 + HALF_WIDTH, column - HALF_WIDTH
    dropped = model.state_dropout > 0
    if not model.is_bidirectional:
        _arrow(drawing, start, height, end, height, dropped)
    elif column:
        _arrow(drawing, start, height + LANE, end, height + LANE, dropped)
        _arrow(drawing, end, height - LANE, start, height - LANE, dropped)


def _state_leaves(drawing: Drawing, model: ModelConfig, rows: list[Row]) -> None:
    layers = [height for height, row in enumerate(rows) if row[1]]
    if not model.is_bidirectional:
        for height in layers:
            _arrow(drawing, 2 + HALF_WIDTH, height, 3 - HALF_WIDTH, height, dropped=model.state_dropout > 0)
    says = "it reads<br>both ways" if model.is_bidirectional else "state<br>goes on"
    drawing.words(2.72, sum(layers) / len(layers), says, align="left")


def _box(drawing: Drawing, x: float, y: float, label: str, is_layer: bool) -> None:
    fill, edge = (palette.TINTS[0], palette.TEACHER_FORCED) if is_layer else (palette.FAINT, palette.QUIET)
    drawing.box(x - HALF_WIDTH, y - HALF_HEIGHT, x + HALF_WIDTH, y + HALF_HEIGHT, fill, edge)
    drawing.words(x, y, label)


def _arrow(drawing: Drawing, x0: float, y0: float, x1: float, y1: float, dropped: bool) -> None:
    color = palette.FREE_RUNNING if dropped else palette.QUIET
    drawing.line(x0, y0, x1, y1, color, 2 if dropped else 1.5, is_dotted=dropped)
    symbol = "triangle-up" if x1 == x0 else "triangle-right" if x1 > x0 else "triangle-left"
    drawing.head(x1, y1, symbol, 8, color)
