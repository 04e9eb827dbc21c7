"""Separate sequences, and a network's answers to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing, Picture
from rnnlab.plots.several import Measured, several_lags_figure
from rnnlab.plots.style import styled

ROW_HEIGHT = 34
"""Pixels of one sequence."""

MOST_BLANKS = 4
"""Blanks that are drawn; of more, the middle ones are left out."""

MOST_NUMBERED = 10
"""Symbols up to which each probability is written into its cell."""

RIGHT, WRONG = "rgba(15, 148, 136, {:.2f})", "rgba(224, 102, 43, {:.2f})"
"""The colour of a probability, of the right symbol and of another one: the palette's teal and orange."""


def recall_picture(
    symbols: Sequence[str],
    time_lag: int,
    answers: np.ndarray | None = None,
    rows: Sequence[int] | None = None,
    row_height: int = ROW_HEIGHT,
) -> Picture:
    """Sequences of delayed recall as strips: the symbol, blanks, the cue, and the answer.

    Args:
        symbols: the N symbols.
        time_lag: blanks between the symbol and the cue.
        answers: float (rows, N), the probability of each symbol at the cue; None draws the right symbol instead.
        rows: the number of each sequence's symbol; None draws one sequence for each symbol.
        row_height: pixels of one sequence.
    """
    rows = range(len(symbols)) if rows is None else rows
    strip = _strip(time_lag)
    start = len(strip) + 2  # The symbol, the strip of blanks and the cue, and a gap for the arrow.
    columns = 1 if answers is None else len(symbols)
    right = start + 1 + columns
    drawing = Drawing((-0.1, right + 0.1), (-0.6, len(rows) + 0.35), height=row_height * (len(rows) + 1))
    _words_above(drawing, len(rows), start, symbols if answers is not None else ("answer",))
    for position, symbol in enumerate(rows):
        height = len(rows) - 1 - position
        for column, token in enumerate((symbols[symbol], *strip, "?")):
            _cell(drawing, column, height, token, palette.TINTS[0] if column == 0 else palette.FAINT)
        drawing.line(start + 0.1, height, start + 0.8, height, palette.QUIET, 2, is_dotted=False)
        drawing.head(start + 0.8, height, "right", 8, palette.QUIET)
        if answers is None:
            _cell(drawing, start + 1, height, symbols[symbol], palette.TINTS[0])
        else:
            _answer(drawing, start + 1, height, answers[position], symbol)
    asked = "and the probability that the network gives to each symbol" if answers is not None else "and the answer"
    return drawing.picture(f"Sequences of a symbol, {time_lag} blanks and a cue, {asked}")


def _strip(time_lag: int) -> list[str]:
    """The cells between the symbol and the cue."""
    if time_lag <= MOST_BLANKS:
        return ["·"] * time_lag
    return ["·", "·", "⋯", "·"]


def _words_above(drawing: Drawing, rows: int, start: int, heads: Sequence[str]) -> None:
    drawing.words(0.5, rows - 0.1, "symbol", size=11)
    drawing.words(start - 0.5, rows - 0.1, "cue", size=11)
    for column, head in enumerate(heads):
        drawing.words(start + 1.5 + column, rows - 0.1, head, size=11)


def _cell(drawing: Drawing, x: float, y: float, text: str, fill: str) -> None:
    drawing.box(x, y - 0.42, x + 1, y + 0.42, fill)
    drawing.words(x + 0.5, y, text)


def _answer(drawing: Drawing, x: float, y: float, probabilities: np.ndarray, right: int) -> None:
    """One cell for each symbol. The more probable the symbol, the stronger the colour."""
    shares = np.nan_to_num(probabilities.astype("float64"))
    for column, share in enumerate(shares):
        fill = (RIGHT if column == right else WRONG).format(0.75 * share)
        written = f"{share:.2f}" if len(shares) <= MOST_NUMBERED and share >= 0.05 else ""
        drawing.box(x + column, y - 0.42, x + column + 1, y + 0.42, fill)
        if written:
            drawing.words(x + column + 0.5, y, written, size=11)


def adding_figure(numbers: np.ndarray, marks: np.ndarray) -> go.Figure:
    """One sequence of the adding problem: the numbers as bars, the two marked ones in another colour.

    Args:
        numbers: (T,).
        marks: (T,), 1 at the two marked ones and 0 elsewhere.
    """
    figure, steps = go.Figure(), np.arange(len(numbers))
    for name, color, which in (("not marked", palette.TARGET, 0), ("marked", palette.FREE_RUNNING, 1)):
        at = marks == which
        bars = go.Bar(x=steps[at], y=numbers[at], name=name, marker_color=color, width=0.8, hovertemplate="%{y:.2f}")
        figure.add_trace(bars)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title_text="Step", showgrid=False, range=[-0.6, len(numbers) - 0.4])
    figure.update_yaxes(title_text="Number")
    return styled(figure, 260)


def sums_figure(truth: np.ndarray, answers: np.ndarray) -> go.Figure:
    """The answered sums against the right ones, with the line of right answers and that of always answering 1.0.

    Args:
        truth: (N,), the right sums.
        answers: (N,), the network's.
    """
    ends = [0.0, 2.0]
    figure = go.Figure()
    right = {"color": palette.TARGET, "width": 2}
    lazy = {"color": palette.LIMIT, "width": 2, "dash": "dash"}
    figure.add_trace(go.Scatter(x=ends, y=ends, name="right", mode="lines", line=right, hoverinfo="skip"))
    figure.add_trace(go.Scatter(x=ends, y=[1.0, 1.0], name="always 1", mode="lines", line=lazy, hoverinfo="skip"))
    dots = {"color": palette.FREE_RUNNING, "size": 7, "opacity": 0.7}
    hover = "sum %{x:.2f}, answer %{y:.2f}<extra></extra>"
    figure.add_trace(go.Scatter(x=truth, y=answers, name="network", mode="markers", marker=dots, hovertemplate=hover))
    figure.update_xaxes(title_text="Right sum")
    figure.update_yaxes(title_text="Answer")
    return styled(figure, 420, hover="closest")


def lags_figure(lags: Sequence[int], accuracies: np.ndarray, trained_lag: int, chance: float) -> go.Figure:
    """Accuracy against the time lag, with the lag of the training and the accuracy of a guess.

    Args:
        lags: ascending.
        accuracies: (lags,).
        trained_lag: one of them.
        chance: accuracy of a guess.
    """
    network = Measured("network", palette.FREE_RUNNING, accuracies)
    return several_lags_figure(lags, [network], trained_lag, chance)
