"""The parts of Train around the run: presets, the button, what the form says beside it, the network's picture."""

from __future__ import annotations

import streamlit as st

from rnnlab import config
from rnnlab.config import ModelConfig
from rnnlab.form import Form
from rnnlab.presets import PRESETS, run_name
from rnnlab.sentences.settings import stale_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets import explanations, group_form, live_run
from rnnlab.ui.widgets.fields import complain, spoken
from rnnlab.ui.widgets.transport import transport

PRESET = session.WIDGET + "preset"


def preset_field(form: Form) -> None:
    """The list of presets; choosing one sets everything."""
    presets = list(PRESETS)
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        st.selectbox(
            "Start from",
            presets,
            presets.index(form.preset),
            format_func=lambda name: PRESETS[name].title,
            key=session.key_of(PRESET, lambda shown: shown == form.preset),
            on_change=_choose_preset,
        )
        if not form.is_preset:
            st.button("Reset", on_click=_reset, args=(form.preset,), help="Take the preset's settings again.")
    st.caption(PRESETS[form.preset].about, help=f"What to expect: {PRESETS[form.preset].expect}")


def train_button(form: Form, complaints: dict[str, str], run: Run | None) -> None:
    """The button that starts a run with the settings as they are."""
    is_busy = run is not None and run.is_waiting_or_live
    with st.container(horizontal=True, gap="small", key="train-place"):
        st.button(
            "Train",
            type="secondary" if is_busy else "primary",
            icon=":material/play_arrow:",
            help="Train these settings too; the other run goes on." if is_busy else None,
            on_click=_train,
            disabled=bool(complaints),
            key="train",
        )
        group_form.beside_train(form, complaints)
    for sentence in [complaints[name] for name in complaints if name not in form.values]:
        complain(sentence)


def nothing_yet(complaints: dict[str, str]) -> None:
    """What stands where the run will be."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key="no-run"):
        if complaints:
            st.markdown("Correct the settings that are marked. Then press Train.")
        else:
            st.markdown("Press Train. The first points of the curve appear within a second or two.")


def stale_notice(form: Form, run: Run) -> None:
    """Where the form no longer describes the run: a sentence that says so, and the way back."""
    # What was moved while it trained is on its curve, and no setting of the form.
    trained = config.to_flat(run.experiment) | {"changes": form.values.get("changes", "")}
    sentence = stale_sentence(trained, form.values)
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stale"):
        st.markdown(f":orange[:material/warning:] {escaped(sentence)}", width="content")
        words = "Take this run's settings"
        st.button(words, type="tertiary", icon=":material/undo:", on_click=_take_settings, args=(run.id,))


def details(form: Form, complaints: dict[str, str], run: Run | None) -> None:
    """What may be looked up while it trains, behind tabs; only the one that is open is drawn."""
    with st.container(key="fold-details"):
        network, gradient, control, asked = st.tabs(
            ["Network", "Gradient", "Control", "Questions"], key="details", on_change="rerun"
        )
        with network:
            if network.open:
                network_summary(form, complaints)
                if run is not None:
                    live_run.details_panel(run)
        with gradient:
            if gradient.open and run is None:
                st.caption("The norm of the gradient appears here while a network trains.")
            elif gradient.open and run is not None:
                live_run.gradient_panel(run)
        with control:
            if control.open and run is None:
                st.caption("Here a run is slowed down, let on by single updates, and changed while it trains.")
            elif control.open and run is not None:
                transport(run)
        with asked:
            if asked.open and not complaints:
                explanations.questions(form.experiment())


def network_summary(form: Form, complaints: dict[str, str]) -> None:
    """The number of parameters and a picture of the network; a sentence while the settings make none."""
    if complaints:
        st.info("The picture returns once the highlighted settings are valid.", icon=":material/edit:")
        return
    from rnnlab.plots.network import network_picture

    experiment = form.experiment()
    model = experiment.model
    st.markdown(f"**{experiment.parameters(my_lab().vocabulary_of(experiment)):,} parameters** · {_layers(model)}")
    with st.container(key="network"):
        task = experiment.task
        st.html(network_picture(model, task.reads_tokens, bool(task.tags), task.noun).html)


def _layers(model: ModelConfig) -> str:
    """Such as `2 layers of 64 and 32 LSTM units, read both ways`."""
    widths = [str(width) for width in model.widths]
    *others, last = widths if len({*widths}) > 1 else widths[:1]
    listed = f"{', '.join(others)} and {last}" if others else last
    both = ", read both ways" if model.is_bidirectional else ""
    return f"{config.counted(model.num_layers, 'layer')} of {listed} {spoken(model.cell)} units{both}"


@callback
def _choose_preset() -> None:
    if session.is_drawn(PRESET):
        session.use_form(Form.of_preset(session.value_in(PRESET)))


@callback
def _reset(preset: str) -> None:
    session.use_form(Form.of_preset(preset))


@callback
def _take_settings(run_id: str) -> None:
    address.take_settings_of(lab().run(run_id))
    st.session_state["whole_page"] = True


@callback
def _train() -> None:
    # Not yet: the text that was typed last comes with the same click, and its own callback may be the later one.
    st.session_state["train_asked"] = session.ONCE


@callback
def lower_again() -> None:
    """Follow a run with a tenth of the rate by the next tenth, as long as they explode."""
    run_id = st.session_state["lowering"]
    if not run_id or run_id != st.session_state["run"]:
        return
    run = lab().run(run_id)
    finding = live_run.exploded(run)
    if finding:
        live_run.try_instead(run, finding.settings)
    if not run.is_waiting_or_live:
        st.session_state["lowering"] = None


@callback
def start_asked_run() -> None:
    """Start the run or the group that was asked for, with all that was typed; what is wrong stands beside its field."""
    asked, st.session_state["train_asked"] = st.session_state["train_asked"], ""
    if not asked:
        return
    form = session.form()
    if form.complaints(my_lab().vocabulary_of):
        return
    experiment = form.experiment()
    text_name = st.session_state["text_names"].get(experiment.data.own_text, "")
    sweep = group_form.asked_sweep(asked, experiment)
    if sweep:
        group_form.start(sweep, form.preset, text_name)
        return
    st.session_state["run_before"] = st.session_state["run"]
    session.show_run(my_lab().submit(experiment, run_name(experiment, form.preset, text_name), form.preset))
    st.session_state["lowering"] = st.session_state["run"] if asked == session.UNTIL_IT_TRAINS else None
