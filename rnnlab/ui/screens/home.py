"""The parts of Home: the picture, the button that trains and compares, and the presets."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rnnlab.form import Form
from rnnlab.lessons.table import LESSONS
from rnnlab.measures import TRAIN_LOSS, VALID_LOSS
from rnnlab.plots.live import MOST_ROWS, wide_table
from rnnlab.plots.unrolled import free_running_picture, teacher_forced_picture
from rnnlab.presets import SINE, Preset, PresetGroup
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.screens.compare import series_comparison
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE, DATA, TRAIN
from rnnlab.ui.table import LESSONS as LESSONS_SCREEN
from rnnlab.ui.widgets.live_chart import live_chart
from rnnlab.ui.widgets.live_run import TICK_SECONDS, live_panel, state_badge
from rnnlab.ui.widgets.samples import sample_curves
from rnnlab.watching.curves import Watched

PRIME, HORIZON = 50, 500
"""What the preset's expected error was measured with."""

CARDS_IN_A_ROW = 3

STYLE = """
<style>
/* A run's chart as high as the room below the picture; a low or narrow screen has room for the picture or for a run. */
.st-key-home-run .st-key-comparison > .stElementContainer {height: clamp(230px, 100vh - 34rem, 620px) !important;}
@media (max-height: 800px), (max-width: 640px) {
  .stMainBlockContainer:has(.st-key-home-run) .st-key-unrolled {display: none;}
  .st-key-home-run .st-key-comparison > .stElementContainer {height: clamp(230px, 100vh - 21rem, 420px) !important;}
}
</style>
"""


def picture() -> None:
    """A recurrent network over three steps, in the two ways that it is run, each with its sentence."""
    st.html(STYLE)
    with st.container(key="unrolled"):
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("While it trains, every input is the true value: it is **teacher-forced**.")
            st.html(teacher_forced_picture().html)
        with right:
            st.markdown("Afterwards each output can be the next input: then it is **free-running**.")
            st.html(free_running_picture().html)


def one_button() -> None:
    """Train the default experiment and show how it runs on its own, on this screen."""
    run = _home_run()
    is_busy = run is not None and run.is_waiting_or_live
    label = "Train a network on a sine wave" if run is None else "Train it again"
    with st.container(horizontal=True, gap="small"):
        st.button(
            label,
            type="primary",
            icon=":material/play_arrow:",
            on_click=_train_default,
            disabled=is_busy,
            key="main-job",
        )
        st.button("Start the first lesson", icon=":material/school:", on_click=_first_lesson, key="first-lesson")
    if run is None:
        return
    with st.container(border=True, key="home-run"):
        live_panel(run, TICK_SECONDS / 2, _draw)
        if run.state == "finished":
            _links(run)


def gallery(groups: dict[PresetGroup, list[Preset]]) -> None:
    """The presets in their groups; a folded group draws its cards when somebody opens it."""
    for group, presets in groups.items():
        if group.is_folded:
            with st.expander(group.title, key="folded-presets", on_change="rerun") as opened:
                if opened.open:
                    st.caption(group.about)
                    _cards(presets)
        else:
            st.subheader(group.title, anchor=False)
            st.caption(group.about)
            _cards(presets)


def _cards(presets: list[Preset]) -> None:
    for first in range(0, len(presets), CARDS_IN_A_ROW):
        row = presets[first : first + CARDS_IN_A_ROW]
        for column, preset in zip(st.columns(CARDS_IN_A_ROW, gap="medium"), row, strict=False):
            with column.container(border=True, height="stretch", key=f"card-{preset.name}"):
                _card(preset)


def _card(preset: Preset) -> None:
    st.markdown(f"**{preset.title}**")
    st.markdown(preset.about)
    st.caption(f"Expect: {preset.expect}")
    with st.container(horizontal=True, gap="small"):
        of_this: dict[str, Any] = {"key": f"train-{preset.name}", "args": (preset,)}
        if preset.experiment.data.needs_own_text:
            st.button("Choose a file", icon=":material/upload_file:", on_click=_choose_file, **of_this)
        else:
            st.button("Train", icon=":material/play_arrow:", on_click=_train, **of_this)
        st.button("Open settings", key=f"open-{preset.name}", type="tertiary", on_click=_open_settings, args=(preset,))


@callback
def _choose_file(preset: Preset) -> None:
    session.use_form(Form.of_preset(preset.name))
    session.go_to(DATA.page)


@callback
def _train(preset: Preset) -> None:
    session.use_form(Form.of_preset(preset.name))
    session.show_run(my_lab().submit(preset.experiment, preset.title, preset.name))
    session.go_to(TRAIN.page)


@callback
def _open_settings(preset: Preset) -> None:
    session.use_form(Form.of_preset(preset.name))
    session.show_run(None)
    session.go_to(TRAIN.page)


def _draw(run: Run, watched: Watched) -> None:
    """What the network generates, large, and its loss, small; in the end the comparison replaces the sample."""
    large, small = st.columns([0.66, 0.34], gap="medium")
    with large:
        if run.state == "finished":
            series_comparison(run, PRIME, HORIZON, with_error=False)
        else:
            _sample(run, watched)
    with small:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            state_badge(run)
            st.caption(f"Step {run.step:,} of {run.total_steps:,}" if run.total_steps else f"Step {run.step:,}")
        losses = {"train": watched.points(TRAIN_LOSS.name), "validation": watched.points(VALID_LOSS.name)}
        table = wide_table(losses, "step", MOST_ROWS // 2)
        live_chart(table, "Loss", log_y=True, key=f"home-loss-{run.id}", place="live-chart", height=220)


def _sample(run: Run, watched: Watched) -> None:
    """What the network generates while it trains."""
    if run.error:
        st.error(run.error, icon=":material/error:")
    st.markdown("###### What the network generates on its own")
    sample = watched.sample_at(run.step)
    if sample is None:
        st.caption("The first sample comes as soon as training has begun.")
        return
    curves = wide_table(sample_curves(run.experiment, sample), "time")
    live_chart(curves, "Value", key=f"home-sample-{run.id}", place="live-sample", x="time", height=300)


def _links(run: Run) -> None:
    with st.container(horizontal=True):
        link = {"run": run.id}
        st.page_link(COMPARE.page, label="Try other primes", icon=":material/compare_arrows:", query_params=link)
        st.page_link(TRAIN.page, label="See how it learned", icon=":material/model_training:", query_params=link)


@callback
def _train_default() -> None:
    run_id = my_lab().submit(SINE.experiment, SINE.title, SINE.name)
    st.session_state["home_run"] = run_id
    session.show_run(run_id)


@callback
def _first_lesson() -> None:
    st.session_state["lesson"] = {"lesson": next(iter(LESSONS))}
    session.go_to(LESSONS_SCREEN.page)


def _home_run() -> Run | None:
    run_id = st.session_state["home_run"]
    try:
        return lab().run(run_id) if run_id else None
    except UnknownRun:
        st.session_state["home_run"] = None
        return None
