"""How often information crosses dropout: a network unrolled over time, and one way through it.

y0        y1        y2            Each dotted arrow upwards crosses dropout. The arrows along time do not, so a way
 :         :         :            from x0 to y2 crosses it once at the input and once above each layer, whichever
net ----> net ----> net           layer it takes through time.
 :         :         :
x0        x1        x2
"""

from __future__ import annotations

from itertools import pairwise

from rnnlab.config import CELL_KINDS, ModelConfig
from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing, Picture

HALF_WIDTH, HALF_HEIGHT = 0.3, 0.27
ROW_HEIGHT = 52
"""Pixels of one row of boxes."""

CYCLE = 6.0
"""Seconds from one journey of the dot to the next."""


def crossings_picture(model: ModelConfig, steps: int, layer: int) -> Picture:
    """A way from the first input to the last output, with its crossings numbered.

    Args:
        model: reading forwards, with few layers.
        steps: time steps from the first to the last, >= 0.
        layer: along which the way goes through time, from 0.
    """
    top = model.num_layers + 1
    drawing = Drawing((-0.6, steps + 0.6), (-0.45, top + 0.45), ROW_HEIGHT * (top + 1), f"crossings-{steps}-{layer}")
    way = [(0, height) for height in range(layer + 2)] + [(steps, height) for height in range(layer + 1, top + 1)]
    taken = set(pairwise(dict.fromkeys(way)))
    for column in range(steps + 1):
        for height in range(top):
            is_taken = ((column, height), (column, height + 1)) in taken
            _arrow(drawing, column, height + HALF_HEIGHT, column, height + 1 - HALF_HEIGHT, is_taken, is_dropped=True)
        for height in range(1, top):
            if column < steps:
                is_taken = height == layer + 1
                end, dropped = column + 1 - HALF_WIDTH, model.state_dropout > 0
                _arrow(drawing, column + HALF_WIDTH, height, end, height, is_taken, dropped)
        for height in range(top + 1):
            _box(drawing, column, height, _label(model, height), steps - column, is_on_way=_is_on(way, column, height))
    for number in range(1, top + 1):
        column = 0 if number <= layer + 1 else steps
        drawing.words(column + 0.12, number - 0.5, str(number), size=13, is_centered=False)
    stops = list(dict.fromkeys(way))
    drawing.moving_dot(
        [(0.05 + 0.85 * n / (len(stops) - 1), x, y) for n, (x, y) in enumerate(stops)], CYCLE, palette.FREE_RUNNING
    )
    return drawing.picture(
        f"A network of {model.num_layers} layers at {steps + 1} time steps. A way leads from the first input to the "
        f"last output. It crosses {top} dotted arrows."
    )


def _is_on(way: list[tuple[int, int]], column: int, height: int) -> bool:
    return any(
        min(x0, x1) <= column <= max(x0, x1) and min(y0, y1) <= height <= max(y0, y1)
        for (x0, y0), (x1, y1) in pairwise(way)
    )


def _label(model: ModelConfig, height: int) -> str:
    if height == 0:
        return "x"
    if height == model.num_layers + 1:
        return "y"
    name = CELL_KINDS[model.cell].drawn
    return f"{name} {height}" if model.num_layers > 1 else name


def _box(drawing: Drawing, column: int, height: int, label: str, ago: int, is_on_way: bool) -> None:
    edge = palette.FREE_RUNNING if is_on_way else palette.QUIET
    fill = palette.TINTS[1] if is_on_way else palette.FAINT
    x0, y0, x1, y1 = column - HALF_WIDTH, height - HALF_HEIGHT, column + HALF_WIDTH, height + HALF_HEIGHT
    drawing.box(x0, y0, x1, y1, fill, edge)
    index = "" if len(label) > 1 else f"t−{ago}" if ago else "t"
    drawing.words(column, height, label, index=index)


def _arrow(drawing: Drawing, x0: float, y0: float, x1: float, y1: float, is_taken: bool, is_dropped: bool) -> None:
    color = palette.FREE_RUNNING if is_taken else palette.QUIET
    drawing.line(x0, y0, x1, y1, color, 3 if is_taken else 1.5, is_dotted=is_dropped)
    drawing.head(x1, y1, "up" if x0 == x1 else "right", 8, color)
