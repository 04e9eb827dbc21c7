"""What the picture of a lesson shows, as plain numbers: `rnnlab.plots.lessons` draws it.

No Plotly here, so that a lesson can be declared without loading it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

CURVE, STAIRS, DOTS, BARS = "curve", "stairs", "dots", "bars"
"""How the values of a line are drawn."""

Place = float | str


@dataclass(frozen=True)
class Line:
    """Values over the places of a picture.

    Attributes:
        name: in the legend.
        values: one for each place; None where there is none.
        kind: CURVE, STAIRS, DOTS or BARS.
        is_truth: whether it is what the others are compared with, drawn broad and pale.
        places: its own places; () for those of the picture.
    """

    name: str
    values: tuple[float | None, ...]
    kind: str = CURVE
    is_truth: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Picture:
    """Lines over a common axis.

    Attributes:
        x_title, y_title: of the axes.
        places: along the x axis: numbers, or names such as those of cells.
        lines: in the order in which they are drawn.
        limits: the ends of the y axis; None fits it to the lines.
        log_y: whether the y axis is logarithmic.
        kind: how a prediction is drawn.
        first_color: of the lines. Another picture of the lesson may have given the colours before it to other things.
    """

    x_title: str
    y_title: str
    places: tuple[Place, ...]
    lines: tuple[Line, ...] = ()
    limits: tuple[float, float] | None = None
    log_y: bool = False
    kind: str = CURVE
    first_color: int = 0

    def with_lines(self, *lines: Line) -> Picture:
        """The same axes with other lines."""
        return replace(self, lines=lines)
