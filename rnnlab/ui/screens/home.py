"""The parts of Home: the button that trains and compares, and the gallery."""

from __future__ import annotations

import streamlit as st

from rnnlab.presets import SINE, Preset
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.screens.compare import series_comparison
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.state.form import Form
from rnnlab.ui.table import COMPARE, TRAIN
from rnnlab.ui.widgets.live_run import curve_panel

PRIME, HORIZON = 50, 500
"""What the preset's expected error was measured with."""


def one_button() -> None:
    """Train the default experiment and show how it goes on alone, on this screen."""
    run = _home_run()
    is_busy = run is not None and run.is_waiting_or_live
    label = "Train a network on a sine wave" if run is None else "Train it again"
    st.button(
        label, type="primary", icon=":material/play_arrow:", on_click=_train_default, disabled=is_busy, key="main-job"
    )
    if run is None:
        return
    with st.container(border=True, key="home-run"):
        if run.state == "finished":
            series_comparison(run, PRIME, HORIZON, with_error=False)
            _links(run)
        else:
            curve_panel(run)


def gallery(presets: list[Preset]) -> None:
    """A card for each preset."""
    for row in range(0, len(presets), 3):
        for place, preset in zip(st.columns(3, gap="medium"), presets[row : row + 3], strict=False):
            with place.container(border=True, height="stretch", key=f"card-{preset.name}"):
                _card(preset)


def _card(preset: Preset) -> None:
    st.markdown(f"**{preset.title}**")
    st.markdown(preset.about)
    st.caption(f"Expect: {preset.expect}")
    with st.container(horizontal=True, gap="small"):
        if st.button("Train", key=f"train-{preset.name}", icon=":material/play_arrow:"):
            session.use_form(Form.of_preset(preset.name))
            st.session_state["run"] = my_lab().submit(preset.experiment, preset.title, preset.name)
            st.switch_page(TRAIN.page)
        if st.button("Open settings", key=f"open-{preset.name}", type="tertiary"):
            session.use_form(Form.of_preset(preset.name))
            st.session_state["run"] = None
            st.switch_page(TRAIN.page)


def _links(run: Run) -> None:
    with st.container(horizontal=True):
        link = {"run": run.id}
        st.page_link(COMPARE.page, label="Try other primes", icon=":material/compare_arrows:", query_params=link)
        st.page_link(TRAIN.page, label="See how it learned", icon=":material/model_training:", query_params=link)


@callback
def _train_default() -> None:
    run_id = my_lab().submit(SINE.experiment, SINE.title, SINE.name)
    st.session_state["home_run"] = st.session_state["run"] = run_id


def _home_run() -> Run | None:
    run_id = st.session_state["home_run"]
    try:
        return lab().run(run_id) if run_id else None
    except UnknownRun:
        st.session_state["home_run"] = None
        return None
