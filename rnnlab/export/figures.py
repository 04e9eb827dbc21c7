"""A figure as a file: a page of its own that can still be zoomed, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rnnlab.export.tables import csv_bytes

SCALE = 2
"""Pixels of a saved picture for each pixel on the screen."""


def camera(name: str, picture: str) -> dict[str, Any]:
    """What Plotly's camera button saves.

    Args:
        name: of the file, without an ending.
        picture: `png` or `svg`.
    """
    return {"toImageButtonOptions": {"format": picture, "filename": name, "scale": SCALE if picture == "png" else 1}}


def figure_html(figure: Any, name: str) -> bytes:
    """A Plotly figure as a page that needs no network: Plotly's own program is in it."""
    config = {"displaylogo": False, **camera(name, "svg")}
    return figure.to_html(include_plotlyjs=True, config=config).encode()


def figure_csv(figure: Any) -> bytes:
    """The numbers of a Plotly figure: one row for each point of each curve."""
    rows = (row for number, curve in enumerate(figure.data) for row in _points(curve.name or f"curve {number}", curve))
    return csv_bytes(("curve", "x", "y"), rows)


def _points(name: str, curve: Any) -> Iterator[tuple[str, Any, Any]]:
    y = () if curve.y is None else curve.y
    x = range(len(y)) if curve.x is None else curve.x
    yield from ((name, across, up) for across, up in zip(x, y, strict=False))
