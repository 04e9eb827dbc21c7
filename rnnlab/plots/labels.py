"""Words of a text as labels of a Plotly figure."""

from __future__ import annotations

from html import escape


def literal(word: str) -> str:
    """A label that shows just these characters: Plotly would read `<b>` and `&amp;` as marks of its own."""
    return escape(word, quote=False)
