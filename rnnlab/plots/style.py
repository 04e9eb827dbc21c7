"""The style of every Plotly figure: legend, margins, and what the pointer shows."""

from __future__ import annotations

from typing import Any

# Plotly looks for pandas in `sys.modules` while it checks an array. If another visitor's thread is still importing
# pandas, Plotly finds a half-made module there. An import waits until the module is complete.
import pandas  # noqa: F401
import plotly.graph_objects as go

ABOVE = {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"}
"""Of the whole figure, because one that is placed by the axes stays behind when a narrow window becomes wide."""
BELOW = {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"}
MARGIN, LEGEND_ROOM, TITLE_ROOM = 10, 36, 50
"""Pixels."""


def styled(
    figure: go.Figure,
    height: int | None,
    top: int = LEGEND_ROOM,
    legend: dict[str, Any] | None = None,
    hover: str = "x unified",
) -> go.Figure:
    """Give a figure the common style.

    Args:
        figure: changed, and returned.
        height: in pixels; None: that of what the figure is put into.
        top: pixels above the axes.
        legend: its position; None puts it ABOVE the axes.
        hover: what the pointer shows, Plotly's `hovermode`.
    """
    return figure.update_layout(
        height=height,
        margin={"l": MARGIN, "r": MARGIN, "t": top, "b": MARGIN},
        hovermode=hover,
        legend=legend or ABOVE,
    )
