"""The frame of every screen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from rnnlab.ui.state import address

ICON = str(Path(__file__).with_name("icon.svg"))
"""A file of our own: the icons that Streamlit knows by name would be fetched from another server."""

STYLE = """
<style>
.stMainBlockContainer {max-width: 1320px; padding-top: 4.5rem; padding-bottom: 4rem;}
h1 {font-size: 2rem !important; padding-bottom: .25rem !important;}
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-field-"]) {flex: 1 1 8.5rem; max-width: calc(50% - .5rem);}
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-field-"] .stMarkdown) {flex-basis: 100%; max-width: 100%;}
[class*="st-key-field-"] {width: 100% !important;}
.numbers {display: flex; flex-wrap: wrap; gap: .35rem 1.6rem; margin: 0;}
.numbers span {display: block; font-size: .75rem; opacity: .65;}
.numbers b {font-weight: 600; font-variant-numeric: tabular-nums;}
.st-key-drawing {overflow-x: auto;}
.st-key-drawing > div {min-width: 760px;}
.stPlotlyChart .annotation-text {fill: currentColor !important;}
@media (max-width: 640px) {
  .stMainBlockContainer {padding-left: 1rem; padding-right: 1rem;}
  h1 {font-size: 1.6rem !important;}
  .st-key-network .words {font-size: 10px !important;}
}
</style>
"""


def frame() -> None:
    """The little style that the theme cannot say; once a run, before the screen."""
    st.html(STYLE)


def header(title: str, about: str) -> None:
    """The top of a screen: its name, what it is for, and what could not be used of the link."""
    st.title(title, anchor=False)
    st.markdown(about)
    address.show_notes()


def numbers(shown: Mapping[str, str]) -> None:
    """A row of numbers with their names above them, those that have no value yet left out."""
    cells = "".join(f"<div><span>{escape(n)}</span><b>{escape(v)}</b></div>" for n, v in shown.items() if v)
    st.html(f'<div class="numbers">{cells}</div>')
