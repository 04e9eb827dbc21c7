"""A chart that keeps its zoom and its place while it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import streamlit as st

from rnnlab.plots.live import line_spec, with_marks, with_stops
from rnnlab.ui.widgets import layout

HEIGHT = 280
"""Pixels of a chart that is looked at."""


def live_chart(
    table: Mapping[str, np.ndarray],
    y_title: str,
    *,
    key: str,
    place: str,
    x: str = "step",
    log_y: bool = False,
    height: int | None = HEIGHT,
    legend_title: str | None = None,
    marks: Sequence[tuple[int, str]] = (),
) -> None:
    """Draw curves over a common axis.

    Args:
        table: the axis and the curves by name, as `rnnlab.plots.live.wide_table` gives them.
        y_title: what is measured.
        key: of the widget; one for each run and chart.
        place: key of the container around it.
        x: the column along the axis; all others are drawn.
        log_y: draw the logarithm.
        height: in pixels, where no teacher presents; None: that of its element, which layout.css gives.
        legend_title: above the names of the curves; None has no title.
        marks: places on the axis, each with a word for it.
    """
    series = [name for name in table if name != x]
    # A data frame would take ten times as long: Streamlit asks each of its columns what it is, in threads.
    columns = with_marks(with_stops(table), x, marks)
    arrow = pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})
    with st.container(key=place):
        # Selecting is what makes Streamlit keep the chart, and with it the zoom, when the data change.
        pixels = layout.picture_height(height) if height else None
        spec = line_spec(series, x, y_title, log_y, pixels, legend_title)
        size: Literal["content", "stretch"] = "content" if pixels else "stretch"
        st.vega_lite_chart(arrow, spec, height=size, key=key, on_select="rerun", selection_mode=["zoom"])
