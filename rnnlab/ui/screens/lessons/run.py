"""Run the experiment, and watch it live; and once more with one thing changed."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from rnnlab.formulas import perplexities
from rnnlab.lessons.controls import changed_settings, complaints
from rnnlab.lessons.lesson import DONT_KNOW, Ask, Lesson
from rnnlab.lessons.recorded import recorded_result
from rnnlab.lessons.steps import Step
from rnnlab.lessons.trainings import is_over, lines_of
from rnnlab.measures import LOSS_UNIT, Measure
from rnnlab.plots import palette
from rnnlab.plots.groups import group_spec, group_table
from rnnlab.sentences.groups import progress_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.screens.lessons import place
from rnnlab.ui.screens.lessons.place import Shown, allowed, show_settings
from rnnlab.ui.screens.lessons.see import draw, draw_result, seen_of, show_result
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets.fields import complain, fields
from rnnlab.ui.widgets.fragments import drawn_alone
from rnnlab.ui.widgets.live_run import TICK_SECONDS
from rnnlab.watching.groups import WatchedGroup, done_share
from rnnlab.watching.waiting import queue_words

TEXTS = texts_beside(__file__)


def run_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """What is trained, the button, and the curves. Returns whether the experiment is over."""
    with shown.words:
        st.markdown(lesson.texts["run"])
        run_button(lesson, place.TRAINED, shown.trained)
        recorded = None if is_over(shown.trained) else recorded_result(lesson.id)
        wants_recorded = recorded is not None and st.toggle(TEXTS["meanwhile"], key=f"meanwhile-{lesson.id}")
    with shown.picture:
        ask = lesson.asks[-1]
        if shown.trained:
            # Beside a recorded result too: it is over at some time.
            watch(lesson, shown.trained, draws_curves=not wants_recorded)
        if recorded is not None and wants_recorded:
            draw_result(ask, recorded.seen, shown.predicted[ask.step], f"recorded-{lesson.id}")
            st.caption(TEXTS["recorded"].format(date=recorded.date))
        elif not shown.trained or lesson.watched is None:
            _waiting(ask, shown)
    return is_over(shown.trained)


def _waiting(ask: Ask, shown: Shown) -> None:
    """The prediction, or for one who does not know the answers, while nothing is there to compare with."""
    from rnnlab.plots.lessons import choices_figure, result_figure

    drawn = ask.drawn(shown.predicted[ask.step])
    if drawn is None and ask.choices:
        figure = choices_figure(ask.picture, ask.panels)
    else:
        figure = result_figure(ask.picture, drawn)
    draw(figure, f"before-{ask.step}")


def run_button(lesson: Lesson, experiment: str, runs: Sequence[Run], is_disabled: bool = False) -> None:
    """The button that starts one of the lesson's experiments; before, and after one that did not end well."""
    is_busy = any(run.is_waiting_or_live for run in runs)
    is_first = experiment == place.TRAINED
    if is_first and (is_busy or is_over(runs)):
        return
    label = "Run the experiment" if is_first else "Run it again"
    st.button(
        label,
        key=f"run-{experiment}",
        type="primary",
        icon=":material/play_arrow:",
        disabled=is_busy or is_disabled,
        on_click=_start,
        args=(lesson.id, experiment),
    )


@callback
def _start(lesson_id: str, experiment: str) -> None:
    from rnnlab.lessons.table import LESSONS

    place.start(LESSONS[lesson_id], experiment)


def watch(lesson: Lesson, runs: Sequence[Run], draws_curves: bool = True) -> None:
    """How far an experiment is, looked at again and again until it is over, and then the whole page once.

    Args:
        draws_curves: whether the curves of its measure are drawn, if there is one.
    """
    ids = [run.id for run in runs]
    is_changing = any(run.is_waiting_or_live for run in runs)

    def look() -> None:
        now = [lab().run(one) for one in ids]
        if is_changing != any(run.is_waiting_or_live for run in now) or st.session_state["whole_page"]:
            st.session_state["whole_page"] = False
            st.rerun()
        _state(now)
        if draws_curves and lesson.watched is not None:
            _curves(lesson, lesson.watched, now)

    drawn_alone(look, TICK_SECONDS if is_changing else None)


def _curves(lesson: Lesson, measure: Measure, runs: Sequence[Run]) -> None:
    key = ",".join(run.id for run in runs)
    watched = st.session_state["group_curves"].get(key) or WatchedGroup()
    st.session_state["group_curves"] = {key: watched}
    watched.look(lab(), runs)
    as_perplexity = lesson.base.task.is_perplexity and measure.unit == LOSS_UNIT
    points = [watched.points(run.id, measure.name) for run in runs]
    if as_perplexity:
        points = [(steps, perplexities(losses)) for steps, losses in points]
    variants, seeds, lines = lines_of(lesson, runs, points)
    table = group_table(lines, variants, seeds)
    st.vega_lite_chart(
        pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()}),
        group_spec(
            variants,
            seeds,
            measure.titled(as_perplexity),
            # A colour stands for a network, as in the result.
            palette.VARIANTS[0],
            # A perplexity is shown as the result shows it, with its floor.
            measure.lowest_is_best and not as_perplexity,
            height=None,
            x_title="Update",
        ),
        key=f"lesson-chart-{runs[0].id}",
        on_select="rerun",
        selection_mode=["zoom"],
        height="stretch",
    )


def _state(runs: Sequence[Run]) -> None:
    """How far the experiment is, or why it does not go on."""
    for error in dict.fromkeys(run.error for run in runs if run.error):
        st.error(escaped(error), icon=":material/error:")
    if all(run.state == "queued" for run in runs):
        if my_lab().trouble:
            st.warning(escaped(my_lab().trouble), icon=":material/warning:")
        st.caption(queue_words(lab(), runs[0]).capitalize() + ".")
    elif any(run.is_waiting_or_live for run in runs):
        st.progress(done_share(runs), f"{progress_sentence([run.state for run in runs])}.")
    else:
        st.caption(TEXTS["over"] if is_over(runs) else TEXTS["broken"])


def change_step(lesson: Lesson, step: Step, shown: Shown) -> bool:
    """The question, the allowed settings, and what they lead to. Returns True: nobody has to change anything."""
    names = allowed(lesson)
    form = show_settings(lesson, names)
    wrong = complaints(lesson, names, form.values)
    changed = place.runs_of(lesson, place.CHANGED)
    with shown.words:
        st.markdown(lesson.texts["change"])
        told = st.container()  # Above the fields: below them, a projector would not show it.
        drawn = fields(form, names, wrong)
        for name in wrong.keys() - drawn:
            complain(wrong[name])
    with shown.ways:
        is_same = not changed_settings(lesson, names, form.values)
        run_button(lesson, place.CHANGED, changed, is_disabled=bool(wrong) or is_same)
    before = seen_of(lesson, shown.trained)
    with shown.picture:
        if changed and not is_over(changed):
            watch(lesson, changed)
            return True
        now = seen_of(lesson, changed) if changed else before
    if now is not None and before is not None:
        show_result(lesson.asks[-1], now, DONT_KNOW, shown, f"change-{lesson.id}", label="visible")
        if now is not before:
            lines = lesson.changes(before.numbers, now.numbers)
            told.markdown("\n".join(f"- {line}" for line in lines))
    return True
