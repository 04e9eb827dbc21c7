"""How a figure looks in a notebook: without a background of its own, so that it suits a light and a dark page."""

from __future__ import annotations

import plotly.graph_objects as go

TEXT = "#7f8586"
"""Grey that can be read on white and on JupyterLab's dark page."""

GRID = "rgba(128, 140, 142, 0.25)"
CLEAR = "rgba(0, 0, 0, 0)"
HEIGHT = 360
"""Pixels of a figure that has no height of its own."""

LEGEND_ROOM = 40
"""Pixels above the axes, in which the legend lies beside the buttons of the figure."""


def for_notebook(figure: go.Figure) -> go.Figure:
    """The figure with a clear background and grey text; changed, and returned."""
    axis = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID, "automargin": True}
    figure.update_layout(
        template="none",
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"color": TEXT},
        height=figure.layout.height or HEIGHT,
        hoverlabel={"bgcolor": "#2b3031", "font": {"color": "#f2f4f4"}},
        modebar={"color": TEXT, "activecolor": TEXT, "bgcolor": CLEAR},
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
