"""What a network expected at one position of a text: the most probable tokens as bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.labels import literal
from rnnlab.plots.style import MARGIN, styled

ROW_HEIGHT = 21
"""Pixels of a bar."""


def distribution_figure(
    words: Sequence[str], probabilities: Sequence[float], came: str, probability: float
) -> go.Figure:
    """The most probable tokens and, if it is none of them, the one that came; it is marked by an arrow and a colour.

    Args:
        words: as they are shown, most probable first; each once.
        probabilities: of each.
        came: the token that came, as it is shown.
        probability: that it was given.
    """
    rows = [(word, float(share)) for word, share in zip(words, probabilities, strict=True) if share > 0]
    if came not in [word for word, _ in rows]:
        rows.append((came, probability))
    labels = [literal(f"▶ {word}" if word == came else word) for word, _ in rows]
    bars = go.Bar(
        x=[share for _, share in rows],
        y=labels,
        orientation="h",
        text=[_percent(share) for _, share in rows],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [palette.FREE_RUNNING if word == came else palette.TEACHER_FORCED for word, _ in rows]},
        hoverinfo="skip",
    )
    figure = go.Figure(bars)
    figure.update_yaxes(type="category", autorange="reversed", tickfont={"size": 13})
    # Room for the numbers behind the longest bar.
    figure.update_xaxes(visible=False, range=[0, 1.25 * max(share for _, share in rows)])
    return styled(figure, 2 * MARGIN + ROW_HEIGHT * len(rows), top=MARGIN)


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if share >= 0.001 else "<0.1%".replace("<", "&lt;")
