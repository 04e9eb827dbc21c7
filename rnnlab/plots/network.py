"""The network unrolled over three time steps."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.config import CELL_KINDS, ModelConfig
from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing, Picture

STEPS = ("t−1", "t", "t+1")
MOST_LAYERS = 3
"""A deeper network is drawn with this many layers and a gap."""

HALF_WIDTH, HALF_HEIGHT = 0.3, 0.3
LANE = 0.12
"""Distance of the arrows of the two directions from the middle."""


@dataclass(frozen=True)
class _Row:
    """One row of boxes of the picture.

    Attributes:
        has_index: whether the label ends with the time step.
        dropout: of its inputs from below.
    """

    label: str
    is_layer: bool = False
    has_index: bool = False
    dropout: float = 0.0


def network_picture(model: ModelConfig, reads_tokens: bool, is_tagging: bool = False, noun: str = "word") -> Picture:
    """Boxes for the layers; solid arrows for connections, dotted ones for connections with dropout.

    Args:
        model: the network.
        reads_tokens: whether words are embedded at the bottom and probabilities come out at the top.
        is_tagging: whether it labels each step instead of predicting the next value or word.
        noun: the name of a token.
    """
    rows = _rows(model, reads_tokens, is_tagging, noun)
    drawing = Drawing((-0.95, 3.4), (-0.45, len(rows) - 0.55), height=46 * len(rows) + 20)
    for column, step in enumerate(STEPS):
        for height, row in enumerate(rows):
            _box(drawing, column, height, row, step)
            if row.is_layer:
                _state_arrives(drawing, model, column, height)
        for height, row in enumerate(rows[1:], start=1):
            _arrow(drawing, column, height - 1 + HALF_HEIGHT, column, height - HALF_HEIGHT, dropped=row.dropout > 0)
    _state_leaves(drawing, model, rows)
    if model.input_dropout or model.output_dropout or model.state_dropout:
        drawing.words(2.72, 0, "dotted:\ndropout", is_centered=False)
    return drawing.picture("The network unrolled over three time steps, its input below and its output above")


def _rows(model: ModelConfig, reads_tokens: bool, is_tagging: bool, noun: str) -> list[_Row]:
    """The network from the bottom to the top."""
    rows = [_Row(noun if reads_tokens else "x", has_index=True)]
    if reads_tokens:
        rows.append(_Row("embedding"))
    name = CELL_KINDS[model.cell].drawn
    for layer in range(min(model.num_layers, MOST_LAYERS)):
        is_cut = model.num_layers > MOST_LAYERS and layer == MOST_LAYERS - 1
        label = f"{name} 3 … {model.num_layers}" if is_cut else f"{name} {layer + 1}" if model.num_layers > 1 else name
        dropout = model.input_dropout if layer == 0 else model.output_dropout
        rows.append(_Row(label, is_layer=True, dropout=dropout))
    top = "label" if is_tagging else "softmax" if reads_tokens else "y"
    rows.append(_Row(top, has_index=top != "softmax", dropout=model.output_dropout))
    return rows


def _state_arrives(drawing: Drawing, model: ModelConfig, column: int, height: float) -> None:
    """The arrow from the previous step; in a network that reads both ways also the arrow from the next step."""
    start, end = column - 1 + HALF_WIDTH, column - HALF_WIDTH
    dropped = model.state_dropout > 0
    if not model.is_bidirectional:
        _arrow(drawing, start, height, end, height, dropped)
    elif column:
        _arrow(drawing, start, height + LANE, end, height + LANE, dropped)
        _arrow(drawing, end, height - LANE, start, height - LANE, dropped)


def _state_leaves(drawing: Drawing, model: ModelConfig, rows: list[_Row]) -> None:
    layers = [height for height, row in enumerate(rows) if row.is_layer]
    if not model.is_bidirectional:
        for height in layers:
            _arrow(drawing, 2 + HALF_WIDTH, height, 3 - HALF_WIDTH, height, dropped=model.state_dropout > 0)
    words = "reads\nboth ways" if model.is_bidirectional else "state"
    drawing.words(2.72, sum(layers) / len(layers), words, is_centered=False)


def _box(drawing: Drawing, x: float, y: float, row: _Row, step: str) -> None:
    fill, edge = (palette.TINTS[0], palette.TEACHER_FORCED) if row.is_layer else (palette.FAINT, palette.QUIET)
    drawing.box(x - HALF_WIDTH, y - HALF_HEIGHT, x + HALF_WIDTH, y + HALF_HEIGHT, fill, edge)
    drawing.words(x, y, row.label, index=step if row.has_index else "")


def _arrow(drawing: Drawing, x0: float, y0: float, x1: float, y1: float, dropped: bool) -> None:
    color = palette.FREE_RUNNING if dropped else palette.QUIET
    drawing.line(x0, y0, x1, y1, color, 2 if dropped else 1.5, is_dotted=dropped)
    drawing.head(x1, y1, "up" if x1 == x0 else "right" if x1 > x0 else "left", 8, color)
