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

RESULT = "Result"
"""The first of two pictures, in the words of its button."""


def see_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """The picture, the prediction over it, and the sentence. Returns True: nothing is asked here."""
    ask = lesson.ask(step.asked)
    prediction = shown.predicted.get(ask.step, DONT_KNOW)
    with shown.picture:
        seen = seen_of(lesson, shown.trained)
    if seen is not None:
        with shown.words:
            st.markdown(ask.verdict(prediction, seen.right[ask.step]))
            st.markdown(lesson.told(ask.step, seen.numbers))
        show_result(ask, seen, prediction, shown, f"see-{lesson.id}-{ask.step}")
    return True


def show_result(
    ask: Ask, seen: Seen, prediction: str, shown: Shown, key: str, label: Literal["visible", "collapsed"] = "collapsed"
) -> None:
    """A result, or its second picture where there is one and it is chosen below the words.

    Args:
        label: of the choice; it is visible where settings stand above it.
    """
    from rnnlab.plots.lessons import result_figure

    words, closer = seen.closer.get(ask.step, (RESULT, None))
    chosen = RESULT
    if closer is not None:
        with shown.words:
            chosen = st.segmented_control(
                "Picture",
                [RESULT, words],
                default=RESULT,
                required=True,
                key=f"picture-{key}",
                label_visibility=label,
            )
    with shown.picture:
        if closer is None or chosen == RESULT:
            draw_result(ask, seen, prediction, key)
        else:
            draw(result_figure(closer), f"closer-{key}")


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
    """One picture of a result with a prediction over it, and the texts that networks wrote."""
    from rnnlab.plots.lessons import result_figure

    draw(result_figure(seen.pictures[ask.step], ask.drawn(prediction)), key)
    if seen.samples:
        for column, (heading, text) in zip(st.columns(len(seen.samples)), seen.samples, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.caption(heading)
                st.text(text)


def draw(figure: go.Figure, key: str) -> None:
    """A figure as high as the screen allows."""
    st.plotly_chart(figure, config=STATIC, key=key, height="stretch")
