"""Take away: the link, a sheet to print, the predictions, and what to go on with."""

from __future__ import annotations

import streamlit as st

from rnnlab.config import all_settings
from rnnlab.lessons.controls import possible
from rnnlab.lessons.lesson import Lesson
from rnnlab.lessons.sheet import sheet
from rnnlab.lessons.steps import Step
from rnnlab.lessons.table import LESSONS
from rnnlab.store.predictions import as_csv
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.lessons import place
from rnnlab.ui.screens.lessons.place import Shown, allowed
from rnnlab.ui.screens.lessons.see import draw_result, seen_of
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import TRAIN
from rnnlab.ui.widgets.take_away import take_away

TEXTS = texts_beside(__file__)
DOWNLOAD = ":material/download:"


def take_away_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """What can be taken along. Returns True: nothing is asked here."""
    ask = lesson.asks[-1]
    with shown.picture:
        seen = seen_of(lesson, shown.trained)
        if seen is not None:
            draw_result(ask, seen, shown.predicted[ask.step], f"end-{lesson.id}")
    with shown.words:
        if seen is not None:
            st.markdown("\n\n".join(lesson.conclusions(seen.numbers)))
        st.markdown(TEXTS["take away"])
        with st.container(horizontal=True, gap="small", key="take-away"):
            if seen is not None:
                page = sheet(lesson, shown.predicted, seen)
                st.download_button("Sheet to print", page, f"{lesson.id}.html", "text/html", icon=":material/print:")
            mine = as_csv(my_lab().my_predictions())
            st.download_button("My predictions", mine, "my-predictions.csv", "text/csv", icon=DOWNLOAD)
            run = shown.trained[0]
            link = {"run": run.id}
            st.page_link(TRAIN.page, label="All settings", icon=":material/model_training:", query_params=link)
            take_away(run)
        with st.expander("For the teacher", key="teacher", on_change="rerun") as opened:
            if opened.open:
                _for_the_teacher(lesson)
    with shown.ways:
        _next_lesson(lesson)
    return True


def _next_lesson(lesson: Lesson) -> None:
    ids = list(LESSONS)
    at = ids.index(lesson.id) + 1
    if at < len(ids):
        words, icon = LESSONS[ids[at]].title, ":material/arrow_forward:"
        st.button("Next lesson", help=words, icon=icon, type="primary", on_click=_begin, args=(ids[at],))


@callback
def _begin(lesson_id: str) -> None:
    place.begin(lesson_id)


def _for_the_teacher(lesson: Lesson) -> None:
    st.markdown(lesson.texts["teacher"])
    st.markdown(f"**Asserted.** {lesson.texts['claim']}")
    st.caption(TEXTS["controls"])
    rows = all_settings()
    names = possible(lesson)
    mine = allowed(lesson)
    chosen = st.multiselect("Settings that a student may change", names, mine, lambda name: rows[name][0].label)
    st.code(f"/lessons?lesson={lesson.id}&controls={','.join(chosen)}", language=None)
    if my_lab().is_host:
        everybody = as_csv(my_lab().everybodys_predictions())
        st.download_button("Everybody's predictions", everybody, "predictions.csv", "text/csv", icon=DOWNLOAD)
