"""Boxes, lines, arrow heads and words, for the pictures that are no charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from rnnlab.plots import palette


class Drawing:
    """Collects what is drawn, and hands it to Plotly at once.

    A figure that gets its shapes one by one checks all those before it again at each: a hundred milliseconds for a
    picture of fifty.
    """

    def __init__(self) -> None:
        self._shapes: list[dict[str, Any]] = []
        self._words: list[dict[str, Any]] = []
        self._heads: list[tuple[float, float, str, int, str]] = []

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, edge: str = palette.QUIET) -> None:
        """A rectangle with a thin edge."""
        self._shapes.append({"type": "rect", "fillcolor": fill} | _ends(x0, y0, x1, y1, {"color": edge, "width": 1}))

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float, is_dotted: bool) -> None:
        """A line; Plotly's own arrows cannot be dotted, so a `head` is drawn at its end."""
        style = {"color": color, "width": width, "dash": "dot" if is_dotted else "solid"}
        self._shapes.append({"type": "line"} | _ends(x0, y0, x1, y1, style))

    def head(self, x: float, y: float, symbol: str, size: int, color: str) -> None:
        """A marker: one of Plotly's symbols."""
        self._heads.append((x, y, symbol, size, color))

    def words(self, x: float, y: float, text: str, align: str = "center", size: int = 12, opacity: float = 1.0) -> None:
        """Text around a point, or to the right of it: align `center` or `left`. It may hold Plotly's tags."""
        where = {"x": x, "y": y, "xanchor": align, "align": align}
        self._words.append(where | {"text": text, "font": {"size": size}, "opacity": opacity, "showarrow": False})

    def figure(self, across: Sequence[float], upwards: Sequence[float], height: int) -> go.Figure:
        """All of it, without axes.

        Args:
            across, upwards: the first and the last x and y that are seen.
            height: in pixels.
        """
        axes = {"visible": False, "fixedrange": True}
        layout = {
            "shapes": self._shapes,
            "annotations": self._words,
            "xaxis": axes | {"range": list(across)},
            "yaxis": axes | {"range": list(upwards)},
            "height": height,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
        }
        x, y, symbols, sizes, colors = zip(*self._heads, strict=True) if self._heads else [()] * 5
        marker = {"symbol": symbols, "size": sizes, "color": colors, "opacity": 1}
        return go.Figure([go.Scatter(x=x, y=y, mode="markers", marker=marker, hoverinfo="skip")], layout)


def _ends(x0: float, y0: float, x1: float, y1: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line}
