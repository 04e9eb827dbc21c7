"""The frame of every screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from rnnlab.ui.state import address
from rnnlab.ui.state.callbacks import callback

ICON = str(Path(__file__).with_name("icon.svg"))
"""A file of our own: the icons that Streamlit knows by name would be fetched from another server."""

PRESENTING_STYLE = f"<style>{Path(__file__).with_name('presenting.css').read_text('utf-8')}</style>"
NO_STYLE = "<style></style>"
COPY_LINK = Path(__file__).with_name("copy_link.html").read_text("utf-8")
"""A button with a script. rnnlab/ui/server/security.py lets a browser run those of the HTML files in rnnlab/ui."""

COPY_SETTINGS: dict[str, Any] = {
    "label": "Make a copy with these settings",
    "icon": ":material/content_copy:",
    "help": "The form takes these settings; Train then begins a run of your own.",
    "key": "copy-settings",
}
"""The button in the head of what is somebody else's. Where there is little room, layout.css leaves its sign alone."""

PICTURE_GROWS = 1.5
"""How much higher a picture is while a teacher presents."""


def frame() -> None:
    """What every screen has beside its style (rnnlab/ui/server/page.py): the two buttons at the top right."""
    # Always one part: what follows keeps its place, and its figures are not drawn anew.
    st.html(PRESENTING_STYLE if presenting() else NO_STYLE)
    with st.container(horizontal=True, gap="small", key="stage-buttons"):
        st.html(COPY_LINK, unsafe_allow_javascript=True)
        if presenting():
            st.button("Leave", icon=":material/close:", shortcut="Escape", on_click=_present, args=(False,))
        else:
            words = "Hide the settings and the explanations, and enlarge the picture."
            st.button("Present", icon=":material/slideshow:", help=words, on_click=_present, args=(True,))


def presenting() -> bool:
    """Whether the picture fills the screen, for a class to look at."""
    return st.session_state["presenting"]


def picture_height(pixels: int) -> int:
    """The height of a figure: higher while a teacher presents."""
    return round(pixels * PICTURE_GROWS) if presenting() else pixels


@callback
def _present(wanted: bool) -> None:
    st.session_state["presenting"] = wanted


def header(title: str, about: str = "") -> None:
    """The top of a screen: its name for a screen reader, what it is for, and what could not be used of the link.

    Args:
        title: of the screen.
        about: Markdown; folded away while a teacher presents.
    """
    with st.container(key="screen-title"):
        st.title(title, anchor=False)
    if about:
        with st.container(key="fold-about"):
            st.markdown(about)
    address.show_notes()


def head(buttons: Callable[[], None], name: str, state: Callable[[], object]) -> None:
    """The head of a run or of a group: one line on a wide screen, two on others, of a fixed height.

    Args:
        buttons: draws what can be done with it.
        name: of the run; layout.css cuts off what is too long.
        state: draws how far it is.
    """
    with st.container(horizontal=True, gap="small", key="run-head"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run-line"):
            buttons()
            run_name(name)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run-numbers"):
            state()


def run_name(name: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """The name of a run or of a group; layout.css cuts off what is too long.

    Its class is what the style of the line looks for. Were it a `strong` of Markdown, a browser would look again
    whenever any Markdown changes, which it does all the time while a run trains.
    """
    st.html(f'<div class="run-name" title="{escape(name)}">{escape(name)}</div>', width=width)


def numbers(shown: Mapping[str, str]) -> None:
    """A row of numbers with their names above them, those that have no value yet left out."""
    cells = "".join(f"<div><span>{escape(n)}</span><b>{escape(v)}</b></div>" for n, v in shown.items() if v)
    st.html(f'<div class="numbers">{cells}</div>')
