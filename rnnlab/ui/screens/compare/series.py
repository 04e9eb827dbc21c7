"""A wave: target, teacher-forced and free-running on the same axes, and the ways to feed the output back."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.series import CompareSeries, SeriesAnswer
from rnnlab.config import Play
from rnnlab.config.feeding import CARRIED, EVERY_WAY, MISTAKES, WAYS, ZEROS, Mistake, WayOfFeeding
from rnnlab.form import Form
from rnnlab.sentences.cost import cost_sentence
from rnnlab.sentences.series import (
    by_heart_sentence,
    naive_sentence,
    parting_sentence,
    series_verdict,
    short_sentence,
    way_verdict,
)
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.screens.inside.nudge import small_nudge
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import TRAIN
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import choice, dial
from rnnlab.ui.widgets.figure import CHART, STATIC
from rnnlab.ui.widgets.figure import figure as figure_to_take

TEXTS = texts_beside(__file__)

PRIME, HORIZON = Play(1, 300, 1), Play(50, 1500, 50)

STYLE = """
<style>
.st-key-comparison > .stElementContainer {height: clamp(230px, 54vh, 620px) !important; flex: none !important;}
</style>
"""
"""As high as the screen allows, and most of it in view on a projector of 480 pixels."""


def series_study(run: Run, line: DeltaGenerator) -> None:
    """The comparison first, then how far it goes, then why it looks like this."""
    with line:
        ways = WAYS | ({ZEROS.key: ZEROS} if ZEROS in mistakes_of(run) else {})
        way = choice("way", "How is the output fed back?", list(ways), CARRIED.key, lambda key: ways[key].label)
    result = st.container()
    prime, horizon = prime_and_horizon()
    with result:
        answer = _comparison(run, prime, horizon, way)
    _explain(run, way, answer)
    if answer is not None:
        _errors(run, answer)
    small_nudge(run, prime, horizon)
    _cost(run)


def prime_and_horizon() -> tuple[int, int]:
    """How many true values are read, and for how many steps a network then runs alone."""
    left, right = st.columns(2, gap="large")
    with left:
        prime = dial("prime", "Prime: true values read before it runs alone", PRIME, 50)
    with right:
        horizon = dial("horizon", "Horizon: steps that it runs alone", HORIZON, 500)
    return prime, horizon


def series_comparison(run: Run, prime: int, horizon: int, with_error: bool = True, way: str = CARRIED.key) -> None:
    """The comparison of a series run as a chart, with the verdict in words.

    Args:
        with_error: whether the error of each step can be opened below it.
    """
    answer = _comparison(run, prime, horizon, way)
    if answer is not None and with_error:
        _errors(run, answer)


def mistakes_of(run: Run) -> list[WayOfFeeding]:
    """The wrong ways of feeding that the run was trained in."""
    return [mistake.way for mistake in run.experiment.data.mistakes]


def _comparison(run: Run, prime: int, horizon: int, way: str) -> SeriesAnswer | None:
    answer = asked(run, CompareSeries(prime, horizon, way))
    if answer is None:
        return None
    # Plotly takes its time to load, and only a visitor who sees a comparison needs it.
    from rnnlab.plots.comparison import FIRST_STEPS, series_figure

    st.markdown(_verdict(run, answer, way))
    st.html(STYLE)
    figure = series_figure(answer.target, answer.teacher_forced, answer.free_running, answer.prime)
    with st.container(key="comparison"):
        figure_to_take(figure, CHART, f"comparison-{run.id}", f"{run.name} comparison", "stretch")
    if run.experiment.data.needs_own_text:
        short = short_sentence(answer.prime, len(answer.free_running), prime, horizon)
        st.caption(f"{TEXTS['own series']} {short}")
    if len(answer.target) > FIRST_STEPS:
        st.caption(TEXTS["first steps"].format(first=FIRST_STEPS, all=len(answer.target)))
    return answer


def _verdict(run: Run, answer: SeriesAnswer, way: str) -> str:
    forced, alone, horizon = answer.teacher_forced_rmse, answer.free_running_rmse, len(answer.free_running)
    mine = mistakes_of(run)
    if way == CARRIED.key and not mine:
        noun = "series" if run.experiment.data.needs_own_text else "wave"
        return series_verdict(forced, alone, horizon, answer.amplitude, noun)
    return way_verdict(forced, alone, answer.carried_rmse, horizon, "zeros" if ZEROS in mine else "the true value")


def _explain(run: Run, way: str, answer: SeriesAnswer | None) -> None:
    """What happens in the chosen way, and in the training of this run; then how to see the mistakes that are left."""
    mine = mistakes_of(run)
    with st.container(key="way-sentence"):
        for one in [EVERY_WAY[way], *(one for one in mine if one.key != way)]:
            icon = ":green[:material/check_circle:]" if one.is_right else ":red[:material/cancel:]"
            st.markdown(f"{icon} **{one.label}.** {escaped(one.sentence)}")
        if answer is not None and answer.later_steps is not None and answer.later_rmse is not None:
            st.markdown(by_heart_sentence(answer.later_steps, answer.later_rmse))
    others = [mistake for mistake in MISTAKES if mistake.way not in mine and not run.experiment.data.needs_own_text]
    if not others:
        return
    st.caption("Two other mistakes are made before training. To see one, train this network again with it:")
    with st.container(horizontal=True):
        for mistake in others:
            about, key = mistake.way.sentence, f"train-{mistake.way.key}"
            icon = ":material/model_training:"
            st.button(mistake.label, key=key, help=about, icon=icon, on_click=_try_mistake, args=(run, mistake))


@callback
def _try_mistake(run: Run, mistake: Mistake) -> None:
    form = Form.of_experiment(run.experiment, run.preset)
    form.set(mistake.setting, mistake.wrong)
    session.use_form(form)
    session.show_run(None)
    session.go_to(TRAIN.page)


def _errors(run: Run, answer: SeriesAnswer) -> None:
    """The distance of both curves from the target, step by step."""
    from rnnlab.plots.comparison import errors_figure

    known = answer.prime
    forced, target = answer.teacher_forced[known:], answer.target[known:]
    with st.expander("Error at each step"):
        st.markdown(parting_sentence(forced, answer.free_running, target, answer.amplitude))
        naive = {one.label: one.alone for one in answer.naive}
        figure = errors_figure(target, forced, answer.free_running, known, naive)
        figure_to_take(figure, CHART, f"errors-{run.id}", f"{run.name} errors")
        if answer.naive:
            errors = [(one.label, one.one_step_rmse, one.alone_rmse) for one in answer.naive]
            st.markdown(naive_sentence(answer.teacher_forced_rmse, answer.free_running_rmse, errors))


def _cost(run: Run) -> None:
    """What re-reading costs beside carrying, measured with this network when somebody asks.

    It is no fragment: Streamlit would then let the measurement end before it looked at a click on Cancel.
    """
    with st.expander("Why not re-read everything?"):
        st.markdown(TEXTS["re-reading"])
        measured_run, cost = st.session_state["measured-cost"]
        is_measured = measured_run == run.id and cost is not None
        words = "Measure again" if is_measured else "Measure it with this network"
        st.button(words, icon=":material/timer:", key="measure-cost", on_click=_measure_cost, args=(run.id,))
        asked_run, anew = st.session_state["measuring"] or ("", False)
        if asked_run == run.id:
            cost = asked(run, GenerationCost(), anew=anew)
            st.session_state["measured-cost"], st.session_state["measuring"] = (run.id, cost), None
            is_measured = cost is not None
        if is_measured:
            from rnnlab.plots.generation_cost import generation_cost_figure

            lengths, carried, reread = cost.lengths, cost.carried, cost.reread
            st.markdown(cost_sentence(lengths[-1], carried[-1], reread[-1], cost.ratios[-1]))
            figure = generation_cost_figure(lengths, carried, reread)
            figure_to_take(figure, STATIC, "generation-cost", "generation cost")
            st.caption(f"Measured on {cost.measured}. On the left, the fixed cost of a call hides the slopes.")


@callback
def _measure_cost(run_id: str) -> None:
    # Not here: what asks must be drawn, so that it can be cancelled.
    measured_run, cost = st.session_state["measured-cost"]
    st.session_state["measuring"] = (run_id, measured_run == run_id and cost is not None)
    st.session_state["cancelled"] = ""
