"""What happened, with one's own prediction drawn over it, and the one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import streamlit as st

from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.lab import NoAnswer
from rnnlab.lessons.lesson import DONT_KNOW, Ask, Lesson
from rnnlab.lessons.results import LabResults, Seen
from rnnlab.lessons.steps import Step
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped
from rnnlab.ui.screens.lessons.place import Shown
from rnnlab.ui.server.lab_access import hear_clicks, my_lab
from rnnlab.ui.widgets.figure import STATIC

if TYPE_CHECKING:
    import plotly.graph_objects as go

RESULT, WRITTEN = "Result", "Texts"
"""The first of several pictures, and what networks wrote, in the words of their buttons."""


def see_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """The picture, the prediction over it, and the sentence. Returns True: nothing is asked here."""
    ask = lesson.ask(step.asked)
    prediction = shown.predicted.get(ask.step, DONT_KNOW)
    with shown.picture:
        seen = seen_of(lesson, shown.trained)
    if seen is not None:
        with shown.words:
            if ask.question:
                st.caption(ask.question)
            st.markdown(ask.verdict(prediction, seen.right[ask.step]))
            st.markdown(lesson.told(ask.step, seen.numbers))
        show_result(ask, seen, prediction, shown, f"see-{lesson.id}-{ask.step}")
    return True


def show_result(
    ask: Ask, seen: Seen, prediction: str, shown: Shown, key: str, label: Literal["visible", "collapsed"] = "collapsed"
) -> None:
    """A result, or what is chosen below the words: another picture of it, or the texts that networks wrote.

    Args:
        label: of the choice; it is visible where settings stand above it.
    """
    from rnnlab.plots.lessons import result_figure

    closer = seen.closer.get(ask.step, {})
    offered = [RESULT, *closer, *([WRITTEN] if seen.samples else [])]
    chosen = RESULT
    if len(offered) > 1:
        with shown.words:
            chosen = st.segmented_control(
                "Picture",
                offered,
                default=RESULT,
                required=True,
                key=f"picture-{key}",
                label_visibility=label,
            )
    with shown.picture:
        if chosen in closer:
            draw(result_figure(closer[chosen]), f"{chosen}-{key}")
        elif chosen == WRITTEN:
            _texts(seen)
        else:
            draw_result(ask, seen, prediction, key)


def seen_of(lesson: Lesson, runs: Sequence[Run]) -> Seen | None:
    """What the experiment came to; None after a sentence that says why it is not known."""
    kept, ids = st.session_state["lesson_seen"], ",".join(run.id for run in runs)
    if ids not in kept:
        try:
            with st.spinner("Asking the networks ..."):
                kept[ids] = lesson.see(LabResults(my_lab(), runs, hear_clicks))
        except (NoAnswer, WorkersUnavailable) as error:
            st.warning(escaped(str(error)))
            st.button("Try again", icon=":material/refresh:", key="ask-again")
            return None
    return kept[ids]


def draw_result(ask: Ask, seen: Seen, prediction: str, key: str) -> None:
    """One picture of a result with a prediction over it."""
    from rnnlab.plots.lessons import result_figure

    draw(result_figure(seen.pictures[ask.step], ask.drawn(prediction)), key)


def _texts(seen: Seen) -> None:
    for heading, text in seen.samples:
        with st.container(border=True):
            st.caption(heading)
            st.text(text)


def draw(figure: go.Figure, key: str) -> None:
    """A figure as high as the screen allows."""
    st.plotly_chart(figure, config=STATIC, key=key, height="stretch")
