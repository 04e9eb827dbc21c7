"""The browser's address and the session: read at the start and when the browser goes back, written after every run.

A change of screen drops what the address carried, so each screen writes its own part again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnlab import config
from rnnlab.form import Form, comes_often, read_link
from rnnlab.lessons.link import LESSON
from rnnlab.store.group import Group, UnknownGroup
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.table import EVERYWHERE, PLAYED, RUNS

PARAMETERS = EVERYWHERE | PLAYED | LESSON


def load() -> None:
    """Take what the address says into the session: in its first run, and where the browser went back or forward."""
    if st.session_state["address_read"] and not _browser_went_back():
        return
    st.session_state["address_read"] = True
    parameters = {name: st.query_params.get_all(name) for name in st.query_params}
    run = _open_run(parameters.pop("run", [None])[-1])
    group = _open_group(parameters.pop("group", [None])[-1])
    everywhere, comparison, lesson = (
        {name: parameters.pop(name) for name in table if name in parameters} for table in (EVERYWHERE, PLAYED, LESSON)
    )
    found, notes = read_parameters(everywhere)
    st.session_state["presenting"] = found.get("present", False)
    st.session_state["notes"] += notes
    if comparison:  # Other screens' addresses say nothing of it, and it stays as it is.
        st.session_state["comparison"], notes = read_parameters(comparison)
        st.session_state["notes"] += notes
    st.session_state["lesson"], notes = read_parameters(lesson)
    if lesson:
        st.session_state["lesson_form"] = ""  # The settings of this address are the lesson's.
    st.session_state["notes"] += notes
    if parameters:
        form, notes = read_link(parameters)
        session.use_form(form)
        st.session_state["notes"] += notes
    elif run is not None:
        take_settings_of(run)
    elif group is not None:
        take_settings_of_group(group)
    if group is not None:
        take_values_of(group)


def _browser_went_back() -> bool:
    """Whether the browser's own Back or Forward led here.

    Any other run of a page may bring an old address: a click that came before the browser had heard of the new one.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def read_parameters(parameters: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], list[str]]:
    """What a link says beside a run and the settings.

    Args:
        parameters: all texts of each, by a name of `EVERYWHERE` or `PLAYED`.
    Returns:
        The values by their names, and one sentence for each that cannot be used.
    """
    kept, notes = {}, []
    for name, texts in parameters.items():
        row, kind = PARAMETERS[name]
        if len({*texts}) > 1:
            notes.append(comes_often(row.label, len(texts)))
            continue
        try:
            kept[name] = config.check(name, row, kind, texts[0])
        except config.InvalidSetting as error:
            notes.append(str(error))
    return kept, notes


def show(**parameters: str | None) -> None:
    """Write this screen's link into the address, if it is not there yet."""
    wanted = {name: value for name, value in parameters.items() if value}
    if st.session_state["presenting"]:
        wanted["present"] = "1"
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def take_settings_of(run: Run) -> None:
    """Edit the settings that a run was trained with."""
    try:
        session.use_form(Form.of_experiment(run.experiment, run.preset))
    except config.InvalidSetting as error:
        st.session_state["notes"].append(f"This run's settings cannot be used in this version: {error}")


def take_settings_of_group(group: Group) -> None:
    """Edit the settings that the first run of a group has, with the values that the group tries."""
    try:
        take_settings_of(lab().members(group.id)[0])
    except UnknownGroup as error:
        st.session_state["notes"].append(str(error))
    take_values_of(group)


def take_values_of(group: Group) -> None:
    """Offer the number of seeds and the values that a group tries, whatever the form holds."""
    names = [name for name in group.varies if name != "seed"]
    st.session_state["seeds"] = group.seeds
    if names:
        st.session_state["tried"] = [*names, ""][:2]
        st.session_state["tried_values"] = {name: group.varies[name] for name in names}


def chosen_run() -> Run | None:
    """The run that the session shows; one that is gone leaves a sentence."""
    return _open_run(st.session_state["run"])


def chosen_group() -> Group | None:
    """The group that the session shows; a run that was chosen since takes its place."""
    if st.session_state["run"]:
        st.session_state["group"] = None
    return _open_group(st.session_state["group"])


def show_notes() -> None:
    """Say once what could not be used of the link. A link may come from anybody, so nothing in it becomes Markdown."""
    for note in st.session_state["notes"]:
        st.warning(escaped(note), icon=":material/link_off:")
    if any("no run" in note or "no group" in note for note in st.session_state["notes"]):
        st.page_link(RUNS.page, label="See all runs", icon=":material/list:")
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


def _open_group(group_id: str | None) -> Group | None:
    if not group_id:
        return None
    try:
        group = lab().group(group_id)
    except UnknownGroup as error:
        st.session_state["group"] = None
        st.session_state["notes"].append(str(error))
        return None
    st.session_state["group"] = group_id
    return group
