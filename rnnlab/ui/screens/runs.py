"""The list of runs."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import streamlit as st

from rnnlab.errors import LabError
from rnnlab.measures import TEST_PERPLEXITY, TRAIN_LOSS, VALID_LOSS
from rnnlab.presets import PRESETS
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE, TRAIN
from rnnlab.ui.widgets.fields import complain
from rnnlab.ui.widgets.layout import numbers
from rnnlab.ui.widgets.live_run import state_badge
from rnnlab.watching.durations import spoken_duration

TICK_SECONDS = 2.0
SHOWN = 20
"""Runs on the screen at once, because each reads its curves."""


def runs_list() -> None:
    """All runs of the visitor, newest first. The list updates itself while one of them waits or trains."""
    is_changing = any(run.is_waiting_or_live for run in my_lab().runs())

    @st.fragment(run_every=TICK_SECONDS if is_changing else None)
    def look() -> None:
        runs = my_lab().runs()
        if is_changing != any(run.is_waiting_or_live for run in runs):
            st.rerun()
        if not runs:
            st.info("There are no runs yet.", icon=":material/model_training:")
            st.page_link(TRAIN.page, label="Train one", icon=":material/arrow_forward:")
        shown = st.session_state.setdefault("runs_shown", SHOWN)
        for run in runs[:shown]:
            _row(run)
        if len(runs) > shown and st.button(f"Show {min(SHOWN, len(runs) - shown)} more"):
            st.session_state["runs_shown"] += SHOWN
            st.rerun()

    look()


def _row(run: Run) -> None:
    with st.container(border=True, key=f"run-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{escaped(run.name)}**", width="content")
            state_badge(run)
            st.space("stretch")
            _actions(run)
        numbers(
            {
                "Preset": PRESETS[run.preset].title if run.preset in PRESETS else "",
                "Steps": f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}",
                **_losses(run),
                "Started": f"{spoken_duration((datetime.now(UTC) - run.created).total_seconds())} ago",
            }
        )
        if run.error:
            complain(run.error)


def _losses(run: Run) -> dict[str, str]:
    """The newest losses of a run. Its row in the store has them."""
    shown = (TRAIN_LOSS, VALID_LOSS, TEST_PERPLEXITY)
    return {one.label: f"{run.measured[one.name].last:.4g}" for one in shown if one.name in run.measured}


def _actions(run: Run) -> None:
    link = {"run": run.id}
    if my_lab().can_go_on(run):
        st.button("Go on", key=f"go-{run.id}", icon=":material/play_arrow:", on_click=_go_on, args=(run.id,))
    if st.button("Open", key=f"open-{run.id}", icon=":material/show_chart:"):
        _open(run)
    if run.group_id and st.button("Group", key=f"group-{run.id}", icon=":material/stacked_line_chart:"):
        _open_group(run.group_id)
    if run.step:
        st.page_link(COMPARE.page, label="Compare", icon=":material/compare_arrows:", query_params=link)
    with st.popover("More", key=f"more-{run.id}"):
        _more(run)


def _more(run: Run) -> None:
    key = f"name-{run.id}"
    name = st.text_input("Name", run.name, key=key, autocomplete="off")
    if st.button("Rename", key=f"rename-{run.id}"):
        try:
            my_lab().rename(run.id, name)
            st.rerun()
        except LabError as error:
            complain(str(error))
    st.divider()
    st.markdown("Delete this run, its curves and its weights? This cannot be undone.")
    st.button("Delete for good", key=f"delete-{run.id}", icon=":material/delete:", on_click=_delete, args=(run.id,))


def _open(run: Run) -> None:
    from rnnlab.ui.state import address

    st.session_state["run"] = run.id
    address.take_settings_of(run)
    st.switch_page(TRAIN.page)


def _open_group(group_id: str) -> None:
    from rnnlab.ui.state import address

    st.session_state["group"], st.session_state["run"] = group_id, None
    address.take_settings_of_group(my_lab().group(group_id))
    st.switch_page(TRAIN.page)


@callback
def _go_on(run_id: str) -> None:
    my_lab().resume(run_id)


@callback
def _delete(run_id: str) -> None:
    with contextlib.suppress(UnknownRun):
        my_lab().delete(run_id)
    for name in ("run", "home_run"):
        if st.session_state[name] == run_id:
            st.session_state[name] = None
