"""What a prediction used: the connectivity and the occlusion of each word before it, as bars."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.labels import literal
from rnnlab.plots.style import TITLE_ROOM, styled

MOST_BARS = 60
"""Words before the predicted one that have bars: more would not have room for their names."""


def words_used_figure(
    words: Sequence[str], connectivity: np.ndarray, changes: np.ndarray, marked: Collection[int] = ()
) -> go.Figure:
    """Two rows of bars over the last words before a prediction.

    Args:
        words: the C words as they are shown, in the order of the text.
        connectivity: (C,), logits per unit of length of a vector.
        changes: (C,), nats; NaN has no bar. Bars above 0 have another colour than those below.
        marked: positions of words whose names get an arrow.
    """
    first = max(0, len(words) - MOST_BARS)
    positions = list(range(first, len(words)))
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.12,
        subplot_titles=("Connectivity", "Rise of the surprise if replaced"),
    )
    shown = changes[first:]
    colors = [palette.HIGH if change >= 0 else palette.LOW for change in np.nan_to_num(shown)]
    rows = (
        ("logits per unit", connectivity[first:], palette.TEACHER_FORCED, "%{y:.3g} logits per unit"),
        ("nats", shown, colors, "%{y:+.3f} nats"),
    )
    names = [literal(f"▶ {words[at]}" if at in marked else words[at]) for at in positions]
    for row, (unit, values, color, hover) in enumerate(rows, start=1):
        bars = go.Bar(x=positions, y=values, marker_color=color, customdata=names, showlegend=False)
        figure.add_trace(bars.update(hovertemplate=f"%{{customdata}}: {hover}<extra></extra>"), row=row, col=1)
        figure.update_yaxes(title_text=unit, row=row, col=1)
    angle = -60 if max(map(len, words), default=0) > 1 else 0
    figure.update_xaxes(tickvals=positions, ticktext=names, tickangle=angle, showticklabels=True, row=2, col=1)
    figure.update_xaxes(showticklabels=False, row=1, col=1)
    return styled(figure, 420, top=TITLE_ROOM, hover="closest")
