"""Which run is looked at, and what its network answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.trained import LongQuestion, Question
from rnnlab.config import CONTINUE_SERIES, CONTINUE_TEXT, counted
from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.lab import NoAnswer
from rnnlab.store.run import Run
from rnnlab.ui.server.lab_access import hear_clicks, lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import Screen
from rnnlab.ui.widgets.take_away import take_away

A = TypeVar("A")

RUN = "compared-run"
"""The list's widget."""

TWO_REGIMES = "**Teacher-forced**: every input is the true value. **Free-running**: every input is its own last output."


def about(run: Run | None) -> str:
    """What Compare shows of a run, or of any run if none is chosen."""
    experiment = run.known_experiment if run else None
    feeds_back = experiment is None or experiment.task in (CONTINUE_SERIES, CONTINUE_TEXT)
    return TWO_REGIMES if feeds_back else "What the network answers, beside the right answers."


def asked(run: Run, question: Question[A], anew: bool = False, key: str = "") -> A | None:
    """The answer; or None, after a sentence that says why there is none.

    Args:
        anew: whether to compute an answer that is kept once more.
        key: tells the button that tries again from others, where several networks are asked the same.
    """
    if not anew and st.session_state["cancelled"] == _named(run, question):
        st.button(
            "Compute it", icon=":material/refresh:", key=f"again-{type(question).__name__}{key}", on_click=_ask_again
        )
        return None
    try:
        if isinstance(question, LongQuestion):
            return _asked_with_progress(run, question, anew)
        with st.spinner("Asking the network ..."):
            return lab().ask(run.id, question, progress=hear_clicks)
    except (NoAnswer, WorkersUnavailable) as error:
        st.warning(str(error))
        st.button("Try again", icon=":material/refresh:", key=f"again-{type(question).__name__}{key}")
        return None


def _asked_with_progress(run: Run, question: LongQuestion[A], anew: bool) -> A:
    """The answer.

    Any click while it waits ends the script that waits here, and with it the question. The next script asks it again,
    unless the click was on Cancel.
    """
    waiting = st.empty()
    with waiting.container(horizontal=True, vertical_alignment="center", key="waiting"):
        bar = st.progress(0.0)
        words = (_named(run, question),)
        st.button("Cancel", icon=":material/close:", key="cancel-question", on_click=_cancel, args=words)

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"Asking the network: {done} of {counted(total, 'part')} done")

    show(0, 1)
    try:
        return lab().ask(run.id, question, progress=show, anew=anew)
    finally:
        waiting.empty()


def choose_run(runs: list[Run], chosen: Run | None) -> tuple[Run | None, DeltaGenerator]:
    """The list of runs that have learned something, and the line that it stands in.

    A run of somebody else's link is added to the list. A screen adds its own choices to the line.
    """
    line = st.container(horizontal=True, vertical_alignment="center", key="compare-line")
    trained = [run for run in runs if run.step]
    if chosen and chosen.id not in {run.id for run in trained}:
        trained.insert(0, chosen)
    if not trained:
        return None, line
    by_id = {run.id: run for run in trained}
    shown, named = chosen or trained[0], titles(trained)
    line.selectbox(
        "Run",
        list(by_id),
        list(by_id).index(shown.id),
        key=session.key_of(RUN, lambda run_id: run_id == shown.id),
        format_func=named.__getitem__,
        on_change=_choose,
        label_visibility="collapsed",
        width=280,
    )
    with line:
        take_away(shown)
    return by_id[shown.id], line


def link_to(screen: Screen, run: Run, line: DeltaGenerator) -> None:
    """A way to another screen that shows the same run."""
    line.page_link(screen.page, label=screen.title, icon=screen.icon, query_params={"run": run.id})


def _named(run: Run, question: Question[A]) -> str:
    return f"{question!r} of {run.id}"


def titles(runs: Sequence[Run]) -> dict[str, str]:
    """What a list calls each run, by its id. The browser tells a choice by its words, so no two may have the same."""
    named = {run.id: _title(run) for run in runs}
    often = Counter(named.values())
    return {run_id: words if often[words] == 1 else f"{words} · {run_id}" for run_id, words in named.items()}


def _title(run: Run) -> str:
    """Nothing in it may change while the run trains: the browser goes on showing the title that it was given first."""
    return f"{run.name} · {run.created:%d %b %H:%M:%S} UTC"


@callback
def _cancel(question: str) -> None:
    st.session_state["measuring"], st.session_state["cancelled"] = None, question


@callback
def _ask_again() -> None:
    st.session_state["cancelled"] = ""


@callback
def _choose() -> None:
    if session.is_drawn(RUN):
        st.session_state["run"] = session.value_in(RUN)
