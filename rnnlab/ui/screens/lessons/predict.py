"""Ask, and take a prediction. Nothing of the result is on this step's page."""

from __future__ import annotations

import streamlit as st

from rnnlab.config import Play
from rnnlab.lessons.lesson import DONT_KNOW, LETTERS, Ask, Lesson
from rnnlab.lessons.steps import PREDICT, Step, after
from rnnlab.lessons.table import LESSONS
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.lessons import place
from rnnlab.ui.screens.lessons.place import Shown
from rnnlab.ui.screens.lessons.see import draw
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback

TEXTS = texts_beside(__file__)
SLIDER = "lesson-place"


def predict_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """The question, its picture, and a button for each answer. Returns whether there is a prediction."""
    ask = lesson.ask(step.asked)
    prediction = shown.predicted.get(ask.step)
    is_fixed = prediction is not None and bool(shown.trained)
    with shown.words:
        st.markdown(lesson.texts[f"ask {ask.step}"])
        if is_fixed:
            st.caption(TEXTS["fixed"])
    with shown.picture, st.container(gap="small", key="predict"):
        if ask.place:
            _place(lesson, ask, ask.place, prediction, is_fixed)
        else:
            _choose(lesson, ask, prediction, is_fixed)
    if prediction is not None:
        shown.words.markdown(f"Your prediction: **{ask.words(prediction)}**")
    return prediction is not None


def _choose(lesson: Lesson, ask: Ask, prediction: str | None, is_fixed: bool) -> None:
    from rnnlab.plots.lessons import choices_figure

    lettered = list(zip(LETTERS, ask.choices, strict=False))
    draw(choices_figure(ask.picture, ask.panels), f"ask-{lesson.id}-{ask.step}")
    with st.container(horizontal=True, gap="small", key="choices"):
        for letter, choice in lettered:
            _answer(lesson, ask, f"{letter}: {choice.words}", choice.key, prediction, is_fixed)
        _answer(lesson, ask, "I don't know", DONT_KNOW, prediction, is_fixed)


def _answer(lesson: Lesson, ask: Ask, label: str, choice: str, prediction: str | None, is_fixed: bool) -> None:
    st.button(
        label,
        key=f"predict-{choice}",
        type="primary" if choice == prediction else "secondary",
        disabled=is_fixed,
        on_click=_predict,
        args=(lesson.id, ask.step, choice),
    )


def _place(lesson: Lesson, ask: Ask, play: Play, prediction: str | None, is_fixed: bool) -> None:
    """A line that is moved on the chart."""
    from rnnlab.plots.lessons import place_figure

    places = st.session_state["lesson_places"]
    name = f"{SLIDER}-{lesson.id}-{ask.step}"
    at = places.get(name)
    if at is None:
        at = ask.drawn(prediction) if prediction is not None else None
    value = at if isinstance(at, int | float) else None
    draw(place_figure(ask.picture, value), f"ask-{lesson.id}-{ask.step}")
    start = play.nearest(play.low if value is None else value)  # The middle could be the answer.
    st.slider(
        ask.picture.y_title,
        play.low,
        play.high,
        start,
        step=play.step,
        format="%g",
        key=session.key_of(name, lambda now: play.nearest(now) == start),
        disabled=is_fixed,
        on_change=_move,
        args=(name,),
    )
    with st.container(horizontal=True, gap="small", key="choices"):
        st.button(
            "This is my prediction",
            key="predict-place",
            type="secondary" if value is None else "primary",
            disabled=is_fixed,
            on_click=_take,
            args=(lesson.id, ask.step, name),
        )
        _answer(lesson, ask, "I don't know", DONT_KNOW, prediction, is_fixed)


@callback
def _move(name: str) -> None:
    if session.is_drawn(name):
        st.session_state["lesson_places"][name] = session.value_in(name)


@callback
def _take(lesson_id: str, step: str, name: str) -> None:
    if session.is_drawn(name):
        _keep(lesson_id, step, f"{session.value_in(name):.6g}")


@callback
def _predict(lesson_id: str, step: str, choice: str) -> None:
    _keep(lesson_id, step, choice)


def _keep(lesson_id: str, step: str, choice: str) -> None:
    """Keep a prediction and go on to the next step."""
    lesson = LESSONS[lesson_id]
    my_lab().predict(lesson.id, step, lesson.ask(step).checked(choice))
    place.keep("step", after(lesson, Step(PREDICT, step)).key)
