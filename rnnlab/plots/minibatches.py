"""How one long text becomes minibatches: cut into parallel streams, read in windows.

the text      |---- stream 0 ----|---- stream 1 ----|---- stream 2 ----|..|      the last few tokens fill no stream

stream 0      [ w  w  ..  w ] --state--> [ w  w  ..  w ] --state-->              a row of the batch goes on where
stream 1      [ w  w  ..  w ] --state--> [ w  w  ..  w ] --state-->              the same row ended before
                 window 0                   window 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from rnnlab.plots import palette

LABEL_WIDTH = 2.0
GAP = 1.0
"""Room between two windows, in cells: for the arrow of the state."""

TOKEN_LENGTH = 11
ELLIPSIS = "⋯"


@dataclass(frozen=True)
class Row:
    """One stream as it is drawn.

    Attributes:
        stream: its number.
        start: the place in the text where it begins.
        windows: for each drawn window its cells, each an input and its target as they are written;
            None for what is left out.
    """

    stream: int
    start: int
    windows: Sequence[Sequence[tuple[str, str] | None]]


def minibatch_figure(
    rows: Sequence[Row], batch_size: int, unused_share: float, carry_state: bool, is_text: bool = True
) -> go.Figure:
    """The text as a strip, and under it the first windows of its streams, with the state's way from one to the next.

    Args:
        rows: the streams to draw, at least one, each with as many windows of as many cells as the others.
        batch_size: number of all streams.
        unused_share: part of the text at its end that fills no stream, 0 to 1.
        carry_state: whether a window starts from the state that the one before it ended with.
        is_text: whether the cells are tokens of a text, or points of a wave.
    """
    windows, cells = len(rows[0].windows), len(rows[0].windows[0])
    right = windows * (cells + GAP)
    figure, noun = go.Figure(), "token" if is_text else "point"
    _strip(figure, rows, batch_size, unused_share, right, top=len(rows) + 0.75)
    whole = "the text" if is_text else "the wave"
    _text(figure, -LABEL_WIDTH, len(rows) + 0.75, f"<b>{whole}</b><br>in order", anchor="left")
    for position, row in enumerate(rows):
        height = len(rows) - 1 - position
        _text(figure, -LABEL_WIDTH, height, f"<b>stream {row.stream}</b><br>from {noun} {row.start:,}", anchor="left")
        for number, window in enumerate(row.windows):
            _window(figure, number * (cells + GAP), height, window, palette.TINTS[number % 2])
            _state_arrow(figure, number * (cells + GAP) + cells, height, carry_state)
    for number in range(windows):
        _text(figure, number * (cells + GAP) + cells / 2, len(rows) - 0.38, f"window {number}")
    words = "the state<br>goes on" if carry_state else "the state<br>starts at 0"
    _text(figure, cells + GAP / 2, len(rows) - 0.3, words, size=11)
    figure.update_xaxes(visible=False, range=[-LABEL_WIDTH - 0.1, right + 0.1], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-0.6, len(rows) + 1.35], fixedrange=True)
    margin = {"l": 0, "r": 0, "t": 0, "b": 0}
    return figure.update_layout(height=int(64 * (len(rows) + 1.9)), margin=margin, showlegend=False)


def _strip(figure: go.Figure, rows: Sequence[Row], batch_size: int, unused: float, right: float, top: float) -> None:
    """The whole text as one bar, its streams side by side."""
    width = right * (1 - unused) / batch_size
    drawn = {row.stream for row in rows}
    for stream in range(batch_size):
        fill = palette.QUIET if stream in drawn else palette.FAINT
        _rectangle(figure, stream * width, top - 0.18, (stream + 1) * width, top + 0.18, fill)
        if stream in drawn and width > 0.5:
            _text(figure, (stream + 0.5) * width, top, str(stream), size=11)
    if unused:
        _rectangle(figure, batch_size * width, top - 0.18, right, top + 0.18, "rgba(0,0,0,0)")


def _window(figure: go.Figure, left: float, height: float, cells: Sequence[tuple[str, str] | None], fill: str) -> None:
    for position, cell in enumerate(cells):
        x = left + position
        _rectangle(figure, x, height - 0.36, x + 1, height + 0.36, fill)
        if cell is None:
            _text(figure, x + 0.5, height, ELLIPSIS)
            continue
        token, target = (_short(word) for word in cell)
        _text(figure, x + 0.5, height + 0.13, token)
        _text(figure, x + 0.5, height - 0.17, f"→ {target}", size=10, opacity=0.7)


def _state_arrow(figure: go.Figure, x: float, height: float, carry_state: bool) -> None:
    color = palette.TEACHER_FORCED if carry_state else palette.QUIET
    line = {"color": color, "width": 2, "dash": "solid" if carry_state else "dot"}
    end = x + GAP - 0.12
    figure.add_shape(type="line", x0=x + 0.08, x1=end, y0=height, y1=height, line=line)
    symbol = "triangle-right" if carry_state else "x"
    marker = {"symbol": symbol, "size": 10, "color": color}
    figure.add_trace(go.Scatter(x=[end], y=[height], mode="markers", marker=marker, hoverinfo="skip"))


def _rectangle(figure: go.Figure, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
    line = {"color": palette.QUIET, "width": 1}
    figure.add_shape(type="rect", x0=x0, y0=y0, x1=x1, y1=y1, fillcolor=fill, line=line)


def _text(
    figure: go.Figure, x: float, y: float, text: str, anchor: str = "center", size: int = 12, opacity: float = 1
) -> None:
    align = "left" if anchor == "left" else "center"
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, font={"size": size}, xanchor=anchor, align=align, opacity=opacity
    )


def _short(token: str) -> str:
    """A token that fits its cell, and that Plotly does not take for a tag."""
    cut = token if len(token) <= TOKEN_LENGTH else token[: TOKEN_LENGTH - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
