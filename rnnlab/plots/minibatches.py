"""How one long text becomes minibatches: it is cut into parallel streams, which are read in windows.

the text      |---- stream 0 ----|---- stream 1 ----|---- stream 2 ----|..|      the last few tokens fill no stream

stream 0      [ w  w  ..  w ] --state--> [ w  w  ..  w ] --state-->              a row of the batch continues
stream 1      [ w  w  ..  w ] --state--> [ w  w  ..  w ] --state-->              where it ended before
                 window 0                   window 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnnlab.plots import palette
from rnnlab.plots.drawing import CROSS, Drawing, Picture

LABEL_WIDTH = 2.0
GAP = 1.0
"""Space between two windows for the arrow of the state, in cells."""

TOKEN_LENGTH = 11
ELLIPSIS = "⋯"


@dataclass(frozen=True)
class Row:
    """One stream as it is drawn.

    Attributes:
        stream: its number.
        start: its first position in the text.
        windows: the cells of each drawn window. A cell is an input and its target, both as text; None stands for cells
            that are left out.
    """

    stream: int
    start: int
    windows: Sequence[Sequence[tuple[str, str] | None]]


def minibatch_picture(
    rows: Sequence[Row],
    batch_size: int,
    unused_share: float,
    carry_state: bool,
    noun: str = "token",
    whole: str = "the text",
) -> Picture:
    """The text as a strip, and under it the first windows of its streams, with the state passed between them.

    Args:
        rows: the streams to draw, at least one. All have the same number of windows and of cells.
        batch_size: number of all streams.
        unused_share: share of the text, at its end, that fills no stream, 0 to 1.
        carry_state: whether a window starts from the final state of the previous window.
        noun: the name of what the streams are counted in.
        whole: the name of all of them.
    """
    windows, cells = len(rows[0].windows), len(rows[0].windows[0])
    right = windows * (cells + GAP)
    across, upwards = (-LABEL_WIDTH - 0.1, right + 0.1), (-0.6, len(rows) + 1.35)
    drawing = Drawing(across, upwards, height=int(64 * (len(rows) + 1.9)))
    _strip(drawing, rows, batch_size, unused_share, right, top=len(rows) + 0.75)
    drawing.words(-LABEL_WIDTH, len(rows) + 0.75, "in order", heading=whole, is_centered=False)
    for position, row in enumerate(rows):
        height = len(rows) - 1 - position
        begins = f"from {noun} {row.start:,}"
        drawing.words(-LABEL_WIDTH, height, begins, heading=f"stream {row.stream}", is_centered=False)
        for number, window in enumerate(row.windows):
            _window(drawing, number * (cells + GAP), height, window, palette.TINTS[number % 2])
            _state_arrow(drawing, number * (cells + GAP) + cells, height, carry_state)
    for number in range(windows):
        drawing.words(number * (cells + GAP) + cells / 2, len(rows) - 0.38, f"window {number}")
    words = "state\ncarried" if carry_state else "state\nreset to 0"
    drawing.words(cells + GAP / 2, len(rows) - 0.3, words, size=11)
    return drawing.picture(
        f"{whole.capitalize()} cut into streams, and the first windows of each stream with the state between them"
    )


def _strip(drawing: Drawing, rows: Sequence[Row], batch_size: int, unused: float, right: float, top: float) -> None:
    """The whole text as one bar, its streams side by side."""
    width = right * (1 - unused) / batch_size
    drawn = {row.stream for row in rows}
    for stream in range(batch_size):
        fill = palette.QUIET if stream in drawn else palette.FAINT
        drawing.box(stream * width, top - 0.18, (stream + 1) * width, top + 0.18, fill)
        if stream in drawn and width > 0.5:
            drawing.words((stream + 0.5) * width, top, str(stream), size=11)
    if unused:
        drawing.box(batch_size * width, top - 0.18, right, top + 0.18, "none")


def _window(drawing: Drawing, left: float, height: float, cells: Sequence[tuple[str, str] | None], fill: str) -> None:
    for position, cell in enumerate(cells):
        x = left + position
        drawing.box(x, height - 0.36, x + 1, height + 0.36, fill)
        if cell is None:
            drawing.words(x + 0.5, height, ELLIPSIS)
            continue
        token, target = (_short(word) for word in cell)
        drawing.words(x + 0.5, height + 0.13, token)
        drawing.words(x + 0.5, height - 0.17, f"→ {target}", size=10, opacity=0.7)


def _state_arrow(drawing: Drawing, x: float, height: float, carry_state: bool) -> None:
    color = palette.TEACHER_FORCED if carry_state else palette.QUIET
    end = x + GAP - 0.12
    drawing.line(x + 0.08, height, end, height, color, 2, is_dotted=not carry_state)
    drawing.head(end, height, "right" if carry_state else CROSS, 10, color)


def _short(token: str) -> str:
    """A token that fits its cell."""
    return token if len(token) <= TOKEN_LENGTH else token[: TOKEN_LENGTH - 1] + "…"
