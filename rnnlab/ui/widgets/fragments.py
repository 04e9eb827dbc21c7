"""A part of a screen that is drawn anew without the rest of the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def drawn_alone(draw: Callable[[], None], seconds: float | None = None) -> None:
    """Draw a part of the page, and let its own widgets and its own clock draw it alone.

    A part has a container to itself. When a tick comes before the browser has all of the page, Streamlit 1.67 takes
    back what it has not sent of that part, and the browser then removes the part as one that has gone. What stood
    behind it in the same container would move up into its place, the tick would be drawn into that, and the next
    message for it would find nothing there: the whole page goes blank.

    Args:
        draw: draws everything of it.
        seconds: from one drawing to the next; None draws it only when a widget in it is used.
    """
    with st.container():
        st.fragment(draw, run_every=seconds)()
