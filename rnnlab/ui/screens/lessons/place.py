"""Where a visitor is in the lessons: the lesson, the step, and the runs of its experiments."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab import config
from rnnlab.form import Form, read
from rnnlab.lessons import trainings
from rnnlab.lessons.controls import changed_settings, named
from rnnlab.lessons.lesson import Lesson
from rnnlab.lessons.steps import CHANGE
from rnnlab.lessons.table import LESSONS
from rnnlab.store.run import Run
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import session

TRAINED, CHANGED = "trained", "changed"
"""The two experiments of a lesson, by their parameters of the link."""


@dataclass(frozen=True)
class Shown:
    """The places of a step on the screen, and what there is to show.

    Attributes:
        words, picture: where its words and its picture go.
        ways: where its main button goes, between Back and Next.
        predicted: what the visitor has predicted, by the lesson's questions.
        trained: the runs of the experiment; [] before it was run.
    """

    words: DeltaGenerator
    picture: DeltaGenerator
    ways: DeltaGenerator
    predicted: dict[str, str]
    trained: list[Run]


def kept(name: str) -> str:
    """What a parameter of the link says now, by its name in `rnnlab.ui.table.LESSON`; "" for nothing."""
    return st.session_state["lesson"].get(name, "")


def keep(name: str, value: str) -> None:
    """Let the link say this from now on."""
    st.session_state["lesson"][name] = value


def begin(lesson_id: str) -> None:
    """Open a lesson at its start; "" opens the list."""
    st.session_state["lesson"] = {"lesson": lesson_id} if lesson_id else {}
    st.session_state["lesson_seen"], st.session_state["lesson_form"] = {}, ""


def open_lesson() -> Lesson | None:
    """The lesson that is open; None shows the list."""
    wanted = kept("lesson")
    if wanted and wanted not in LESSONS:
        told = f"There is no lesson {config.shown(wanted)}; these are all."
        st.session_state["notes"].append(told)
        begin("")
    return LESSONS.get(wanted)


def link() -> dict[str, str]:
    """What the address says of this screen."""
    said = {name: value for name, value in st.session_state["lesson"].items() if value}
    is_changing = kept("lesson") in LESSONS and kept("step") == CHANGE
    return said | session.form().link() if is_changing else said


def runs_of(lesson: Lesson, experiment: str) -> list[Run]:
    """The runs of one of the two experiments; [] if it was not run, or is gone."""
    names = allowed(lesson) if experiment == CHANGED else []
    runs = trainings.runs_of(my_lab(), lesson, kept(experiment), names)
    if not runs:
        keep(experiment, "")
    return runs


def start(lesson: Lesson, experiment: str) -> None:
    """Run one of the two experiments."""
    values = session.form().values if experiment == CHANGED else {}
    keep(experiment, trainings.start(my_lab(), lesson, changed_settings(lesson, allowed(lesson), values)))


def go(step: str) -> None:
    """Open a step of the lesson."""
    lesson = LESSONS[kept("lesson")]
    if step == CHANGE and kept("step") != CHANGE and st.session_state["lesson_form"] != lesson.id:
        # What the form says now is about something else, such as what Train would train.
        _use_form(lesson, Form(lesson.played.preset, config.to_flat(lesson.base)))
    keep("step", step)
    st.session_state["whole_page"] = True


def allowed(lesson: Lesson) -> list[str]:
    """The settings that may be changed here. What the link names and cannot be changed gets a sentence once."""
    link = st.session_state["lesson"].get("controls", "")
    names, notes = named(lesson, link)
    st.session_state["notes"] += notes
    if link:
        st.session_state["lesson"]["controls"] = ",".join(names)
    return names


def show_settings(lesson: Lesson, names: list[str]) -> Form:
    """The lesson's settings as the form that is edited, with what the visitor has changed of the allowed ones."""
    form, base, preset = session.form(), config.to_flat(lesson.base), lesson.played.preset
    # Where no lesson has a form yet, it came with the link.
    is_of_lesson = form.preset == preset and st.session_state["lesson_form"] in ("", lesson.id)
    mine = {name: read(name, form.values[name]) for name in names if is_of_lesson and name in form.values}
    _use_form(lesson, Form(preset, base | mine))
    return session.form()


def _use_form(lesson: Lesson, wanted: Form) -> None:
    st.session_state["lesson_form"] = lesson.id
    if session.form() != wanted:
        session.use_form(wanted)
