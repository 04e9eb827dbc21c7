"""Words of a text as labels of a Plotly figure."""

from __future__ import annotations

from html import escape


def literal(word: str) -> str:
    """A label that shows exactly these characters. Otherwise Plotly would read `<b>` and `&amp;` as markup."""
    return escape(word, quote=False)
