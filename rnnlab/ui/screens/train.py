"""The parts of Train around the run: presets, the network's picture, the button."""

from __future__ import annotations

import streamlit as st

from rnnlab.config import ModelConfig
from rnnlab.presets import PRESETS, run_name
from rnnlab.store.run import Run
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.state.form import Form
from rnnlab.ui.widgets import explanations
from rnnlab.ui.widgets.fields import complain, spoken


def preset_field(form: Form) -> None:
    """The list of presets; choosing one sets everything."""
    key = session.WIDGET + "preset"
    st.session_state.setdefault(key, form.preset)
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        st.selectbox(
            "Start from", list(PRESETS), format_func=lambda name: PRESETS[name].title, key=key, on_change=_choose_preset
        )
        if not form.is_preset:
            st.button("Reset", on_click=_choose_preset, help="Take the preset's settings again.")
    st.caption(PRESETS[form.preset].about)


def network_summary(form: Form, complaints: dict[str, str]) -> None:
    """The number of parameters and a picture of the network; a sentence while the settings make none."""
    if complaints:
        st.info("The picture comes back when the marked settings are in order.", icon=":material/edit:")
        return
    from rnnlab.plots.network import network_picture

    experiment = form.experiment()
    model = experiment.model
    st.markdown(f"**{experiment.parameters(my_lab().vocabulary_of(experiment)):,} parameters** · {_layers(model)}")
    with st.container(key="network"):
        st.html(network_picture(model, experiment.task.reads_tokens, bool(experiment.task.tags)).html)
    explanations.questions(experiment)


def train_button(form: Form, complaints: dict[str, str], run: Run | None) -> None:
    """The button that starts a run with the settings as they are."""
    is_busy = run is not None and run.is_waiting_or_live
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Train another" if is_busy else "Train",
            type="secondary" if is_busy else "primary",
            icon=":material/play_arrow:",
            on_click=_train,
            disabled=bool(complaints),
            key="train",
        )
        for sentence in [complaints[name] for name in complaints if name not in form.values]:
            complain(sentence)


def nothing_yet() -> None:
    """What stands where the run will be."""
    st.info("Press Train: the first points of the curve are here within a second or two.", icon=":material/show_chart:")


def _layers(model: ModelConfig) -> str:
    """Such as `2 layers of 64 and 32 LSTM units, read both ways`."""
    widths = [str(width) for width in model.widths]
    *others, last = widths if len({*widths}) > 1 else widths[:1]
    listed = f"{', '.join(others)} and {last}" if others else last
    both = ", read both ways" if model.is_bidirectional else ""
    return f"{model.num_layers} layer{'s' if model.num_layers > 1 else ''} of {listed} {spoken(model.cell)} units{both}"


@callback
def _choose_preset() -> None:
    session.use_form(Form.of_preset(st.session_state[session.WIDGET + "preset"]))


@callback
def _train() -> None:
    # Not yet: the text that was typed last comes with the same click, and its own callback may be the later one.
    st.session_state["train_asked"] = True


@callback
def start_asked_run() -> None:
    """Start the run that was asked for, with all that was typed; what is wrong is said beside its field."""
    if not st.session_state["train_asked"]:
        return
    st.session_state["train_asked"] = False
    form = session.form()
    if form.complaints(my_lab().vocabulary_of):
        return
    experiment = form.experiment()
    text_name = st.session_state["text_names"].get(form.values.get("upload"), "")
    st.session_state["run"] = my_lab().submit(experiment, run_name(experiment, form.preset, text_name), form.preset)
