"""The list of all lessons; and the one that is open, one step at a time, its words beside its picture."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rnnlab.lessons.lesson import Lesson
from rnnlab.lessons.steps import CHANGE, PREDICT, RUN, SEE, TAKE_AWAY, TITLES, Step, after, opened, steps_of
from rnnlab.lessons.table import LESSONS
from rnnlab.lessons.trainings import is_over
from rnnlab.ui.screens.lessons import place
from rnnlab.ui.screens.lessons.place import Shown
from rnnlab.ui.screens.lessons.predict import predict_step
from rnnlab.ui.screens.lessons.run import change_step, run_step
from rnnlab.ui.screens.lessons.see import see_step
from rnnlab.ui.screens.lessons.take_away import take_away_step
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state.callbacks import callback

CARDS_IN_A_ROW = 3

PARTS = {
    PREDICT: predict_step,
    RUN: run_step,
    SEE: see_step,
    CHANGE: change_step,
    TAKE_AWAY: take_away_step,
}
"""What draws each kind of step."""

STYLE = f"<style>{Path(__file__).with_suffix('.css').read_text('utf-8')}</style>"
TO_THE_TOP = Path(__file__).with_name("to_the_top.html").read_text("utf-8")
"""Each step begins at its top, wherever the button of the one before was. It runs again when STEP is another."""


def lesson_screen(lesson: Lesson) -> None:
    """The open step, with the ways to the one before and the one after."""
    st.html(STYLE)
    predicted = lesson.known(my_lab().predicted(lesson.id))
    trained = place.runs_of(lesson, place.TRAINED)
    step = opened(lesson, place.kept("step"), predicted, is_over(trained))
    place.keep("step", step.key)
    _line(lesson, step)
    with st.container(horizontal=True, gap="medium", key="lesson-screen"):
        words, picture = st.container(gap="small", key="lesson-words"), st.container(gap="small", key="lesson-picture")
    with words:
        text, ways = st.container(gap="small"), st.container(horizontal=True, gap="small", key="lesson-ways")
    with ways:
        _back(lesson, step)
    if PARTS[step.kind](lesson, step, Shown(text, picture, ways, predicted, trained)):
        with ways:
            _next(lesson, step)


def _line(lesson: Lesson, step: Step) -> None:
    """Which lesson it is, and how far."""
    steps, number = steps_of(lesson), list(LESSONS).index(lesson.id) + 1
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-line"):
        st.markdown(f"**{number}. {lesson.title}**", width="content")
        st.caption(f"{TITLES[step.kind]} · step {steps.index(step) + 1} of {len(steps)}", width="content")
        st.button("All lessons", type="tertiary", icon=":material/list:", on_click=_leave)
        st.html(TO_THE_TOP.replace("STEP", step.key), unsafe_allow_javascript=True)


def _back(lesson: Lesson, step: Step) -> None:
    """To the step before."""
    steps = steps_of(lesson)
    if step != steps[0]:
        before = steps[steps.index(step) - 1]
        st.button("Back", icon=":material/arrow_back:", on_click=_go, args=(before.key,))


def _next(lesson: Lesson, step: Step) -> None:
    """To the next step."""
    following = after(lesson, step)
    if following != step:
        label = "See what happened" if (step.kind, following.kind) == (RUN, SEE) else "Next"
        st.button(label, type="primary", icon=":material/arrow_forward:", on_click=_go, args=(following.key,))


@callback
def _go(step: str) -> None:
    place.go(step)


@callback
def _leave() -> None:
    place.begin("")


def list_of_lessons() -> None:
    """A card for each lesson."""
    numbered = list(enumerate(LESSONS.values(), start=1))
    for first in range(0, len(numbered), CARDS_IN_A_ROW):
        columns = st.columns(CARDS_IN_A_ROW, gap="medium")
        for column, (number, lesson) in zip(columns, numbered[first : first + CARDS_IN_A_ROW], strict=False):
            with column.container(border=True, height="stretch", key=f"card-{lesson.id}"):
                _card(number, lesson)


def _card(number: int, lesson: Lesson) -> None:
    st.markdown(f"**{number}. {lesson.title}**")
    st.markdown(lesson.question)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = f"Begin lesson {number}"
        icon = ":material/play_arrow:"
        st.button("Begin", key=f"begin-{lesson.id}", icon=icon, help=words, on_click=_begin, args=(lesson.id,))
        st.caption(f"{lesson.minutes} minutes", width="content")


@callback
def _begin(lesson_id: str) -> None:
    place.begin(lesson_id)
