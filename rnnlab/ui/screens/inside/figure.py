"""What every figure of Look inside looks like: a sentence, the figure, its source, and its numbers to take away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.thinning import MOST_POINTS
from rnnlab.export.tables import csv_bytes
from rnnlab.ui.markdown import escaped
from rnnlab.ui.widgets import figure as widget
from rnnlab.ui.widgets.figure import CHART
from rnnlab.ui.widgets.layout import picture_height

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import plotly.graph_objects as go

    from rnnlab.plots.drawing import Picture

STYLE = """
<style>
.st-key-drawn-{key} > .stElementContainer {{
  height: clamp({least}px, 60vh, {most}px) !important; flex: none !important;
}}
</style>
"""
"""As high as wanted, and in view on a projector of 480 pixels."""

NARROWEST = 680
"""Pixels across, below which the words of a drawing would lie over each other."""

LEAST = 0.6
"""Of the height that is wanted: what a figure needs to be read."""


def draw_figure(
    figure: go.Figure,
    *,
    sentence: str,
    source: str,
    numbers: pd.DataFrame,
    file: str,
    alt: str,
    note: str = "",
    key: str = "",
    height: int = 420,
    config: dict[str, Any] = CHART,
) -> None:
    """A figure with all that belongs to it.

    Args:
        figure: of `rnnlab.plots`.
        sentence: what these data show, computed from them; plain text.
        source: the paper or the formula; plain text.
        numbers: all that the figure draws, one row for each point.
        file: the name of the CSV file, without its ending.
        alt: what is drawn, for people who cannot see it; it need not repeat the sentence.
        note: what else is to be known about the figure; plain text.
        key: of the figure; "" takes the name of the file.
        height: in pixels, where the screen is high enough; more while a teacher presents.
        config: what Plotly offers beside it.
    """
    key = key or file
    st.markdown(escaped(sentence))
    st.html(STYLE.format(key=key, least=round(LEAST * height), most=picture_height(height)))
    with st.container(key=f"drawn-{key}"):
        widget.chart(figure, config, key, file, "stretch", f"{alt} {sentence}")
    with _below(f"{source} {note}".strip(), key):
        widget.files(figure, key, file, partial(_as_csv, numbers))


def draw_picture(picture: Picture, *, sentence: str, source: str, numbers: pd.DataFrame, file: str) -> None:
    """The same for a drawing, which has a text alternative of its own.

    Args:
        picture: of `rnnlab.plots`; a narrow window moves it sideways.
        sentence, source, numbers, file: as in `draw_figure`.
    """
    st.markdown(escaped(sentence))
    st.html(f'<div style="overflow-x:auto"><div style="min-width:{NARROWEST}px">{picture.html}</div></div>')
    with _below(source, file):
        st.download_button(
            "Numbers as CSV",
            partial(_as_csv, numbers),
            f"{file}.csv",
            "text/csv",
            key=f"csv-{file}",
            icon=":material/download:",
            on_click="ignore",
            type="tertiary",
        )


def _below(source: str, key: str) -> DeltaGenerator:
    """The line below a figure, which begins with its source."""
    line = st.container(
        key=f"fold-numbers-{key}", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    line.caption(escaped(source), width="content")
    return line


def _as_csv(numbers: pd.DataFrame) -> bytes:
    return csv_bytes([*numbers.columns], numbers.itertuples(index=False))


def curves_table(curves: Mapping[str, tuple[np.ndarray, np.ndarray]], name: str) -> pd.DataFrame:
    """Curves as one table with a row for each point.

    Args:
        curves: steps and values, by the name of the curve.
        name: of the values.
    """
    import pandas as pd

    tables = [pd.DataFrame({"curve": curve, "step": steps, name: values}) for curve, (steps, values) in curves.items()]
    return pd.concat(tables, ignore_index=True)


def thinned_note(length: int) -> str:
    """What is said below curves that have more points than are drawn; "" if all are drawn."""
    if length <= MOST_POINTS:
        return ""
    return f"Of {length:,} points, the lowest and the highest of each of {MOST_POINTS // 2 - 1:,} stretches are drawn."
