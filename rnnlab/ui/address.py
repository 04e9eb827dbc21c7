"""The browser's address and the session: read once at the start, written after every run.

A change of screen drops what the address carried, so each screen writes its own part again.
"""

from __future__ import annotations

import streamlit as st

from rnnlab import config
from rnnlab.runs import Run, UnknownRun
from rnnlab.ui import session
from rnnlab.ui.form import Form, read_link
from rnnlab.ui.lab_access import lab

COMPARISON = {"prime": int, "horizon": int, "start": int, "temperature": float, "draw": int, "way": str}
"""What Compare's link may carry, besides the run."""


def load() -> None:
    """Take what the address says into the session; only in the first run of a session."""
    if st.session_state["address_read"]:
        return
    st.session_state["address_read"] = True
    parameters = st.query_params.to_dict()
    run = _open_run(parameters.pop("run", None))
    st.session_state["comparison"] = {n: parameters.pop(n) for n in COMPARISON if n in parameters}
    if parameters:
        form, notes = read_link(parameters)
        session.use_form(form)
        st.session_state["notes"] += notes
    elif run is not None:
        take_settings_of(run)


def show(**parameters: str | None) -> None:
    """Write this screen's link into the address, if it is not there yet."""
    wanted = {name: value for name, value in parameters.items() if value}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def take_settings_of(run: Run) -> None:
    """Edit the settings that a run was trained with."""
    try:
        session.use_form(Form.of_experiment(run.experiment, run.preset))
    except config.InvalidSetting as error:
        st.session_state["notes"].append(f"This run's settings cannot be used in this version: {error}")


def chosen_run() -> Run | None:
    """The run that the session shows; one that is gone leaves a sentence."""
    return _open_run(st.session_state["run"])


def show_notes() -> None:
    """Say once what could not be used of the link."""
    for note in st.session_state["notes"]:
        st.warning(note, icon=":material/link_off:")
    if any("no run" in note for note in st.session_state["notes"]):
        st.page_link("pages/runs.py", label="See all runs", icon=":material/list:")
    st.session_state["notes"] = []


def _open_run(run_id: str | None) -> Run | None:
    if not run_id:
        return None
    try:
        run = lab().run(run_id)
    except UnknownRun as error:
        st.session_state["run"] = None
        st.session_state["notes"].append(str(error))
        return None
    st.session_state["run"] = run_id
    return run
