"""What is done to a run while a class watches: slow it down, let it do one update, move its rate, and go on from it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rnnlab import config
from rnnlab.config.live_changes import CHANGEABLE, value_at
from rnnlab.store.run import Run
from rnnlab.store.states import FINISHED
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets.dial import typed

TEXTS = texts_beside(__file__)

FULL_SPEED = "full speed"
PACES: dict[str, float | None] = {f"{pace:g} a second": pace for pace in (2, 5, 10, 20, 50, 100)} | {FULL_SPEED: None}
"""Updates a second that a class can follow, as the slider writes them."""


WORDS = {
    "update": "Do one update, and pause.",
    "epoch": "Go on to the end of the epoch, and pause.",
    "again": "Train a new run from the same first weights, with this run's settings.",
    "fork": "Start a new run from this run's newest weights, with the settings of the form.",
    "more": "Go on with this run for as many epochs again.",
}
"""What each button does."""


def transport(run: Run) -> None:
    """The controls of one run; only its owner has them."""
    if not my_lab().may_change(run):
        st.caption("Only the owner of a run controls it. Make a copy with these settings to have a run of your own.")
        return
    with st.container(horizontal=True, gap="small", key="transport"):
        can_step = run.is_live or my_lab().can_go_on(run)
        this: dict[str, Any] = {"args": (run.id,)}
        step = this | {"disabled": not can_step}
        st.button("One update", icon=":material/skip_next:", help=WORDS["update"], on_click=_advance, **step)
        st.button("One epoch", icon=":material/fast_forward:", help=WORDS["epoch"], on_click=_finish_epoch, **step)
        st.button("Again", icon=":material/replay:", help=WORDS["again"], on_click=_again, **this)
        st.button(
            "Fork", icon=":material/call_split:", help=WORDS["fork"], on_click=_fork, disabled=not run.step, **this
        )
        is_over = run.state == FINISHED
        st.button(
            "More epochs", icon=":material/add:", help=WORDS["more"], on_click=_extend, disabled=not is_over, **this
        )
    with st.container(horizontal=True, gap="medium"):
        _pace_slider(run)
        for name in CHANGEABLE:
            _moving_slider(run, name)
    st.caption(TEXTS["moves"])


def _pace_slider(run: Run) -> None:
    at = st.session_state["paces"].get(run.id, FULL_SPEED)
    widget = f"pace-{run.id}"
    st.select_slider(
        "Pace in updates",
        list(PACES),
        at,
        key=session.key_of(widget, lambda shown: shown == at),
        help="How fast the updates follow each other. It changes nothing else.",
        on_change=_set_pace,
        args=(run.id, widget),
        disabled=not run.is_live,
        width=260,
    )


def _moving_slider(run: Run, name: str) -> None:
    row, _ = config.all_settings()[name]
    if row.play is None or (name == "feedback" and not run.experiment.training.feedback):
        return
    kept = st.session_state["moved"].get((run.id, name))
    at = row.play.nearest(_present(run, name) if kept is None else kept)
    widget = f"move-{name}-{run.id}"
    st.select_slider(
        f"{row.label} from now on",
        row.play.positions,
        at,
        format_func=typed,
        key=session.key_of(widget, lambda shown: shown == at),
        on_change=_move,
        args=(run.id, name, widget),
        disabled=not run.is_live,
        width=260,
    )


def _present(run: Run, name: str) -> float:
    """The value that a setting has now: as it was measured, else as it was moved last or began."""
    training, measured = run.experiment.training, run.measured.get(name)
    if measured:
        return measured.last
    moved = value_at(training.changes, name, run.step)
    return getattr(training, name) if moved is None else moved


@callback
def _advance(run_id: str) -> None:
    my_lab().advance(run_id)
    st.session_state["whole_page"] = True


@callback
def _finish_epoch(run_id: str) -> None:
    my_lab().advance(run_id, epochs=1)
    st.session_state["whole_page"] = True


@callback
def _again(run_id: str) -> None:
    run = lab().run(run_id)
    _show(my_lab().submit(run.experiment, run.name, run.preset), run_id)


@callback
def _fork(run_id: str) -> None:
    _show(my_lab().fork(run_id, session.form().experiment()), run_id)


@callback
def _extend(run_id: str) -> None:
    my_lab().extend(run_id, lab().run(run_id).experiment.training.epochs)
    st.session_state["whole_page"] = True


@callback
def _set_pace(run_id: str, widget: str) -> None:
    if session.is_drawn(widget):
        pace = session.value_in(widget)
        my_lab().set_pace(run_id, PACES[pace])
        st.session_state["paces"][run_id] = pace


@callback
def _move(run_id: str, name: str, widget: str) -> None:
    if session.is_drawn(widget):
        value = float(session.value_in(widget))
        my_lab().change(run_id, name, value)
        st.session_state["moved"][run_id, name] = value


def _show(run_id: str, before: str) -> None:
    """Let Train show a new run, with the one before behind it."""
    st.session_state["run_before"] = before
    session.show_run(run_id)
    st.session_state["whole_page"] = True
