"""A Plotly figure on a screen, with a way to take it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import streamlit as st

from rnnlab.export.figures import camera, figure_csv, figure_html
from rnnlab.export.names import safe_name

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
STATIC: dict[str, object] = {"displayModeBar": False}
"""What Plotly offers beside a figure that is played with, and beside one that is only read."""

PICTURES = {"png": "PNG", "svg": "SVG"}
"""What the camera of a figure saves."""


def figure(
    drawn: Any, config: Mapping[str, object], key: str, name: str, height: Literal["content", "stretch"] = "content"
) -> None:
    """Draw a figure, and below it a button that opens what can be taken away of it.

    Args:
        drawn: a Plotly figure.
        config: what Plotly offers beside it.
        key: of its widget.
        name: of its files.
    """
    chart(drawn, config, key, name, height)
    files(drawn, key, name, partial(figure_csv, drawn))


def chart(
    drawn: Any,
    config: Mapping[str, object],
    key: str,
    name: str,
    height: Literal["content", "stretch"] = "content",
    alt: str | None = None,
) -> None:
    """Draw a figure whose camera saves what is chosen in `files`. The arguments are those of `figure`.

    Args:
        alt: the figure in words, for people who cannot see it.
    """
    picture = st.session_state.get(f"picture-{key}") or "png"
    shown = {**config, "displayModeBar": "hover", **camera(safe_name(name, ""), picture)}
    if not config.get("displayModeBar", True):
        shown["modeBarButtons"] = [["toImage"]]
    st.plotly_chart(drawn, config=shown, key=key, height=height, alt=alt)


def files(drawn: Any, key: str, name: str, table: Callable[[], bytes]) -> None:
    """The button that opens what can be taken away of a figure.

    Args:
        drawn, key, name: those of `chart`.
        table: makes its numbers as CSV; called when they are wanted.
    """
    with st.popover(
        "Figure", icon=":material/download:", key=f"figure-{key}", on_change="rerun", type="tertiary"
    ) as offer:
        if offer.open:
            _offer(drawn, key, name, table)


def _offer(drawn: Any, key: str, name: str, table: Callable[[], bytes]) -> None:
    words = "Move over the figure: the camera at its top right saves it as"
    st.segmented_control(words, list(PICTURES), default="png", key=f"picture-{key}", format_func=_spoken, required=True)
    page = partial(figure_html, drawn, safe_name(name, ""))
    as_page, as_table = safe_name(name, ".html"), safe_name(name, ".csv")
    st.download_button("Page (HTML)", page, as_page, "text/html", key=f"html-{key}", on_click="ignore")
    st.download_button("Its numbers (CSV)", table, as_table, "text/csv", key=f"csv-{key}", on_click="ignore")


def _spoken(picture: str) -> str:
    return PICTURES[picture]
