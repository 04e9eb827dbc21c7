"""Which run is compared, and what its network answers."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.trained import LongQuestion, Question
from rnnlab.config import counted
from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.lab import NoAnswer
from rnnlab.store.run import Run
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback

A = TypeVar("A")

RUN = "compared-run"
"""The list's widget."""

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
STATIC: dict[str, object] = {"displayModeBar": False}
"""What Plotly offers beside a figure that is played with, and beside one that is only read."""


def asked(run: Run, question: Question[A], anew: bool = False) -> A | None:
    """The answer; or None, after a sentence that says why there is none.

    Args:
        anew: whether to compute an answer that is kept once more.
    """
    try:
        if isinstance(question, LongQuestion):
            return _asked_with_progress(run, question, anew)
        with st.spinner("Asking the network ..."):
            return lab().ask(run.id, question)
    except (NoAnswer, WorkersUnavailable) as error:
        st.warning(str(error))
        st.button("Try again", icon=":material/refresh:", key=f"again-{type(question).__name__}")
        return None


def _asked_with_progress(run: Run, question: LongQuestion[A], anew: bool) -> A:
    """The answer.

    Any click while it waits ends the script that waits here, and with it the question. The next script asks it again,
    unless the click was on Cancel.
    """
    waiting = st.empty()
    with waiting.container(horizontal=True, vertical_alignment="center", key="waiting"):
        bar = st.progress(0.0)
        st.button("Cancel", icon=":material/close:", key="cancel-question", on_click=_cancel)

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"Asking the network: {done} of {counted(total, 'part')} done")

    show(0, 1)
    try:
        return lab().ask(run.id, question, progress=show, anew=anew)
    finally:
        waiting.empty()


def choose_run(runs: list[Run], chosen: Run | None) -> tuple[Run | None, DeltaGenerator]:
    """The list of runs that have something to compare, and the line that it stands in.

    A run of somebody else's link is added to the list. Each kind of task adds its own choice to the line.
    """
    line = st.container(horizontal=True, vertical_alignment="center", key="compare-line")
    trained = [run for run in runs if run.step]
    if chosen and chosen.id not in {run.id for run in trained}:
        trained.insert(0, chosen)
    if not trained:
        return None, line
    by_id = {run.id: run for run in trained}
    shown = chosen or trained[0]
    line.selectbox(
        "Run",
        list(by_id),
        list(by_id).index(shown.id),
        key=session.key_of(RUN, lambda run_id: run_id == shown.id),
        format_func=lambda i: _title(by_id[i]),
        on_change=_choose,
        label_visibility="collapsed",
        width=280,
    )
    return by_id[shown.id], line


def _title(run: Run) -> str:
    """Nothing in it may change while the run trains: the browser goes on showing the title that it was given first."""
    return f"{run.name} · {run.created:%d %b %H:%M:%S} UTC"


@callback
def _cancel() -> None:
    st.session_state["measuring"] = None


@callback
def _choose() -> None:
    if session.is_drawn(RUN):
        st.session_state["run"] = session.value_in(RUN)
