"""What one visitor's session holds: every key, with where it starts, in one table.

The settings live here in plain values; the widgets' own keys (`w_...`) come and go with the screens that draw them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import streamlit as st

from rnnlab.presets import PRESET_OF_KIND
from rnnlab.ui.state.form import Form

WIDGET = "w_"
"""Start of the keys that belong to settings' widgets."""

ONCE, UNTIL_IT_TRAINS = "once", "until it trains"
"""What Train may be asked for: a run; or a run, and if it explodes the next one with a tenth of its learning rate."""

DEFAULTS: dict[str, Callable[[], Any]] = {
    "address_read": lambda: False,  # the link was read, once
    "notes": list,  # sentences about the link
    "whole_page": lambda: False,  # a part that looks again by itself is to let the whole page be drawn
    "presenting": lambda: False,  # settings and explanations are folded away
    "renewed": dict,  # how often each widget was begun anew, by its name
    "screen": lambda: "",  # the title of the screen that was drawn last
    "kind": lambda: "sine",  # which of the two forms is edited
    "forms": lambda: {kind: Form.of_preset(name) for kind, name in PRESET_OF_KIND.items()},
    "train_asked": lambda: "",  # ONCE or UNTIL_IT_TRAINS: Train was pressed, and the run is not submitted yet
    "run": lambda: None,  # the run that Train and Compare show
    "lowering": lambda: None,  # the run that tries a tenth of the learning rate of one that exploded
    "run_before": lambda: None,  # the run that Train showed before that one
    "playing": lambda: None,  # the run whose samples are shown one after the other
    "played": lambda: -1,  # the step of the sample that was shown last
    "home_run": lambda: None,  # the run of Home's button
    "visitor": lambda: str(uuid.uuid4()),  # the owner where there is no cookie
    "curves": dict,  # what was read of each run's curves
    "comparison": dict,  # what Compare shows: prime, horizon, ...
    "text_names": dict,  # the file name of each text of one's own, by its identifier
    "measured-cost": lambda: ("", None),  # the run whose cost of generating was measured, and the view
}


def prepare() -> None:
    """Give every key its start value; at the top of each run of a page."""
    for name, start in DEFAULTS.items():
        if name not in st.session_state:
            st.session_state[name] = start()


def enter(screen: str) -> None:
    """Draw another screen from now on. Its fields start from the form.

    A field of the same key on the screen before would leave its key behind, but not its text: it would start empty.
    """
    if st.session_state["screen"] != screen:
        st.session_state["screen"] = screen
        forget_widgets()


def form() -> Form:
    """The settings that are being edited."""
    return st.session_state["forms"][st.session_state["kind"]]


def comparison() -> dict[str, Any]:
    """What Compare shows, by the names of `rnnlab.ui.table.COMPARISON`."""
    return st.session_state["comparison"]


def use_form(new: Form) -> None:
    """Edit these settings from now on; the form of the other kind of data stays as it was."""
    st.session_state["kind"] = new.kind
    st.session_state["forms"][new.kind] = new
    forget_widgets()


def use_kind(kind: str) -> None:
    """Edit the settings for the other kind of data."""
    st.session_state["kind"] = kind
    forget_widgets()


def current_key(widget: str) -> str:
    """The key of a widget that may have been begun anew."""
    times = st.session_state["renewed"].get(widget, 0)
    return f"{widget}~{times}" if times else widget


def renew(widget: str) -> None:
    """Begin a widget anew, because its value came from elsewhere.

    Giving the old one another value would not do: a click that comes before the browser has heard of it brings the old
    value with it, and would be taken for a change by hand.
    """
    st.session_state["renewed"][widget] = st.session_state["renewed"].get(widget, 0) + 1


def forget_widgets() -> None:
    """Let the settings' widgets take their values from the form again."""
    for key in [key for key in st.session_state if str(key).startswith(WIDGET)]:
        del st.session_state[key]
