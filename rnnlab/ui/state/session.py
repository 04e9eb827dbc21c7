"""What one visitor's session holds: every key, with where it starts, in one table.

The settings live here in plain values; the widgets' own keys (`w_...`) come and go with the screens that draw them.
A widget that shows such a value is given it as what it starts from, and has the key that `key_of` says. Nothing writes
into a widget's own place in Streamlit's session: see `key_of`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from rnnlab.form import Form
from rnnlab.presets import PRESET_OF_KIND
from rnnlab.ui.table import MOST_OTHERS

WIDGET = "w_"
"""Start of the keys that belong to settings' widgets."""

ONCE, UNTIL_IT_TRAINS = "once", "until it trains"
"""What Train may be asked for: a run; or a run, and if it explodes the next one with a tenth of its learning rate."""

TRIED, ALL_CELLS = "tried values", "all cells"
"""Further requests: the values that are to be tried; or every cell, with three seeds each."""

DEFAULTS: dict[str, Callable[[], Any]] = {
    "address_read": lambda: False,  # the link was read, once
    "notes": list,  # sentences about the link
    "go_to": lambda: "",  # the page to open next, as Streamlit is told of it
    "whole_page": lambda: False,  # a part that looks again by itself is to let the whole page be drawn
    "presenting": lambda: False,  # settings and explanations are folded away
    "renewed": dict,  # how often each widget was begun anew, by its name
    "kind": lambda: "sine",  # which of the two forms is edited
    "forms": lambda: {kind: Form.of_preset(name) for kind, name in PRESET_OF_KIND.items()},
    "train_asked": lambda: "",  # ONCE, ...: Train was pressed, and the run is not submitted yet
    "run": lambda: None,  # the run that Train, Compare and Look inside show
    "group": lambda: None,  # the group that Train shows while there is no run
    "deleted_group": lambda: None,  # the group that was put into the trash, as long as nothing else is shown
    "seeds": lambda: 1,  # how many seeds Train starts
    "tried": lambda: ["cell", ""],  # the settings that get several values; "" for none
    "tried_values": dict,  # the values of each such setting: a list as typed, or the choices that are picked
    "group_curves": dict,  # what was read of the group that is shown, by its id
    "lowering": lambda: None,  # the run that tries a tenth of the learning rate of one that exploded
    "run_before": lambda: None,  # the run that Train showed before that one
    "playing": lambda: None,  # the run whose samples are shown one after the other
    "looked_back": dict,  # the step whose sample somebody looks back to, as it is written, by run
    "played": lambda: -1,  # the step of the sample that was shown last
    "paces": dict,  # how fast the updates of a run follow each other, as the slider writes it, by run
    "moved": dict,  # what somebody moved while a run trained, by run and setting
    "home_run": lambda: None,  # the run of Home's button
    "runs_first": lambda: 0,  # how many runs of the list come before the page that Runs shows
    "ticked": lambda: None,  # the runs that are ticked in the list; None before the list was shown
    "ticks_renewed": lambda: 0,  # how often all were unticked by the button
    "run_colors": dict,  # the place in the palette of each ticked run
    "visitor": lambda: str(uuid.uuid4()),  # the owner where there is no cookie
    "curves": dict,  # what was read of each run's curves
    "comparison": dict,  # what Compare and Look inside show: prime, horizon, ...
    "lesson": dict,  # what Lessons shows: lesson, step, trained, ...
    "lesson_places": dict,  # where the number stands that is to be placed, by lesson and step
    "lesson_form": lambda: "",  # the lesson whose settings the form has; "" where nobody has begun to change one's
    "lesson_seen": dict,  # what the experiments of the open lesson came to, by their runs
    "text_names": dict,  # the file name of each text of one's own, by its identifier
    "measuring": lambda: None,  # the run whose cost of generating is to be measured, and whether once more
    "cancelled": lambda: "",  # the long question that somebody cancelled, as text, with its run
    "rates": lambda: (("", 0), None),  # the growth rates that Look inside shows, and the run and step of their weights
    "measured-cost": lambda: ("", None),  # the run whose cost of generating was measured, and the view
}


def prepare() -> None:
    """Give every key its start value; at the top of each run of a page."""
    for name, start in DEFAULTS.items():
        if name not in st.session_state:
            st.session_state[name] = start()


def show_run(run_id: str | None) -> None:
    """Let Train, Compare and Look inside show this run from now on; None shows neither a run nor a group."""
    st.session_state["run"], st.session_state["group"], st.session_state["deleted_group"] = run_id, None, None


def show_group(group_id: str | None) -> None:
    """Let Train show this group from now on; None as for a run."""
    st.session_state["run"], st.session_state["group"], st.session_state["deleted_group"] = None, group_id, None


def show_together(run_ids: Sequence[str]) -> None:
    """Let Compare show these runs on the same axes from now on, the first ones if they are too many."""
    show_run(run_ids[0])
    comparison()["with"] = ",".join(run_ids[1 : 1 + MOST_OTHERS])


def go_to(page: str) -> None:
    """Open another screen, from a callback: a click that a script sees while it draws can be cut off by the next one.

    Args:
        page: `Screen.page`.
    """
    st.session_state["go_to"], st.session_state["whole_page"] = page, True


def form() -> Form:
    """The settings that are being edited."""
    return st.session_state["forms"][st.session_state["kind"]]


def comparison() -> dict[str, Any]:
    """What Compare and Look inside show, by the names of `rnnlab.ui.table.PLAYED`."""
    return st.session_state["comparison"]


def use_form(new: Form) -> None:
    """Edit these settings from now on; the form of the other kind of data stays as it was."""
    st.session_state["kind"] = new.kind
    st.session_state["forms"][new.kind] = new
    _renew_settings()


def use_kind(kind: str) -> None:
    """Edit the settings for the other kind of data."""
    st.session_state["kind"] = kind
    _renew_settings()


def key_of(widget: str, is_shown: Callable[[Any], bool]) -> str:
    """The key under which to draw a widget that shows a value which is kept elsewhere.

    A widget whose value came from elsewhere since it was drawn is begun anew, under another key. Giving the old one
    another value would not do, for two reasons. A click that comes before the browser has heard of it brings the old
    value with it, and would be taken for a change by hand. And the message that sets a widget is sent once: where the
    next run of the page overtakes it, the browser draws the widget as it starts, and would send that back.

    Args:
        widget: its name.
        is_shown: whether a value of the widget stands for the value that is kept.
    """
    key = current_key(widget)
    if key in st.session_state and not is_shown(st.session_state[key]):
        renew(widget)
    return current_key(widget)


def current_key(widget: str) -> str:
    """The key of a widget that may have been begun anew."""
    times = st.session_state["renewed"].get(widget, 0)
    return f"{widget}~{times}" if times else widget


def is_drawn(widget: str) -> bool:
    """Whether a widget was on the screen in the run before, and not begun anew since."""
    return current_key(widget) in st.session_state


def value_in(widget: str) -> Any:
    """What a widget that is drawn holds."""
    return st.session_state[current_key(widget)]


def renew(widget: str) -> None:
    """Begin a widget anew, also where it holds something that cannot be used."""
    st.session_state["renewed"][widget] = st.session_state["renewed"].get(widget, 0) + 1


def _renew_settings() -> None:
    """Begin the settings' widgets anew: what they send with the same click was meant for the settings before."""
    for key in [str(key) for key in st.session_state if str(key).startswith(WIDGET)]:
        renew(key.split("~")[0])
